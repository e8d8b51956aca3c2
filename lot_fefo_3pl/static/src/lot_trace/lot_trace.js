import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { TraceGraph } from "./trace_graph_view";

const ZOOM = { least: 0.4, most: 2.5, step: 1.25 };

/** One lot on one screen: where it came from, where it is, who has it, and whether it adds up. */
export class LotTrace extends Component {
    static components = { Layout, TraceGraph };
    static template = "lot_fefo_3pl.LotTrace";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.lotId = this.props.action.params?.lot_id ?? this.props.action.context.active_id;
        this.state = useState({ data: null, search: "", zoom: 1 });
        this.request = 0;
        onWillStart(() => this.load());
    }

    async load(offset = 0) {
        if (!this.lotId) {
            return;
        }
        const request = ++this.request;
        const data = await this.orm.call("stock.lot.trace", "overview", [this.lotId], {
            search: this.state.search,
            offset,
        });
        // A late answer must not replace a newer one.
        if (request === this.request) {
            this.state.data = data;
            this.env.config.setDisplayName(_t("Trace of %s", data.lot.name));
        }
    }

    // What the template asks ------------------------------------------------------------------

    get sums() {
        const sum = (name) => this.state.data.balance.reduce((total, row) => total + row[name], 0);
        return {
            totalIn: sum("total_in"),
            shipped: sum("shipped"),
            returned: sum("returned"),
            onHand: sum("on_hand"),
            // Of each owner by itself: one's surplus does not explain another's loss.
            unexplained: this.state.data.balance.reduce(
                (total, row) => total + Math.abs(row.unexplained),
                0
            ),
        };
    }

    get terms() {
        return [
            { name: "received", label: _t("Received"), side: _t("In") },
            { name: "produced", label: _t("Produced"), side: _t("In") },
            { name: "returned", label: _t("Returned by customers"), side: _t("In") },
            { name: "found", label: _t("Found by a count"), side: _t("In") },
            { name: "shipped", label: _t("Shipped"), side: _t("Out") },
            { name: "sent_back", label: _t("Sent back to the supplier"), side: _t("Out") },
            { name: "consumed", label: _t("Used or relabelled"), side: _t("Out") },
            { name: "scrapped", label: _t("Scrapped"), side: _t("Out") },
            { name: "lost", label: _t("Written off by a count"), side: _t("Out") },
            { name: "on_hand", label: _t("On hand"), side: _t("Here") },
        ];
    }

    get pageEnd() {
        const { offset, page, count } = this.state.data.customers;
        return Math.min(offset + page, count);
    }

    quantity(value) {
        return formatFloat(value, { digits: [16, 2], trailingZeros: false });
    }

    day(value) {
        return (value || "").slice(0, 10);
    }

    // What a person does ----------------------------------------------------------------------

    zoom(direction) {
        const wanted = this.state.zoom * ZOOM.step ** direction;
        this.state.zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, wanted));
    }

    print() {
        window.print();
    }

    recall() {
        this.action.doAction("lot_fefo_3pl.stock_lot_recall_start_action", {
            additionalContext: { active_id: this.lotId, active_ids: [this.lotId] },
        });
    }

    async openTerm(row, term) {
        const found = await this.orm.call("stock.lot.trace", "balance_lines", [
            row.lot_id,
            row.owner_id,
            term.name,
        ]);
        this.openList(term.label, found.model, found.domain);
    }

    async openPossible() {
        const rows = await this.orm.call("stock.lot.trace", "possibly_affected", [[this.lotId]]);
        this.openList(_t("Possibly affected"), "stock.move.line", [
            ["id", "in", rows.map((row) => row.line_id)],
        ]);
    }

    openPartner(id) {
        this.openForm("res.partner", id);
    }

    openPicking(id) {
        this.openForm("stock.picking", id);
    }

    openLot(id) {
        this.action.doAction({
            type: "ir.actions.client",
            tag: "lot_fefo_3pl.lot_trace",
            name: _t("Trace"),
            params: { lot_id: id },
        });
    }

    openForm(model, id) {
        if (id) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: model,
                res_id: id,
                views: [[false, "form"]],
            });
        }
    }

    openList(name, model, domain) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            domain,
            views: [[false, "list"]],
        });
    }
}

registry.category("actions").add("lot_fefo_3pl.lot_trace", LotTrace);
