import { registry } from "@web/core/registry";

// Begins on the form of a lot that two customers received.
registry.category("web_tour.tours").add("lot_fefo_3pl_trace_and_recall", {
    steps: () => [
        {
            content: "Open the trace",
            trigger: "button.oe_stat_button:has(.fa-sitemap)",
            run: "click",
        },
        {
            content: "It adds up",
            trigger: ".o_lot_trace_tile.o_lot_trace_good:contains(it adds up)",
        },
        { content: "The picture names a customer", trigger: ".o_lot_trace_graph:contains(Rita)" },
        { content: "Zoom in", trigger: ".o_lot_trace_buttons button[title=Larger]", run: "click" },
        {
            content: "Search a customer",
            trigger: ".o_lot_trace_customers input",
            run: "edit Carla && press Enter",
        },
        {
            content: "Only that customer is left",
            trigger: ".o_lot_trace_customers:contains(1–1 of 1):not(:contains(Rita))",
        },
        {
            content: "Open the lines behind a figure",
            trigger: ".o_lot_trace_balance a[data-term=shipped]",
            run: "click",
        },
        { content: "Two deliveries", trigger: ".o_list_view .o_data_row:nth-child(2)" },
        {
            content: "Go back by the breadcrumb",
            trigger:
                ".o_breadcrumb a:contains(Trace of A-100), .breadcrumb-item a:contains(Trace of A-100)",
            run: "click",
        },
        {
            content: "Start a recall",
            trigger: ".o_lot_trace_buttons button:contains(Recall)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Metal splinters",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_start].btn-danger",
            run: "click",
        },
        {
            content: "The recall runs and knows its customers",
            trigger: ".o_form_view .o_field_widget[name=consignee_count]:contains(2)",
        },
        { content: "Customers", trigger: ".o_notebook a:contains(Customers)", run: "click" },
        { content: "With quantities", trigger: ".o_data_row:contains(Retailer Rita):contains(15)" },
    ],
});
