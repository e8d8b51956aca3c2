import { registry } from "@web/core/registry";

const leave = { run: "click", expectUnloadPage: true };

// The brand reads the letter and the list and approves them.
registry.category("web_tour.tours").add("lot_fefo_3pl_recall_approve", {
    steps: () => [
        {
            content: "Open the recall",
            trigger: 'td[data-name="number"] a',
            ...leave,
        },
        { content: "Read the letter", trigger: ".o_lot_letter:contains(FOOD RECALL)" },
        { content: "Read the list", trigger: 'td[data-name="name"]:contains(Retailer Rita)' },
        { content: "Approve", trigger: "button[value=approve]", ...leave },
        { content: "It is said", trigger: ".alert-success:contains(may send the letters now)" },
    ],
});

// QA sees the approval and sends.
registry.category("web_tour.tours").add("lot_fefo_3pl_recall_send", {
    steps: () => [
        {
            content: "The brand has approved",
            trigger: ".o_field_widget[name=approval_state]:contains(Approved)",
        },
        {
            content: "Send the letters",
            trigger: "button[name=action_send_notices]",
            run: "click",
        },
        { content: "Sure", trigger: ".modal-footer .btn-primary", run: "click" },
        {
            content: "They are queued",
            trigger: ".o_field_widget[name=queued_count]:contains(2)",
        },
    ],
});

// The customer answers without a login; a slip is told and mended.
registry.category("web_tour.tours").add("lot_fefo_3pl_recall_answer", {
    steps: () => [
        {
            content: "Say what is left",
            trigger: ".o_lot_reply input[name^=on_hand]",
            run: "edit 25",
        },
        { content: "Customers are told", trigger: "#sub_yes", run: "click" },
        { content: "Name", trigger: "#contact", run: "edit Rita" },
        { content: "Send", trigger: ".o_lot_reply_form button", ...leave },
        {
            content: "That is more than was delivered",
            trigger: ".alert-danger:contains(received 20)",
        },
        {
            content: "Correct it",
            trigger: ".o_lot_reply input[name^=on_hand]",
            run: "edit 20",
        },
        { content: "Send again", trigger: ".o_lot_reply_form button", ...leave },
        { content: "Thank you", trigger: ".alert-success:contains(we have your answer)" },
    ],
});

// QA finds the answer in the case.
registry.category("web_tour.tours").add("lot_fefo_3pl_recall_read", {
    steps: () => [
        {
            content: "One has answered",
            trigger: ".oe_stat_button:contains(Answered):contains(1)",
        },
        { content: "Customers", trigger: ".o_notebook a[name=consignees]", run: "click" },
        {
            content: "With the figure",
            trigger: ".o_data_row:contains(Retailer Rita):contains(Answered):contains(20)",
        },
        {
            content: "Open the customer",
            trigger: ".o_data_row:contains(Retailer Rita) button[name=action_open]",
            run: "click",
        },
        {
            content: "The answer is on record",
            trigger: ".o_field_widget[name=response_ids] .o_data_row:contains(Reply page)",
        },
    ],
});
