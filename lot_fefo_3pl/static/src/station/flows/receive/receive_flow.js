import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { useStation, useStationBack, useStationLate, useStationScan } from "../../station_hooks";
import { StationGoods, formatQuantity } from "./receive_goods";

const MODEL = "stock.lot.station";
const DONE = ["received"];
/** What is asked for, while its question is closed. */
const ASKED = {
    quantity: { instruction: _t("Count the goods"), label: _t("Quantity") },
    lot: { instruction: _t("Read the lot"), label: _t("Enter the lot") },
    expiry_text: { instruction: _t("Read the expiry date"), label: _t("Enter the date") },
    other: { instruction: _t("Check the goods"), label: _t("Answer") },
};

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
                    run: () => this.startNew(),
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
                    run: () => this.validate(),
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
        const titles = {
            read: _t("Read"),
            received: _t("Received"),
            wrong_date: _t("Other expiry date"),
            wrong_bin: _t("Not this bin"),
            over_receipt: _t("Too many"),
            short_dated: _t("Too short-dated"),
            expired: _t("Expired"),
            unknown_barcode: _t("Unknown"),
            other_owner: _t("Another brand's goods"),
            wrong_product: _t("Other product"),
            contradiction: _t("The labels differ"),
            held: _t("On hold"),
            pallet_known: _t("Pallet known already"),
            already_done: _t("Received already"),
            unreadable: _t("Cannot be read"),
            bad_date: _t("No date"),
            bad_quantity: _t("No quantity"),
            ask_lot: _t("Which lot?"),
            confirm_lot: _t("Which lot?"),
            suspect_separator: _t("Which lot?"),
            ask_date: _t("When does it expire?"),
            confirm_date: _t("When does it expire?"),
            ask_quantity: _t("How many?"),
            confirm_life: _t("Short-dated"),
            confirm_pallet: _t("Announced pallet"),
            confirm_difference: _t("Other than announced"),
            confirm_product: _t("Not expected"),
        };
        const tones = { ok: DONE.includes(answer.code) ? "done" : "ok" };
        this.station.answer({
            tone: tones[answer.status] || answer.status,
            title:
                titles[answer.code] ||
                (answer.status === "ask" ? _t("Please check") : _t("Not possible")),
            message: answer.message,
        });
    }

    async chooseReceipt(answer) {
        const id = await this.station.choose({
            title: _t("Which receipt?"),
            message: answer.message,
            options: answer.choices.map((one) => ({
                value: one.id,
                label: one.name,
                sub: [one.owner, one.origin, one.date].filter(Boolean).join(" · "),
            })),
        });
        if (id) {
            await this.openReceipt(id);
            this.station.clearAnswer();
        }
        this.show();
    }

    /** Ask what the server wants to know, and send the answer. */
    async question() {
        const { ask } = this.state;
        const title = this.station.state.answer?.title || _t("Please check");
        const message = this.station.state.answer?.message || "";
        const asked = {
            text: () =>
                this.station.askText({
                    title,
                    message,
                    label: ask.label,
                    required: true,
                    scan: ask.field === "lot",
                }),
            number: () =>
                this.station.askNumber({ title, message, value: ask.value, uom: ask.uom }),
            confirm: () =>
                this.station.confirm({ title, message, confirmLabel: _t("Yes, receive it") }),
            choose: () => this.station.choose({ title, message, options: ask.options }),
        };
        let value = await asked[ask.kind]();
        if (ask.kind === "choose" && value === "") {
            value = await this.station.askText({
                title: _t("Expiry date"),
                label: _t("As on the label, like 31 DEC 2027"),
                required: true,
            });
        }
        if (value === null || value === false) {
            return;
        }
        await this.send({ values: { [ask.field]: value, ...(ask.also || {}) } });
    }

    async changeQuantity() {
        const { goods } = this.state;
        const quantity = await this.station.askNumber({
            title: _t("How many came?"),
            value: goods?.quantity || undefined,
            uom: goods?.uom,
        });
        if (quantity !== null) {
            await this.send({ values: { quantity } });
        }
    }

    async markDamaged() {
        const reason = await this.station.askText({
            title: _t("What is damaged?"),
            label: _t("It is received on hold, with this reason"),
            required: true,
            suggestions: [_t("Carton wet"), _t("Carton torn"), _t("Broken"), _t("Seal open")],
        });
        if (reason) {
            await this.send({ values: { damaged: reason } });
        }
    }

    async putAside() {
        const sure = await this.station.confirm({
            title: _t("Put these goods aside?"),
            message: _t("Nothing of them is received. Scan the next goods then."),
            confirmLabel: _t("Put aside"),
        });
        if (sure) {
            this.forgetGoods();
            this.station.clearAnswer();
            this.show();
        }
    }

    // Begin and end --------------------------------------------------------------------------

    async startNew() {
        const { brands } = this.state;
        const index = await this.station.choose({
            title: _t("Whose goods came?"),
            options: brands.map((brand, number) => ({ value: number, label: brand.name })),
        });
        if (index === null) {
            return;
        }
        const reference = await this.station.askText({
            title: _t("Reference of the shipment"),
            label: _t("From the delivery note; may stay empty"),
        });
        if (reference === null) {
            return;
        }
        const { id, warehouse_id } = brands[index];
        const found = await this.station.call(
            MODEL,
            "receive_start",
            [id, warehouse_id, reference],
            {},
            { uid: this.station.newUid(), label: _t("New receipt") }
        );
        if (found && !found.pending) {
            this.takeReceipt(found);
            this.station.clearAnswer();
            this.show();
        }
    }

    async open(id) {
        this.station.clearAnswer();
        await this.openReceipt(id);
        this.show();
    }

    async undo(line) {
        const sure = await this.station.confirm({
            title: _t("Take this back?"),
            message: _t("%(quantity)s of lot %(lot)s, in %(bin)s", {
                quantity: formatQuantity(line.quantity),
                lot: line.lot,
                bin: line.bin,
            }),
            confirmLabel: _t("Take back"),
            danger: true,
        });
        if (!sure) {
            return;
        }
        const found = await this.station.call(
            MODEL,
            "receive_undo",
            [this.state.receipt.id, line.id],
            {},
            { uid: this.station.newUid(), label: _t("Taken back: lot %s", line.lot) }
        );
        if (found && !found.pending) {
            this.takeReceipt(found);
            this.station.answer({ tone: "info", title: _t("Taken back") });
            this.show();
        }
    }

    async finish() {
        await this.refresh();
        this.state.view = "finish";
        this.station.clearAnswer();
        this.show();
    }

    get isShort() {
        return this.state.rows.some((row) => row.difference < 0);
    }

    async validate() {
        let backorder = true;
        if (this.isShort) {
            const choice = await this.station.choose({
                title: _t("Less came than expected"),
                options: [
                    { value: "keep", label: _t("The rest comes later"), sub: _t("Back-order") },
                    { value: "drop", label: _t("The rest does not come") },
                ],
            });
            if (!choice) {
                return;
            }
            backorder = choice === "keep";
        }
        const answer = await this.station.call(
            MODEL,
            "receive_validate",
            [this.state.receipt.id, backorder],
            { device: this.station.device },
            { uid: this.station.newUid(), label: _t("Validate %s", this.state.receipt.name) }
        );
        if (!answer) {
            return;
        }
        if (answer.pending || answer.status !== "ok") {
            this.station.answer({
                tone: answer.pending ? "info" : "refused",
                title: answer.pending ? _t("Not confirmed yet") : _t("Not validated"),
                message: answer.message || _t("It is sent when the connection is back."),
            });
            return;
        }
        await this.loadList();
        this.station.answer({
            tone: "done",
            title: _t("Receipt validated"),
            message: [
                answer.message,
                answer.backorder && _t("The rest waits as %s.", answer.backorder.name),
                answer.next.length && _t("Put the goods away next."),
            ]
                .filter(Boolean)
                .join(" "),
        });
        this.show();
    }

    // Words ----------------------------------------------------------------------------------

    format(quantity) {
        return formatQuantity(quantity);
    }

    tone(row) {
        if (!row.kinds.length) {
            return "o_complete";
        }
        return row.received ? "o_problem" : "";
    }

    chip(row) {
        if (!row.kinds.length) {
            return "o_good";
        }
        return row.received ? "o_bad" : "o_warn";
    }

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
