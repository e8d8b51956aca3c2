import { _t } from "@web/core/l10n/translation";

import { askRest, askShipment, askTakeBack } from "./receive_questions";

const MODEL = "stock.lot.station";

/** What the operator decides about a whole receipt: to begin one, to take back, to end it. */
export class ReceiptDecisions {
    /** @param {import("./receive_flow").ReceiveFlow} flow the screen that it is decided on */
    constructor(flow) {
        this.flow = flow;
    }

    get station() {
        return this.flow.station;
    }

    get state() {
        return this.flow.state;
    }

    async startNew() {
        const shipment = await askShipment(this.station, this.state.brands);
        if (!shipment) {
            return;
        }
        const { id, warehouse_id, reference } = shipment;
        const found = await this.station.call(
            MODEL,
            "receive_start",
            [id, warehouse_id, reference],
            {},
            { uid: this.station.newUid(), label: _t("New receipt") }
        );
        if (found && !found.pending) {
            this.flow.takeReceipt(found);
            this.station.clearAnswer();
            this.flow.show();
        }
    }

    async undo(line) {
        if (!(await askTakeBack(this.station, line))) {
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
            this.flow.takeReceipt(found);
            this.station.answer({ tone: "info", title: _t("Taken back") });
            this.flow.show();
        }
    }

    get isShort() {
        return this.state.rows.some((row) => row.difference < 0);
    }

    async validate() {
        const rest = this.isShort ? await askRest(this.station) : "keep";
        if (!rest) {
            return;
        }
        const answer = await this.station.call(
            MODEL,
            "receive_validate",
            [this.state.receipt.id, rest === "keep"],
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
        await this.flow.loadList();
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
        this.flow.show();
    }
}
