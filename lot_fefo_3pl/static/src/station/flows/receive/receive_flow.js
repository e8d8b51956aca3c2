import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { useStation, useStationBack, useStationLate, useStationScan } from "../../station_hooks";
import { ReceiptDecisions } from "./receive_decisions";
import { StationGoods, formatQuantity } from "./receive_goods";
import { askDamage, askPutAside, askQuantity, askReceipt, askWanted } from "./receive_questions";
import { ASKED, chip, title, tone } from "./receive_words";

const MODEL = "stock.lot.station";
const DONE = ["received"];
/**
 * Receiving: choose or scan a receipt; then for each pallet the label, what it does not say, and
 * the bin; at the end what came beside what was announced.
 *
 * The server judges. Here is only which goods are in hand (`load`, kept on the device) and where
 * the operator is: the list, a receipt, or its end.
 */
export class ReceiveFlow extends Component {
    static template = "lot_fefo_3pl.StationReceive";
    static components = { StationGoods };
    static props = { params: Object };

    setup() {
        this.station = useStation();
        this.decisions = new ReceiptDecisions(this);
        Object.assign(this, { chip, tone, format: formatQuantity });
        this.state = useState({
            view: "list",
            receipts: [],
            brands: [],
            receipt: null,
            rows: [],
            lines: [],
            load: {},
            goods: null,
            bin: null,
            ask: null,
            step: "goods",
            waiting: this.station.queue.pending.some(({ method }) => method === "receive_scan"),
        });
        useStationScan(({ barcode }) => this.onScan(barcode));
        useStationBack(() => this.onBack());
        useStationLate((late) => this.onLate(late));
        onWillStart(() => this.load());
        onMounted(() => this.start());
    }

    // Where the operator is ------------------------------------------------------------------

    /** What the place that the shell remembers needs; the shell is told of it once this is shown. */
    async load() {
        const id = Number(this.props.params.picking);
        const found = id && (await this.station.call(MODEL, "receive_open", [id]));
        if (found) {
            Object.assign(this.state, { ...found, view: "receipt" });
        } else {
            Object.assign(this.state, (await this.station.call(MODEL, "receive_list")) || {});
        }
    }

    async start() {
        this.show();
        const load = this.state.receipt && this.station.storage.getItem(this.loadKey);
        if (load) {
            // Goods in hand from before a reload are judged anew, and shown again.
            await this.send({ values: {} }, JSON.parse(load));
        }
    }

    get loadKey() {
        return `lot_station.receive.${this.station.user.id}.${this.state.receipt?.id}`;
    }

    async loadList() {
        const found = await this.station.call(MODEL, "receive_list");
        if (found) {
            Object.assign(this.state, { ...found, view: "list", receipt: null });
            this.station.remember({});
            this.forgetGoods();
        }
    }

    async openReceipt(id) {
        const found = await this.station.call(MODEL, "receive_open", [id]);
        if (found) {
            this.takeReceipt(found);
        }
        return Boolean(found);
    }

    takeReceipt({ receipt, rows, lines }) {
        Object.assign(this.state, { receipt, rows, lines, view: "receipt" });
        this.station.remember({ picking: receipt.id });
    }

    async refresh() {
        const found = await this.station.call(MODEL, "receive_open", [this.state.receipt.id]);
        if (found) {
            const { receipt, rows, lines } = found;
            Object.assign(this.state, { receipt, rows, lines });
        }
    }

    forgetGoods() {
        Object.assign(this.state, { load: {}, goods: null, bin: null, ask: null, step: "goods" });
        this.station.storage.removeItem(this.loadKey);
    }

    async onBack() {
        if (this.state.view === "finish") {
            this.state.view = "receipt";
        } else if (this.state.goods || this.hasLoad) {
            await this.putAside();
            return true;
        } else if (this.state.view === "receipt") {
            await this.loadList();
        } else {
            return false;
        }
        this.station.clearAnswer();
        this.show();
        return true;
    }

    get hasLoad() {
        return Object.keys(this.state.load).length > 0;
    }

    /** The instruction and the buttons for where the operator is. */
    show() {
        const { view, step, bin, ask } = this.state;
        if (view === "list") {
            this.station.instruct(
                _t("Scan a pallet or a label"),
                _t("Or a receipt. Or tap one below.")
            );
            this.station.setActions([
                {
                    key: "new",
                    label: _t("New receipt"),
                    icon: "fa-plus",
                    run: () => this.decisions.startNew(),
                },
            ]);
        } else if (view === "finish") {
            this.station.instruct(_t("Is this what came?"), this.state.receipt.name);
            this.station.setActions([
                {
                    key: "validate",
                    label: _t("Validate the receipt"),
                    icon: "fa-check",
                    tone: "success",
                    run: () => this.decisions.validate(),
                },
            ]);
        } else if (step === "bin" && bin) {
            this.station.instruct(_t("Scan bin %s", bin.short), _t("Or another free bin."));
            this.station.setActions(this.goodsActions);
        } else if (ask) {
            const words = ASKED[ask.field] || ASKED.other;
            this.station.instruct(words.instruction, _t("Or scan another label of these goods."));
            this.station.setActions([
                {
                    key: "answer",
                    label: words.label,
                    tone: "primary",
                    run: () => this.question(),
                },
                ...this.goodsActions.filter((action) => action.key !== "change_quantity"),
            ]);
        } else {
            this.station.instruct(_t("Scan the next pallet or carton"), this.state.receipt.name);
            this.station.setActions([
                {
                    key: "finish",
                    label: _t("Finish"),
                    icon: "fa-flag-checkered",
                    tone: "primary",
                    disabled: !this.state.lines.length,
                    run: () => this.finish(),
                },
            ]);
        }
    }

    get goodsActions() {
        return [
            {
                key: "change_quantity",
                label: _t("Quantity"),
                icon: "fa-hashtag",
                disabled: !this.state.load.product_id,
                run: () => this.changeQuantity(),
            },
            {
                key: "damaged",
                label: _t("Damaged"),
                icon: "fa-chain-broken",
                disabled: !this.state.load.product_id,
                run: () => this.markDamaged(),
            },
            { key: "aside", label: _t("Put aside"), icon: "fa-undo", run: () => this.putAside() },
        ];
    }

    async open(id) {
        this.station.clearAnswer();
        await this.openReceipt(id);
        this.show();
    }

    async finish() {
        await this.refresh();
        this.state.view = "finish";
        this.station.clearAnswer();
        this.show();
    }

    // Scans and answers ----------------------------------------------------------------------

    async onScan(barcode) {
        if (this.state.view === "finish") {
            this.state.view = "receipt";
        }
        await this.send({ barcode });
    }

    /** One call: what was scanned or said goes along with the goods in hand. */
    async send(input, load = this.state.load) {
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
            "receive_scan",
            [this.state.receipt?.id || false, load],
            { ...input, device: this.station.device },
            {
                uid: this.station.newUid(),
                optimistic: {},
                label: input.barcode || _t("Answer while receiving"),
            }
        );
        if (answer?.pending) {
            this.state.waiting = true;
            // What is sent later may receive them: after a reload they are not in hand any more.
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
        if (entry.method !== "receive_scan" || !this.state.waiting) {
            return;
        }
        this.state.waiting = false;
        await this.take(result);
    }

    /** What the server answered to a scan. */
    async take(answer) {
        if (!answer) {
            this.show();
            return;
        }
        if (answer.choices?.length) {
            await this.chooseReceipt(answer);
            return;
        }
        const { load, goods, bin, ask, step } = answer;
        if (answer.receipt && answer.receipt.id !== this.state.receipt?.id) {
            await this.openReceipt(answer.receipt.id);
        }
        const isInHand = step !== "goods" || Object.keys(load).length > 0;
        const keptBin = answer.status === "refused" && step === "bin" ? bin || this.state.bin : bin;
        Object.assign(this.state, {
            load,
            goods: isInHand && goods ? goods : null,
            bin: keptBin || null,
            ask: ask || null,
            step,
        });
        if (this.state.receipt) {
            if (isInHand) {
                this.station.storage.setItem(this.loadKey, JSON.stringify(load));
            } else {
                this.station.storage.removeItem(this.loadKey);
            }
        }
        if (DONE.includes(answer.code)) {
            await this.refresh();
        }
        this.say(answer);
        this.show();
        // A red answer is read first; the question behind it is a button.
        if (ask && answer.status !== "refused") {
            await this.question();
        }
    }

    say(answer) {
        const tones = { ok: DONE.includes(answer.code) ? "done" : "ok" };
        this.station.answer({
            tone: tones[answer.status] || answer.status,
            title: title(answer),
            message: answer.message,
        });
    }

    async chooseReceipt(answer) {
        const id = await askReceipt(this.station, answer);
        if (id) {
            await this.openReceipt(id);
            this.station.clearAnswer();
        }
        this.show();
    }

    /** Ask what the server wants to know, and send the answer. */
    async question() {
        const { ask } = this.state;
        const value = await askWanted(this.station, ask);
        if (value !== null && value !== false) {
            await this.send({ values: { [ask.field]: value, ...(ask.also || {}) } });
        }
    }

    async changeQuantity() {
        const quantity = await askQuantity(this.station, this.state.goods);
        if (quantity !== null) {
            await this.send({ values: { quantity } });
        }
    }

    async markDamaged() {
        const reason = await askDamage(this.station);
        if (reason) {
            await this.send({ values: { damaged: reason } });
        }
    }

    async putAside() {
        if (await askPutAside(this.station)) {
            this.forgetGoods();
            this.station.clearAnswer();
            this.show();
        }
    }

    // Words ----------------------------------------------------------------------------------

    get openRows() {
        return this.state.rows.filter((row) => row.announced && row.kinds.length);
    }
}

registry.category("lot_station_flows").add("receive", {
    key: "receive",
    title: _t("Receive"),
    icon: "fa-download",
    sequence: 10,
    Component: ReceiveFlow,
    badge: async (station) => (await station.call(MODEL, "receive_list"))?.receipts.length,
    claim: async (station, barcode) => {
        const id = await station.call(MODEL, "receive_find", [barcode]);
        return id ? { picking: id } : undefined;
    },
});
