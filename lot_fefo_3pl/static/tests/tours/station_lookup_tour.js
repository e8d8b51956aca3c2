import { registry } from "@web/core/registry";

import { answered, scan, tap, told } from "./station_steps";

const shown = (model, text) => ({
    content: `The card of ${model} says ${text}`,
    trigger: `.o_lot_station [data-kind="${model}"]:contains("${text}")`,
});

registry.category("web_tour.tours").add("lot_station_lookup", {
    steps: () => [
        { content: "Open", trigger: ".o_lot_station [data-flow=lookup]", run: "click" },
        told("Scan anything"),
        scan("NOTHING-1"),
        answered("refused", "Not known"),
        scan("TPL-A-01"),
        answered("info", "Bin"),
        shown("stock.location", "A1"),
        {
            content: "From the bin to its lot",
            trigger: ".o_lot_station_card[data-name=A1]",
            run: "click",
        },
        shown("stock.lot", "Not held"),
        scan("9520123456788"),
        answered("info", "Product"),
        shown("product.product", "Brand A"),
        scan("]C100095201230000000028"),
        answered("info", "Package"),
        shown("stock.package", "B1"),
        scan("LOOKUP-1"),
        answered("info", "Transfer"),
        shown("stock.picking", "A1"),
        tap("back"),
        shown("stock.package", "B1"),
        scan("]C1010952012345678810A1"),
        answered("info", "Lot"),
        tap("hold"),
        {
            content: "Damaged",
            trigger: ".o_lot_station_sheet .o_lot_station_option:contains(Damaged)",
            run: "click",
        },
        tap("confirm"),
        answered("done", "Held"),
        shown("stock.lot", "Held"),
        scan("TPL-A-02"),
        answered("info", "Bin"),
        tap("count"),
        told("Count A-0"),
    ],
});
