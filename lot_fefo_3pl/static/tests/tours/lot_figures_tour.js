import { registry } from "@web/core/registry";

// The settings, the check list and the overview, as an administrator walks through them.
registry.category("web_tour.tours").add("lot_fefo_3pl_figures", {
    steps: () => [
        {
            content: "The section of the addon is open",
            trigger: ".app_settings_block[data-key=lot_fefo_3pl]:not(.d-none)",
        },
        {
            content: "Every warehouse is listed",
            trigger: "[name=lot_warehouse_ids] .o_data_row:contains(Third Party)",
        },
        {
            content: "Keep records longer",
            trigger: "[name=lot_retention_expiry_years] input",
            run: "edit 3",
        },
        {
            content: "Verify every unit",
            trigger: "[name=lot_verification] label:contains(Every unit)",
            run: "click",
        },
        {
            content: "Save: the page is loaded anew",
            trigger: ".o_form_button_save",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It shows what was saved",
            trigger: "[name=lot_verification] input[data-value=unit]:checked",
        },
        {
            content: "Open the check list",
            trigger: "button[name=action_lot_checklist]",
            run: "click",
        },
        {
            content: "A product without a brand is to be done",
            trigger: ".o_lot_check[data-key=products_owned][data-state=todo]",
        },
        {
            content: "Open its place",
            trigger: ".o_lot_check[data-key=products_owned] button",
            run: "click",
        },
        {
            content: "The products are listed",
            trigger: ".o_list_view .o_data_row:contains(Vitamin C)",
        },
        {
            content: "Go back",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "The check list is back",
            trigger: ".o_lot_check[data-key=switch][data-state=ok]",
        },
    ],
});

registry.category("web_tour.tours").add("lot_fefo_3pl_overview", {
    steps: () => [
        {
            content: "Two lots are at risk",
            trigger: ".o_lot_tile[data-key=risk] .o_lot_tile_value:contains(2)",
        },
        {
            content: "The chart says it in words too",
            trigger: ".o_lot_chart_card[data-key=risk] canvas[aria-label*='Brand A: Expired 0']",
        },
        {
            content: "Only brand B",
            trigger: ".o_lot_choice[name=brand]",
            run: "selectByLabel Brand B",
        },
        {
            content: "One lot is left",
            trigger: ".o_lot_tile[data-key=risk] .o_lot_tile_value:contains(/^1$/)",
        },
        { content: "Open it", trigger: ".o_lot_tile[data-key=risk]", run: "click" },
        {
            content: "The lot behind the figure",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=lot_id]:contains(B-NEAR)",
            run: "click",
        },
        {
            content: "The lot itself",
            trigger: ".o_form_view .o_field_widget[name=owner_id]",
        },
    ],
});
