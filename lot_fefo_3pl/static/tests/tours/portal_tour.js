import { registry } from "@web/core/registry";
import { checkPage } from "./portal_accessibility";

const go = (content, trigger, extra = {}) => ({
    content,
    trigger,
    run: "click",
    expectUnloadPage: true,
    ...extra,
});
const see = (content, trigger) => ({ content, trigger, run: checkPage });

registry.category("web_tour.tours").add("lot_fefo_3pl_portal_brand", {
    url: "/my",
    steps: () => [
        go("Open the card of the lots", '.o_portal_index_card a[href="/my/lots/overview"]'),
        see("Read the value at risk", '.o_lot_risk:contains("648.00")'),
        go("See which lots have expired", 'tr[data-bucket="expired"] a'),
        see("Only the expired lot is listed", 'td[data-name="lot"] a:contains("A-EXPIRED")'),
        {
            content: "Search another lot",
            trigger: "#lot_search",
            run: "edit early",
        },
        {
            content: "Among all that are in stock",
            trigger: "#lot_filterby",
            run: "select stock",
        },
        go("Search", ".o_lot_search button"),
        go("Open the lot", 'td[data-name="lot"] a:contains("A-EARLY")'),
        see("See the picture of its way", '.o_lot_trace_graph:contains("Retailer Rita")'),
        see(
            "There is a certificate to download",
            '#documents a[href*="/documents/"]:contains("certificate.pdf")'
        ),
        see(
            "Read who received it",
            '#shipments td[data-name="consignee"]:contains("Retailer Rita")'
        ),
        {
            content: "Say why it should be held",
            trigger: "#lot_hold_reason",
            run: "edit Complaint about the smell",
        },
        go("Ask for the hold", ".o_lot_hold_form button"),
        see("The warehouse has the request", '.alert-success:contains("will answer here")'),
        go("Go to the shipments", '.o_lot_nav a[href="/my/lots/shipments"]'),
        {
            content: "Type an order number",
            trigger: "#lot_search",
            run: "edit SO-A-2",
        },
        go("Search it", ".o_lot_search button"),
        see(
            "Read which lot the order got",
            'tr:contains("SO-A-2") td[data-name="lot"]:contains("A-EARLY")'
        ),
        go("Look at the movements", '.o_lot_nav a[href="/my/lots/movements"]'),
        see("They are told by kind", 'td[data-name="kind"]:contains("Returned")'),
        go("Look at what expires", '.o_lot_nav a[href="/my/lots/expiring"]'),
        see("With its value", 'td[data-name="value"]:contains("500.00")'),
        go("Look at the alerts", '.o_lot_nav a[href="/my/lots/alerts"]'),
        see("Read how often they come", "#lot_frequency_weekly:checked"),
        {
            content: "Have them monthly",
            trigger: "#lot_frequency_monthly",
            run: "click",
        },
        go("Save", ".o_lot_alerts_form button"),
        see("It is saved", '.alert-success:contains("Saved")'),
        go("Look at the exceptions", '.o_lot_nav a[href="/my/lots/exceptions"]'),
        see("There are none", '.alert:contains("nothing here yet")'),
        go("Look at the recalls", '.o_lot_nav a[href="/my/lots/recalls"]'),
        go("Open the newest recall", 'td[data-name="number"] a'),
        see("Read the letter", ".o_lot_letter[open]"),
        see("See how far it is", '#heading_progress ~ ul [role="progressbar"]'),
        see("Read who has the goods", 'td[data-name="name"]:contains("Retailer Rita")'),
        go("Approve letters and list", '.o_lot_approval button[value="approve"]'),
        see("It is said", '.alert-success:contains("may send the letters now")'),
        go("Group the lots", '.o_lot_nav a[href="/my/lots"]'),
        { content: "By product", trigger: "#lot_groupby", run: "select product" },
        go("Group", ".o_lot_search button"),
        see("Each product has a heading", '.o_lot_group:contains("Vitamin C")'),
    ],
});
