import { registry } from "@web/core/registry";

import { answered, disconnect, press, reload, scan, tap, told } from "./station_steps";

const GS = "\x1d";
const VITAMIN = "09520123456788";
const MAGNESIUM = "09520123456795";
const CREAM = "09520123456801";
const PALLET = "106141412345678908";
const OTHER_PALLET = "106141412345678915";

/** YYMMDD of the day that is so many days away. */
function day(days) {
    const moment = new Date(Date.now() + days * 24 * 3600 * 1000);
    return moment.toISOString().slice(2, 10).replaceAll("-", "");
}

/** Scan a label whose dates are counted from today. */
function label(content, read, trigger) {
    return { content, trigger: trigger || ".o_lot_station", run: () => press(read()) };
}

function type(text) {
    return {
        content: `Type ${text}`,
        trigger: ".o_lot_station_sheet input[type=text]",
        run: `edit ${text}`,
    };
}

function choose(text) {
    return {
        content: `Choose ${text}`,
        trigger: `.o_lot_station_option:contains("${text}")`,
        run: "click",
    };
}

function keys(digits) {
    return [...digits].map((digit) => ({
        content: `Press ${digit}`,
        trigger: `.o_lot_station_keypad button[aria-label="${digit}"]`,
        run: "click",
    }));
}

const shown = (selector, text) => ({
    content: `Shown: ${text}`,
    trigger: `${selector}:contains("${text}")`,
});

// The shipment ASN-7: two pallets of Vitamin C, loose Vitamin C and Magnesium.
registry.category("web_tour.tours").add("lot_fefo_3pl_station_receive", {
    steps: () => [
        {
            content: "Receive",
            trigger: ".o_lot_station_tile[data-flow=receive]",
            run: "click",
        },
        shown(".o_lot_station_card", "ASN-7"),
        told("Scan a pallet"),

        // An announced pallet: its number, yes, the bin.
        scan(`]C100${PALLET}`),
        answered("ask", "Announced pallet"),
        shown(".o_lot_station_sheet", "A-1"),
        tap("confirm"),
        answered("ok", "Read"),
        told("Scan bin A-01"),
        shown(".o_lot_station_to", "A-01"),
        scan("TPL-A-01"),
        answered("done", "Received"),

        // A pallet of one lot: the label, the bin.
        label(
            "The pallet's own label",
            () => `]C100${OTHER_PALLET}02${VITAMIN}17${day(330)}3724${GS}10A-2`
        ),
        shown(".o_lot_station_facts", "A-2"),
        told("Scan bin A-02"),

        // The bin of another lot.
        scan("TPL-A-01"),
        answered("refused", "Not this bin"),
        shown(".o_lot_station_answer", "lot A-1"),
        shown(".o_lot_station_answer", "A-02"),
        told("Scan bin A-02"),
        scan("TPL-A-02"),
        answered("done", "Received"),

        // Only the product on the label: lot, date and quantity are asked for.
        scan("9520123456788"),
        answered("ask", "Which lot?"),
        shown(".o_lot_station_sheet", "Lot number"),
        type("A-3"),
        tap("confirm"),
        shown(".o_lot_station_sheet", "expires"),
        type("05/01/2029"),
        tap("confirm"),
        shown(".o_lot_station_sheet", "several ways"),
        choose("05 JAN 2029"),
        shown(".o_lot_station_number", "Units"),
        ...keys("6"),
        tap("confirm"),
        shown("[data-key=day]", "05 JAN 2029"),
        told("Scan bin A-03"),
        scan("TPL-A-03"),
        answered("done", "Received"),

        // A known lot with another date.
        label("A-3 with another date", () => `]C101${VITAMIN}17${day(200)}305${GS}10A-3`),
        answered("refused", "Other expiry date"),
        shown(".o_lot_station_answer", "05 JAN 2029"),

        // The other reds: each can be gone on from at once.
        scan("]C101095201234568181729063010X-1"),
        answered("refused", "Unknown"),
        label("Too short-dated", () => `]C101${MAGNESIUM}17${day(20)}305${GS}10M-0`),
        answered("refused", "Too short-dated"),
        label("Too many", () => `]C101${MAGNESIUM}17${day(200)}3020${GS}10M-1`),
        answered("refused", "Too many"),
        shown(".o_lot_station_answer", "12 are expected"),
        tap("answer"),
        ...keys("10"),
        tap("confirm"),
        told("Scan bin A-04"),
        scan("TPL-A-04"),
        answered("done", "Received"),

        // What came beside what was announced.
        tap("finish"),
        told("Is this what came?"),
        shown(".o_lot_station_card[data-kinds=short]", "Magnesium"),
        shown(".o_lot_station_card:not([data-kinds=short])", "as announced"),
        tap("validate"),
        choose("The rest comes later"),
        answered("done", "Receipt validated"),
        shown(".o_lot_station_card", "ASN-7"),
    ],
});

// Goods of Brand B that nobody announced, some of them damaged; the connection is lost meanwhile.
const cream = () => label("Face cream", () => `]C101${CREAM}17${day(300)}305${GS}10C-1`);
registry.category("web_tour.tours").add("lot_fefo_3pl_station_receive_new", {
    steps: () => [
        {
            content: "Receive",
            trigger: ".o_lot_station_tile[data-flow=receive]",
            run: "click",
        },
        tap("new"),
        choose("Brand B"),
        type("SHIP-1"),
        tap("confirm"),
        told("Scan the next pallet"),
        cream(),
        told("Scan bin A-01"),
        tap("damaged"),
        choose("Carton wet"),
        shown(".o_lot_station_goods", "Damaged"),
        scan("TPL-A-01"),
        answered("refused", "Not this bin"),
        told("Scan bin Overflow"),
        scan("Overflow"),
        answered("done", "Received"),
        shown(".o_lot_station_card[data-lot=C-1]", "On hold"),

        // By mistake: it is taken back.
        tap("undo"),
        shown(".o_lot_station_sheet", "C-1"),
        tap("confirm"),
        answered("info", "Taken back"),
        shown(".o_lot_station_empty", "Scan the first pallet"),

        // The bin is scanned without a connection, and counts once when it is back.
        cream(),
        told("Scan bin A-0"),
        disconnect(),
        scan("TPL-A-02"),
        answered("info", "Kept, not confirmed yet"),
        scan("TPL-A-02"),
        answered("ask", "Wait for the connection"),
        reload(),
        shown(".o_lot_station_card[data-lot=C-1]", "A-02"),
        tap("finish"),
        shown(".o_lot_station_card", "not announced"),
        tap("validate"),
        answered("done", "Receipt validated"),
    ],
});

// Vitamin C of lot A-1 waits in the input zone; A-01 holds another lot.
registry.category("web_tour.tours").add("lot_fefo_3pl_station_putaway", {
    steps: () => [
        scan("PUT-AWAY-1", ".o_lot_station_tile[data-flow=putaway]"),
        shown(".o_lot_station_card", "A-1"),
        scan("NOTHING"),
        answered("refused", "Does not wait here"),
        scan(`]C101${VITAMIN}10A-1`),
        told("Scan bin A-02"),
        scan("TPL-A-01"),
        answered("refused", "Not this bin"),
        shown(".o_lot_station_answer", "A-02"),
        tap("part"),
        ...keys("4"),
        tap("confirm"),
        shown(".o_lot_station_goods .o_lot_station_qty", "4"),
        scan("TPL-A-02"),
        answered("done", "Put away"),
        scan("A-1"),
        scan("TPL-A-03", ".o_lot_station_goods"),
        answered("done", "posted"),
        shown(".o_lot_station_empty", "Nothing waits"),
    ],
});
