import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { useStation, useStationBack, useStationScan } from "../../station_hooks";
import { quantity } from "../pick/pick_walk_model";

const MODEL = "stock.lot.station";
// What has a label to be printed.
const LABELS = {
    "stock.location": "location",
    "stock.lot": "lot",
    "stock.package": "package",
};

/** Scan anything: what it is, where it is, what holds it and what happened to it. */
export class LookupFlow extends Component {
    static template = "lot_fefo_3pl.StationLookup";
    static props = { params: Object };

    setup() {
        this.station = useStation();
        this.quantity = quantity;
        // The cards that lead to this one, the last one shown; several for one scan.
        this.state = useState({ trail: [], cards: [] });
        useStationScan(({ barcode }) => this.onScan(barcode));
        useStationBack(() => this.back());
        onWillStart(() => this.load());
    }

    get card() {
        return this.state.cards.length === 1 ? this.state.cards[0] : null;
    }

    async load() {
        const { model, id } = this.props.params;
        const card = model && (await this.station.call(MODEL, "lookup_open", [model, id]));
        this.state.cards = card ? [card] : [];
        this.refresh();
    }

    refresh() {
        const { card } = this;
        this.station.remember(card ? { model: card.model, id: card.id } : {});
        if (card) {
            this.station.instruct(card.name, card.sub || card.kind);
        } else if (this.state.cards.length) {
            this.station.instruct(_t("Which one?"), _t("Several things have this number."));
        } else {
            this.station.instruct(_t("Scan anything"), _t("Bin, package, product, lot, transfer."));
        }
        this.station.setActions(card ? this.getActions(card) : []);
    }

    getActions(card) {
        const actions = [];
        if (card.reasons.length) {
            actions.push({
                key: "hold",
                label: _t("Hold"),
                icon: "fa-hand-paper-o",
                tone: "danger",
                run: () => this.hold(card),
            });
        }
        if (card.model === "stock.location") {
            actions.push({
                key: "count",
                label: _t("Count"),
                icon: "fa-list-ol",
                run: () => this.station.open("count", { bin: card.barcode || card.name }),
            });
        }
        if (card.can_pick) {
            actions.push({
                key: "pick",
                label: _t("Pick"),
                icon: "fa-shopping-basket",
                run: () => this.pick(card),
            });
        }
        if (LABELS[card.model]) {
            const report = `lot_fefo_3pl.stock_lot_label_${LABELS[card.model]}`;
            actions.push({
                key: "label",
                label: _t("Label"),
                icon: "fa-barcode",
                run: () => window.open(`/report/pdf/${report}/${card.id}`, "_blank"),
            });
        }
        actions.push({
            key: "odoo",
            label: _t("Open in Odoo"),
            icon: "fa-external-link",
            run: () => window.open(`/odoo/m-${card.model}/${card.id}`, "_blank"),
        });
        return actions;
    }

    when(row) {
        return formatDateTime(deserializeDateTime(row.date), { format: "dd MMM HH:mm" });
    }

    back() {
        if (!this.state.cards.length) {
            return false;
        }
        this.station.clearAnswer();
        this.state.cards = this.state.trail.pop() || [];
        this.refresh();
        return true;
    }

    show(cards) {
        if (this.state.cards.length) {
            this.state.trail.push(this.state.cards);
        }
        this.state.cards = cards;
        this.refresh();
    }

    async onScan(barcode) {
        const answer = await this.station.call(MODEL, "lookup_scan", [barcode]);
        if (!answer) {
            return;
        }
        if (answer.status === "refused") {
            return this.station.answer({
                tone: "refused",
                title: _t("Not known"),
                message: answer.message,
            });
        }
        this.show(answer.cards);
        this.station.answer({
            tone: "info",
            title: this.card ? this.card.kind : _t("%s things", answer.cards.length),
            message: answer.message,
        });
    }

    async follow({ model, id }) {
        const card = await this.station.call(MODEL, "lookup_open", [model, id]);
        if (card) {
            this.station.clearAnswer();
            this.show([card]);
        }
    }

    async pick(card) {
        const found = await this.station.call(MODEL, "pick_find", [card.name]);
        if (found) {
            this.station.open("pick", found);
        } else if (found === false) {
            this.station.answer({
                tone: "ask",
                title: _t("Not to be picked"),
                message: _t("%s is not ready to be picked.", card.name),
            });
        }
    }

    async hold(card) {
        const reason = await this.station.choose({
            title: _t("Why is lot %s held?", card.name),
            options: card.reasons.map(({ id, name }) => ({ value: id, label: name })),
        });
        if (!reason) {
            return;
        }
        const note = await this.station.askText({ title: _t("Note"), label: _t("What is known") });
        if (note === null) {
            return;
        }
        const held = await this.station.call(MODEL, "lookup_hold", [card.id, reason, note]);
        if (held) {
            this.state.cards = [held];
            this.refresh();
            this.station.answer({
                tone: "done",
                title: _t("Held"),
                message: _t("Lot %s is not picked or shipped any more.", card.name),
            });
        }
    }
}

registry.category("lot_station_flows").add("lookup", {
    key: "lookup",
    title: _t("Look up"),
    icon: "fa-search",
    sequence: 50,
    Component: LookupFlow,
});
