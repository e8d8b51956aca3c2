import { registry } from "@web/core/registry";

import { inspect } from "./station_accessibility";
import { answered, disconnect, headed, reload, scan, tap, told } from "./station_steps";

const GS = "\x1d";

// A delivery of 4 vitamins, one scan for the line, and 2 magnesium, every unit scanned.
registry.category("web_tour.tours").add("lot_fefo_3pl_station_pick", {
    steps: () => [
        told("What do you want to do?"),
        inspect("the home screen"),
        scan("NO-SUCH-TRANSFER"),
        answered("ask", "Choose a task first"),
        { content: "Pick", trigger: ".o_lot_station_tile[data-flow=pick]", run: "click" },
        told("Choose a transfer"),
        scan("NO-SUCH-TRANSFER"),
        answered("refused", "No such transfer"),
        inspect("the list, with a red answer"),
        scan("STATION-1"),
        told("Go to bin A-01"),

        scan("TPL-A-02"),
        answered("refused", "Wrong bin"),
        scan("VC-1"),
        answered("ask", "Bin first"),
        inspect("a walk, with an amber answer"),
        scan("TPL-A-01"),
        answered("ok", "Right bin"),
        told("Take 4 Units of lot VC-1"),
        scan("VC-OLD"),
        answered("refused", "Expired"),
        scan("VC-HELD"),
        answered("refused", "On hold"),
        scan("VC-SHORT"),
        answered("refused", "Too short-dated"),
        scan("]C1010952012345680110FC-1"),
        answered("refused", "Wrong product"),
        scan("]C1010952012345678810VC-9"),
        answered("refused", "Unknown lot"),
        scan("NOTHING-KNOWN"),
        answered("refused", "Unknown barcode"),
        scan("VC-2"),
        answered("refused", "Wrong lot"),
        scan(`]C1010952012345678810VC-1${GS}240SPRING`),
        answered("ok", "1/2"),

        told("Go to bin A-03"),
        reload(),
        told("Go to bin A-03"),
        disconnect(),
        scan("TPL-A-03"),
        answered("info", "Kept: Bin A-03"),
        scan("MG-1"),
        answered("info", "Kept: MG-1"),
        headed("2 not yet confirmed"),
        inspect("a walk without a connection"),
        scan("VC-2"),
        answered("ask", "Cannot be checked"),
        headed("3 not yet confirmed"),
        reload(),
        {
            content: "What was refused late stops the work",
            trigger: ".o_lot_station_late:contains(VC-2)",
        },
        inspect("a late refusal"),
        tap("acknowledge"),
        headed("Online"),
        told("Scan each of 1 Units, lot MG-1"),
        scan("]C10119520123456792" + "10MG-1"),
        answered("refused", "Too many"),
        scan("MG-1"),
        answered("done", "all picked"),
        scan("MG-1"),
        answered("refused", "Already picked"),
        tap("validate"),
        answered("done", "2 of 2 lines verified"),
        inspect("the end"),
        told("Done"),
        tap("next"),
        told("Choose a transfer"),
        tap("back"),
        told("What do you want to do?"),
    ],
});

// A delivery of 4 vitamins and 2 magnesium where nothing goes as planned.
registry.category("web_tour.tours").add("lot_fefo_3pl_station_pick_problems", {
    steps: () => [
        scan("STATION-1"),
        told("Go to bin A-01"),
        tap("problem"),
        inspect("a choice", ".o_lot_station_option"),
        {
            content: "Why not another lot?",
            trigger: ".o_lot_station_option[data-value=explain]",
            run: "click",
        },
        {
            content: "The held lot says why",
            trigger: ".o_lot_station_card.o_problem:contains(VC-HELD):contains(held for Damaged)",
        },
        tap("back"),
        told("Go to bin A-01"),

        scan("VC-2"),
        answered("refused", "then it again"),
        scan("TPL-A-02"),
        answered("info", "again to take it"),
        scan("TPL-A-01"),
        answered("ok", "Right bin"),
        scan("TPL-A-02"),
        answered("refused", "Wrong bin"),
        scan("VC-2"),
        answered("refused", "scan it again"),
        scan("VC-2"),
        {
            content: "The later lot needs a reason",
            trigger: '.o_lot_station_option:contains("Cannot be reached")',
            run: "click",
        },
        answered("ok", "1/2"),

        told("Go to bin A-03"),
        tap("problem"),
        { content: "Short", trigger: ".o_lot_station_option[data-value=short]", run: "click" },
        inspect("the keypad", ".o_lot_station_keypad"),
        {
            content: "One is there",
            trigger: '.o_lot_station_keypad button:contains("1")',
            run: "click",
        },
        tap("confirm"),
        {
            content: "Damaged",
            trigger: '.o_lot_station_option:contains("Goods are damaged")',
            run: "click",
        },
        answered("info", "1 instead of 2"),
        {
            content: "What is short is shown",
            trigger: ".o_lot_station_card.o_problem:contains(Magnesium)",
        },

        tap("problem"),
        { content: "Label torn", trigger: ".o_lot_station_option[data-value=label]", run: "click" },
        {
            content: "Why",
            trigger: '.o_lot_station_option:contains("Label is damaged")',
            run: "click",
        },
        { content: "A strange badge", trigger: '.o_lot_station_sheet:contains("badge")' },
        scan("LBSTRANGE"),
        answered("refused", "Not approved"),
        tap("problem"),
        { content: "Again", trigger: ".o_lot_station_option[data-value=label]", run: "click" },
        {
            content: "Another reason",
            trigger: '.o_lot_station_option:contains("Another reason")',
            run: "click",
        },
        {
            content: "In one's own words",
            trigger: ".o_lot_station_field input",
            run: "edit Eaten by a mouse",
        },
        tap("confirm"),
        {
            content: "By password",
            trigger: ".o_lot_station_option[data-value=password]",
            run: "click",
        },
        {
            content: "Login",
            trigger: '.o_lot_station_field:contains("Login") input',
            run: "edit lot_supervisor",
        },
        {
            content: "The field has the focus",
            trigger: ".o_lot_station_field input[type=text]:focus",
        },
        inspect("a field", ".o_lot_station_field"),
        tap("confirm"),
        {
            content: "Password",
            trigger: ".o_lot_station_field input[type=password]",
            run: "edit secret-lot_supervisor",
        },
        tap("confirm"),
        answered("ok", "Approved"),
        told("All picked"),

        tap("pack"),
        { content: "New box", trigger: ".o_lot_station_option[data-value=new]", run: "click" },
        answered("ok", "Packed"),
        {
            content: "The box has its SSCC",
            trigger: '.o_lot_station_chip:contains("Box 09521234")',
        },
        tap("validate"),
        {
            content: "The rest is asked about",
            trigger: '.o_lot_station_sheet:contains("1 Units of Magnesium")',
        },
        {
            content: "Send it later",
            trigger: ".o_lot_station_option[data-value=backorder]",
            run: "click",
        },
        answered("done", "The rest:"),
        {
            content: "No chat covers the station, OdooBot's first one neither",
            trigger: ".o_lot_station",
            run: () => {
                const chats = document.createElement("div");
                chats.className = "o-mail-ChatHub";
                document.body.append(chats);
                if (getComputedStyle(chats).display !== "none") {
                    throw new Error("Chats are shown over the station.");
                }
                chats.remove();
            },
        },
    ],
});
