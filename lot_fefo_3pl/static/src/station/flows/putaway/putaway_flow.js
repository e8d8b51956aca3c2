import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { useStation, useStationBack, useStationLate, useStationScan } from "../../station_hooks";
import { StationGoods, formatQuantity } from "../receive/receive_goods";

const MODEL = "stock.lot.station";

/** Putting away: scan the goods that wait, then the bin. The last line posts its transfer. */
export class PutawayFlow extends Component {
    static template = "lot_fefo_3pl.StationPutaway";
    static components = { StationGoods };
    static props = { params: Object };

    setup() {
        this.station = useStation();
        this.state = useState({
            lines: [],
            load: {},
            hand: [],
            bin: null,
            waiting: this.station.queue.pending.some(({ method }) => method === "putaway_scan"),
        });
        useStationScan(({ barcode }) => this.send({ barcode }));
        useStationBack(() => this.onBack());
        useStationLate((late) => this.onLate(late));
        onWillStart(() => this.start());
        onMounted(() => this.show());
    }

    get loadKey() {
        return `lot_station.putaway.${this.station.user.id}`;
    }

    async start() {
        await this.refresh();
        const load = JSON.parse(this.station.storage.getItem(this.loadKey) || "{}");
        const hand = this.state.lines.filter(
            (line) => load.line_ids?.includes(line.id) && !line.picked
        );
        if (hand.length) {
            Object.assign(this.state, { load, hand, bin: null });
        }
    }

    async refresh() {
        const found = await this.station.call(MODEL, "putaway_list");
        if (found) {
            this.state.lines = found.lines;
        }
    }

    get waiting() {
        return this.state.lines.filter((line) => !line.picked);
    }

    /** The transfers with goods in their bins that are not posted yet. */
    get unposted() {
        const begun = this.state.lines.filter((line) => line.picked);
        return [...new Map(begun.map((line) => [line.picking_id, line])).values()];
    }

    get goods() {
        const [line] = this.state.hand;
        const quantity = this.state.hand.reduce((sum, one) => sum + one.quantity, 0);
        return {
            ...line,
            lot: this.state.hand.map((one) => one.lot).join(", "),
            quantity: this.state.load.quantity || quantity,
            sscc: line.package,
            notes: line.held ? [_t("On hold: %s", line.held)] : [],
        };
    }

    show() {
        const { hand, bin } = this.state;
        if (hand.length) {
            this.station.instruct(
                bin ? _t("Scan bin %s", bin.short) : _t("Scan the bin"),
                _t("Or another free bin.")
            );
            this.station.setActions([
                {
                    key: "part",
                    label: _t("Only a part"),
                    icon: "fa-hashtag",
                    disabled: hand.length > 1,
                    run: () => this.takePart(),
                },
                { key: "other", label: _t("Other goods"), icon: "fa-undo", run: () => this.drop() },
            ]);
        } else {
            this.station.instruct(_t("Scan the goods to put away"), _t("Pallet, label or lot."));
            this.station.setActions(
                this.unposted.slice(0, 2).map((line) => ({
                    key: `post_${line.picking_id}`,
                    label: _t("Post %s", line.picking),
                    icon: "fa-check",
                    run: () => this.post(line),
                }))
            );
        }
    }

    onBack() {
        if (!this.state.hand.length) {
            return false;
        }
        this.drop();
        return true;
    }

    drop() {
        Object.assign(this.state, { load: {}, hand: [], bin: null });
        this.station.storage.removeItem(this.loadKey);
        this.station.clearAnswer();
        this.show();
    }

    async takePart() {
        const [line] = this.state.hand;
        const quantity = await this.station.askNumber({
            title: _t("How many go to this bin?"),
            min: 1,
            max: line.quantity,
            uom: line.uom,
        });
        if (quantity !== null) {
            await this.send({ values: { quantity } });
        }
    }

    async send(input) {
        if (this.state.waiting) {
            this.station.answer({
                tone: "ask",
                title: _t("Wait for the connection"),
                message: _t("The last scan is not confirmed yet. It goes on by itself."),
            });
            return;
        }
        const answer = await this.station.call(
            MODEL,
            "putaway_scan",
            [this.state.load],
            { ...input, device: this.station.device },
            { uid: this.station.newUid(), label: input.barcode || _t("Part of a lot") }
        );
        if (answer?.pending) {
            this.state.waiting = true;
            this.station.storage.removeItem(this.loadKey);
            this.station.answer({
                tone: "info",
                title: _t("Kept, not confirmed yet"),
                message: _t("There is no connection. Leave the goods where they are."),
            });
            return;
        }
        await this.take(answer);
    }

    async onLate({ entry, result }) {
        if (entry.method === "putaway_scan" && this.state.waiting) {
            this.state.waiting = false;
            await this.take(result);
        }
    }

    async take(answer) {
        if (!answer) {
            return;
        }
        const { load, lines, bin } = answer;
        Object.assign(this.state, { load, hand: lines, bin: bin || null });
        this.station.storage.setItem(this.loadKey, JSON.stringify(load));
        if (answer.code === "put_away") {
            await this.refresh();
        }
        this.say(answer);
        this.show();
    }

    say(answer) {
        const titles = {
            read: _t("Read"),
            put_away: answer.posted ? _t("Put away and posted") : _t("Put away"),
            wrong_bin: _t("Not this bin"),
            held: _t("On hold"),
            not_this_order: _t("Does not wait here"),
            unknown_barcode: _t("Unknown"),
            unreadable: _t("Cannot be read"),
            bad_quantity: _t("No quantity"),
        };
        const tones = { ok: answer.code === "put_away" ? "done" : "ok" };
        this.station.answer({
            tone: tones[answer.status] || answer.status,
            title: titles[answer.code] || _t("Not possible"),
            message: answer.message,
            remaining: answer.code === "put_away" && answer.left ? formatQuantity(answer.left) : "",
        });
    }

    async post(line) {
        const answer = await this.station.call(
            MODEL,
            "putaway_validate",
            [line.picking_id],
            { device: this.station.device },
            { uid: this.station.newUid(), label: _t("Post %s", line.picking) }
        );
        if (!answer || answer.pending) {
            return;
        }
        await this.refresh();
        this.station.answer({
            tone: answer.status === "ok" ? "done" : "refused",
            title: answer.status === "ok" ? _t("Posted") : _t("Not posted"),
            message: answer.message,
        });
        this.show();
    }

    format(quantity) {
        return formatQuantity(quantity);
    }
}

registry.category("lot_station_flows").add("putaway", {
    key: "putaway",
    title: _t("Put away"),
    icon: "fa-th",
    sequence: 20,
    Component: PutawayFlow,
    badge: async (station) =>
        (await station.call(MODEL, "putaway_list"))?.lines.filter((line) => !line.picked).length,
    // The paper of a transfer whose goods wait here.
    claim: async (station, barcode) => {
        const found = await station.call(MODEL, "putaway_list");
        return found?.lines.some((line) => line.picking === barcode.trim()) ? {} : undefined;
    },
});
