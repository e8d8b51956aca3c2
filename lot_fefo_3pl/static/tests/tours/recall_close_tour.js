import { registry } from "@web/core/registry";

const tab = (name) => ({
    content: `Page ${name}`,
    trigger: `.o_notebook a[name=${name}]`,
    run: "click",
});
const gone = { content: "The dialog is closed", trigger: "body:not(:has(.modal))" };

const count = (place, found) => [
    {
        content: `Count ${place}`,
        trigger: `.o_field_widget[name=stock_ids] .o_data_row:contains(${place}) button[name=action_count]`,
        run: "click",
    },
    {
        content: "What was found",
        trigger: ".modal .o_field_widget[name=quantity] input",
        run: `edit ${found}`,
    },
    { content: "Keep it", trigger: ".modal button[name=action_count]", run: "click" },
    gone,
    {
        content: "It stands there",
        trigger: `.o_field_widget[name=stock_ids] .o_data_row:contains(${place}) td[name=counted]:contains(${found})`,
    },
];

const cell = (name, value) => [
    { content: name, trigger: `.modal .o_data_row td[name=${name}]`, run: "click" },
    {
        content: `${name}: ${value}`,
        trigger: `.modal .o_data_row td[name=${name}] input`,
        run: `edit ${value}`,
    },
];

const check = (name) => [
    {
        content: `Call ${name}`,
        trigger: `.o_field_widget[name=check_ids] .o_data_row:contains(${name}) button[name=action_check]`,
        run: "click",
    },
    {
        content: "It was effective",
        trigger: ".modal .o_field_widget[name=result] .form-check:first input",
        run: "click",
    },
    { content: "Keep it", trigger: ".modal button[name=action_confirm]", run: "click" },
    gone,
    {
        content: "It stands there",
        trigger: `.o_field_widget[name=check_ids] .o_data_row:contains(${name}) td[name=check_result]:contains(acted on it)`,
    },
];

const destroy = (place, number) => [
    {
        content: `Destroy what is in ${place}`,
        trigger: "button[name=action_destroy]",
        run: "click",
    },
    {
        content: "Which goods",
        trigger: ".modal .o_field_widget[name=quant_id] input",
        run: `edit ${place}`,
    },
    {
        content: "Take them",
        trigger: `.o-autocomplete--dropdown-item a:contains(${place})`,
        run: "click",
    },
    {
        content: "How",
        trigger: ".modal .o_field_widget[name=method] input",
        run: "edit Incinerated",
    },
    {
        content: "Who saw it",
        trigger: ".modal .o_field_widget[name=witness] input",
        run: "edit Walter",
    },
    {
        content: "The certificate",
        trigger: ".modal .o_field_widget[name=attachment_ids] input[type=file]:not(:visible)",
        run({ anchor }) {
            const files = new DataTransfer();
            files.items.add(new File(["burnt"], `certificate-${number}.txt`));
            anchor.files = files.files;
            anchor.dispatchEvent(new Event("change", { bubbles: true }));
        },
    },
    { content: "It is there", trigger: `.modal .o_attachment:contains(certificate-${number})` },
    { content: "Scrap", trigger: ".modal button[name=action_confirm]", run: "click" },
    gone,
    {
        content: "It stands there, with its file",
        trigger: `.o_field_widget[name=destruction_ids] .o_data_row:contains(certificate-${number})`,
    },
];

// From the answers to the verified files, on the screen alone.
registry.category("web_tour.tours").add("lot_fefo_3pl_recall_close", {
    steps: () => [
        tab("stock"),
        ...count("A-01", 70),
        ...count("A-02", 5),
        tab("consignees"),
        {
            content: "Open who has not answered",
            trigger: ".o_data_row:contains(Retailer Rita) button[name=action_open]",
            run: "click",
        },
        {
            content: "They phoned",
            trigger: "button[name=action_type_answer]",
            run: "click",
        },
        {
            content: "Who",
            trigger: ".modal .o_field_widget[name=contact] input",
            run: "edit Mr. Ring",
        },
        ...cell("on_hand", 15),
        ...cell("returned", 5),
        { content: "Keep it", trigger: ".modal button[name=action_confirm]", run: "click" },
        gone,
        {
            content: "Answered",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Answered)",
        },
        {
            content: "Back to the case",
            trigger: ".o_breadcrumb a:contains(RCL), .breadcrumb-item a:contains(RCL)",
            run: "click",
        },
        { content: "Both answered", trigger: ".oe_stat_button:contains(Answered):contains(2)" },
        tab("checks"),
        { content: "Draw", trigger: "button[name=action_draw_sample]", run: "click" },
        ...check("Retailer Rita"),
        ...check("Consumer Carla"),
        ...destroy("A-01", 1),
        ...destroy("A-02", 2),
        { content: "Close", trigger: "button[name=action_close]", run: "click" },
        {
            content: "Closed, without a question",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Closed)",
            timeout: 30000,
        },
        tab("documents"),
        {
            content: "Verify the report",
            trigger: ".o_data_row:contains(status.pdf) button[name=action_verify]",
            run: "click",
        },
        { content: "Intact", trigger: ".o_notification:contains(is what was frozen then)" },
    ],
});
