import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// The administrator sees what lot control finds and turns it on; the first mixed bin is planned,
// moved and right.
registry.category("web_tour.tours").add("lot_fefo_3pl_turn_on", {
    steps: () => [
        {
            content: "Look before anything changes",
            trigger: "button[name=action_turn_on_lot_control]",
            run: "click",
        },
        {
            content: "One bin is mixed",
            trigger: ".modal .o_data_row:contains(Mixed locations) td[name=count]:contains(1)",
        },
        { content: "Turn on", trigger: ".modal button[name=action_turn_on]", run: "click" },
        {
            content: "The bin waits with what lies in it and where it would go",
            trigger:
                ".o_data_row:contains(A-01) td[name=segregation_proposal]:contains(lot A-100):contains(A-02)",
        },
        {
            content: "Plan the transfer",
            trigger: ".o_data_row:contains(A-01) button[name=action_propose_repair]",
            run: "click",
        },
        {
            content: "It opens",
            trigger: ".o_field_widget[name=origin] input:value(Lots moved apart)",
        },
        { content: "Done", trigger: "button[name=button_validate]", run: "click" },
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
        ...stepUtils.goToAppSteps("stock.menu_stock_root", "Open Inventory"),
        {
            content: "Lot Control",
            trigger: "button[data-menu-xmlid='lot_fefo_3pl.lot_control_menu']",
            run: "click",
        },
        {
            content: "Locations to Repair",
            trigger: "[data-menu-xmlid='lot_fefo_3pl.stock_location_menu_pending']",
            run: "click",
        },
        {
            content: "Nothing is left to repair",
            trigger: ".o_view_nocontent:contains(Every location keeps its rule)",
        },
    ],
});

// A filter that finds nothing says so.
registry.category("web_tour.tours").add("lot_fefo_3pl_location_map", {
    steps: () => [
        {
            content: "The bin with goods without lot is not good",
            trigger: ".o_kanban_record:contains(A-02) .badge:contains(No lot or date)",
        },
        { content: "Filters", trigger: ".o_searchview_dropdown_toggler", run: "click" },
        {
            content: "Mixed",
            trigger: ".o_filter_menu .o_menu_item:contains(Mixed)",
            run: "click",
        },
        { content: "No bin is", trigger: ".o_view_nocontent:contains(No location to show)" },
    ],
});
