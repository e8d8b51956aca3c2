import { registry } from "@web/core/registry";

import { answered, scan, tap, told } from "./station_steps";

const open = [
    { content: "Open counting", trigger: ".o_lot_station [data-flow=count]", run: "click" },
    told("Scan a bin"),
];
const counted = (lot, quantity) => ({
    content: `${quantity} of ${lot} are counted`,
    trigger: `.o_lot_station_card[data-lot="${lot}"][data-quantity="${quantity}"]`,
});
const enter = (quantity) => [
    tap("quantity"),
    ...[...`${quantity}`].map((digit) => ({
        content: `Press ${digit}`,
        trigger: `.o_lot_station_keypad button[aria-label="${digit}"]`,
        run: "click",
    })),
    tap("confirm"),
    {
        content: "The question is closed",
        trigger: ".o_lot_station:not(:has(.o_lot_station_sheet))",
    },
];

registry.category("web_tour.tours").add("lot_station_count_green", {
    steps: () => [
        ...open,
        scan("TPL-A-01"),
        told("Count A-0"),
        scan("]C1010952012345678810A1"),
        answered("ok", "Counted"),
        counted("A1", 1),
        ...enter(9),
        scan("]C1010952012345678810A1"),
        counted("A1", 10),
        tap("finish"),
        answered("done", "Bin is right"),
        told("Scan a bin"),
    ],
});

registry.category("web_tour.tours").add("lot_station_count_difference", {
    steps: () => [
        ...open,
        {
            content: "Choose the planned bin",
            trigger: ".o_lot_station_card[data-bin*='A-01']",
            run: "click",
        },
        told("Count A-0"),
        scan("TPL-A-02"),
        answered("refused", "Wrong bin"),
        ...enter(8),
        scan("]C1010952012345678810A1"),
        counted("A1", 8),
        tap("finish"),
        answered("ask", "Count again"),
        told("Count again"),
        ...enter(8),
        scan("]C1010952012345678810A1"),
        counted("A1", 8),
        tap("finish"),
        answered("done", "Bin is right"),
    ],
});

registry.category("web_tour.tours").add("lot_station_count_unknown_lot", {
    steps: () => [
        ...open,
        scan("TPL-A-01"),
        told("Count A-0"),
        scan("]C1010952012345678810ZZ9"),
        answered("ask", "Unknown lot"),
        tap("retry"),
        told("Count A-0"),
        scan("]C10109520123456788173012311\x1d0ZZ9"),
        answered("refused", "Label cannot be trusted"),
        scan("]C1010952012345678810A1"),
        answered("ok", "Counted"),
        scan("]C1010952012345678810ZZ9"),
        answered("ask", "Unknown lot"),
        tap("confirm"),
        answered("ask", "Expiry date?"),
    ],
});

registry.category("web_tour.tours").add("lot_station_count_aside", {
    steps: () => [
        ...open,
        ...[1, 2].flatMap((round) => [
            ...(round === 1 ? [scan("TPL-A-01"), told("Count A-0")] : [told("Count again")]),
            ...enter(10),
            scan("]C1010952012345678810A1"),
            counted("A1", 10),
            scan("]C1010952012345678810B1"),
            counted("B1", 1),
            tap("finish"),
        ]),
        answered("refused", "Lot B1 may not lie here"),
        told("Take it to"),
        scan("TPL-A-04"),
        answered("done", "Bin is right"),
    ],
});
