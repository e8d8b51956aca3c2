import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const ICONS = {
    todo: "fa-times-circle text-danger",
    look: "fa-exclamation-circle text-warning",
    info: "fa-info-circle text-info",
    ok: "fa-check-circle text-success",
};

/** What a 3PL has not configured yet: state, why it matters, and the place where it is done. */
export class LotChecklist extends Component {
    static components = { Layout };
    static template = "lot_fefo_3pl.LotChecklist";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ rows: [] });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.rows = await this.orm.call("stock.lot.checklist", "get_checklist", []);
    }

    get done() {
        return this.state.rows.filter((row) => row.state === "ok").length;
    }

    get share() {
        return this.state.rows.length ? (100 * this.done) / this.state.rows.length : 0;
    }

    icon(row) {
        return ICONS[row.state];
    }

    label(row) {
        return {
            todo: _t("To do"),
            look: _t("To look at"),
            info: _t("Good to know"),
            ok: _t("Done"),
        }[row.state];
    }

    async open(row) {
        const action = await this.orm.call("stock.lot.checklist", "open_check", [row.key]);
        await this.action.doAction(action);
    }
}

registry.category("actions").add("lot_fefo_3pl.checklist", LotChecklist);
