import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { useStation, useStationBack, useStationLate, useStationScan } from "../../station_hooks";
import { PickDecisions } from "./pick_decisions";
import {
    APPROVABLE,
    currentLine,
    day,
    guessLine,
    instruction,
    left,
    quantity,
    title,
} from "./pick_walk_model";

const MODEL = "stock.lot.station";

/** One walk: bin, goods, next; what does not fit is said and recorded. */
export class PickWalk extends Component {
    static template = "lot_fefo_3pl.StationPickWalk";
    static props = { params: Object, showList: Function };

    setup() {
        this.station = useStation();
        this.decisions = new PickDecisions(this);
        Object.assign(this, { day, quantity });
        this.state = useState({
            walk: null,
            bin: this.props.params.bin || null,
            chosen: null,
            skipped: [],
            waiting: {},
            amount: null,
            productId: null,
            otherBin: null,
            offer: null,
            refused: null,
            explanation: null,
        });
        useStationScan((scan) => this.onScan(scan.barcode));
        useStationBack(() => this.back());
        useStationLate(() => this.onLate());
        onWillStart(() => this.load());
    }

    get key() {
        const { kind, id } = this.props.params;
        return [kind, id];
    }

    get cacheKey() {
        return `lot_station.walk.${this.station.user.id}`;
    }

    async load() {
        const walk = await this.station.call(MODEL, "pick_load", this.key);
        if (walk) {
            this.state.waiting = {};
            this.setWalk(walk);
        } else {
            this.restore();
        }
    }

    /** Without a connection: what was known of this walk before the reload. */
    restore() {
        const { walk, waiting } = JSON.parse(this.station.storage.getItem(this.cacheKey) || "{}");
        if (walk && walk.kind === this.key[0] && walk.id === this.key[1]) {
            this.state.waiting = waiting;
            this.setWalk(walk);
            return;
        }
        this.station.setActions([
            { key: "retry", label: _t("Try again"), tone: "primary", run: () => this.load() },
        ]);
    }

    setWalk(walk) {
        this.state.walk = walk;
        this.refresh();
    }

    /** Say what is next, offer what can be done, keep both for a reload. */
    refresh() {
        const { walk, bin, waiting } = this.state;
        const { text, sub } = instruction(walk, this.line, bin, waiting);
        this.station.instruct(text, sub);
        this.station.setActions(this.actions);
        this.station.remember({ ...this.props.params, bin: bin || undefined });
        this.station.storage.setItem(this.cacheKey, JSON.stringify({ walk, waiting }));
    }

    get line() {
        return currentLine(this.state.walk, this.state);
    }

    get isComplete() {
        return this.state.walk.total > 0 && this.state.walk.done === this.state.walk.total;
    }

    // What the template asks ------------------------------------------------------------------

    get progress() {
        const { done, total } = this.state.walk;
        return total ? Math.round((100 * done) / total) : 0;
    }

    /** The lines in walking order, the open ones before those that are done. */
    get lines() {
        const { lines } = this.state.walk;
        return [...lines.filter((line) => !line.is_done), ...lines.filter((line) => line.is_done)];
    }

    left(line) {
        return quantity(left(line, this.state.waiting));
    }

    tone(line) {
        if (line.is_done) {
            return "o_complete";
        }
        if (line.id === this.line?.id) {
            return "o_current";
        }
        return this.state.waiting[line.id] ? "o_warn" : "";
    }

    // What can be done ------------------------------------------------------------------------

    get actions() {
        const { walk, offer, refused } = this.state;
        const action = (key, label, icon, run, tone) => ({ key, label, icon, run, tone });
        if (walk.state === "done") {
            return [
                action("next", _t("Next transfer"), "fa-forward", this.props.showList, "primary"),
            ];
        }
        const actions = [];
        if (offer && !offer.scan_bin) {
            const label = _t("Take %s instead", offer.lot);
            actions.push(
                action("swap", label, "fa-exchange", () => this.decisions.swap(), "primary")
            );
        } else if (refused) {
            const label = _t("Ask a supervisor");
            actions.push(
                action("approve", label, "fa-id-badge", () => this.decisions.approve(), "primary")
            );
        } else if (this.isComplete) {
            const label = _t("Validate");
            actions.push(
                action("validate", label, "fa-check", () => this.decisions.validate(), "success")
            );
            actions.push(action("pack", _t("Pack"), "fa-cube", () => this.decisions.pack()));
        } else if (this.line?.state === "not_required" && !this.line.tracked) {
            actions.push(
                action("take", _t("Taken"), "fa-check", () => this.decisions.take(), "primary")
            );
        }
        if (this.line) {
            const label = this.state.amount
                ? _t("Quantity: %s", quantity(this.state.amount))
                : _t("Quantity");
            actions.push(
                action("quantity", label, "fa-calculator", () => this.decisions.askAmount())
            );
        }
        actions.push(
            action("problem", _t("Problem"), "fa-ellipsis-h", () => this.decisions.askProblem())
        );
        return actions;
    }

    back() {
        if (this.state.explanation) {
            this.state.explanation = null;
            this.refresh();
        } else {
            this.props.showList();
        }
        return true;
    }

    choose(line) {
        if (!line.is_done) {
            this.forget();
            this.state.chosen = line.id;
            this.station.clearAnswer();
            this.refresh();
        }
    }

    /** What belonged to the last scan only. */
    forget() {
        Object.assign(this.state, { offer: null, otherBin: null, refused: null, productId: null });
    }

    // Scans -----------------------------------------------------------------------------------

    async onScan(barcode) {
        if (!this.state.walk || this.state.walk.state === "done") {
            return this.openNext(barcode);
        }
        const { offer } = this.state;
        if (offer?.scan_bin && offer.location_barcode === barcode) {
            return this.enterOfferedBin();
        }
        if (offer?.barcode === barcode && !offer.scan_bin) {
            return this.decisions.swap();
        }
        const { bin, otherBin, amount, productId } = this.state;
        const { line } = this;
        const options = {
            location_barcode: bin,
            other_bin: otherBin,
            quantity: amount,
            line_id: line?.id,
            product_id: productId,
            device: this.station.device || null,
        };
        const answer = await this.station.call(
            MODEL,
            "pick_scan",
            [...this.key, barcode],
            options,
            {
                uid: this.station.newUid(),
                label: barcode,
            }
        );
        if (answer?.pending) {
            this.keepUnconfirmed(barcode);
        } else if (answer) {
            this.show(answer, barcode);
        }
    }

    /** After the end the next transfer can be scanned at once. */
    async openNext(barcode) {
        const found = await this.station.call(MODEL, "pick_find", [barcode]);
        if (found) {
            this.station.open("pick", found);
        } else {
            this.props.showList();
        }
    }

    /** The answer of the server. */
    show(answer, barcode) {
        this.forget();
        const { status, code, message } = answer;
        if (code === "bin") {
            this.enterBin(answer);
        } else if (status === "ok") {
            this.state.amount = null;
            this.state.chosen = answer.line?.remaining ? answer.line.id : null;
            this.state.bin = answer.location?.barcode || this.state.bin;
        } else {
            this.state.productId = code === "ask_lot" ? answer.product?.id : null;
            this.state.otherBin = code === "wrong_bin" && !answer.lot ? barcode : null;
            this.state.offer = answer.swap ? { ...answer.swap, barcode } : null;
            this.state.refused =
                APPROVABLE.includes(code) && !answer.swap ? answer.expected[0] : null;
        }
        this.setWalk(answer.walk);
        if (status === "ok") {
            this.answerRight(answer);
        } else {
            this.station.answer({
                tone: status,
                title: title(code),
                message,
                detail: this.state.offer ? this.wordOffer() : "",
            });
        }
    }

    enterBin(answer) {
        const { barcode } = answer.location;
        const here = answer.walk.lines.filter(
            (line) => !line.is_done && line.location.barcode === barcode
        );
        this.state.bin = barcode;
        this.state.chosen = (here.find((line) => line.id === this.line?.id) || here[0])?.id ?? null;
    }

    answerRight({ code, message, line, walk }) {
        const isLast = walk.done === walk.total;
        if (code === "bin") {
            this.station.answer({ tone: "ok", title: _t("Right bin"), message });
        } else {
            this.station.answer({
                tone: isLast ? "done" : "ok",
                title: isLast ? _t("Right, all picked") : _t("Right"),
                message,
                remaining: line?.remaining
                    ? _t("%s left", quantity(line.remaining))
                    : `${walk.done}/${walk.total}`,
            });
        }
    }

    /** The bin of another lot that is offered: now the lot itself is scanned again. */
    enterOfferedBin() {
        const { offer } = this.state;
        offer.scan_bin = false;
        this.station.answer({
            tone: "info",
            title: _t("Bin %s", offer.location),
            message: _t("Scan lot %s again to take it.", offer.lot),
        });
        this.refresh();
    }

    wordOffer() {
        const { against, needs, scan_bin, location } = this.state.offer;
        if (scan_bin) {
            return [
                ...against,
                needs === "supervisor"
                    ? _t("A supervisor may let it pass: scan bin %s, then it again.", location)
                    : _t("It may be taken instead: scan bin %s, then it again.", location),
            ].join("\n");
        }
        const ways = {
            nothing: _t("It may be taken instead: scan it again."),
            reason: _t("It may be taken instead with a reason: scan it again."),
            supervisor: _t("A supervisor may let it pass: scan it again."),
        };
        return [...against, ways[needs]].join("\n");
    }

    /** No connection: go on with what looks right, and say that nobody has checked it. */
    keepUnconfirmed(barcode) {
        const { state } = this;
        const { inBin, line } = guessLine(state.walk, barcode, state.bin, state.waiting);
        if (inBin) {
            state.bin = barcode;
            state.chosen = inBin.id;
            this.answerKept(_t("Bin %s", inBin.bin));
        } else if (line) {
            const taken = line.by_unit ? 1 : (state.amount ?? left(line, state.waiting));
            state.waiting[line.id] = (state.waiting[line.id] || 0) + taken;
            state.amount = state.chosen = null;
            this.answerKept(line.lot ? line.lot.name : line.product.name);
        } else {
            this.station.answer({
                tone: "ask",
                title: _t("Cannot be checked"),
                message: _t(
                    "There is no connection, and this is not what was expected. Take nothing and wait."
                ),
            });
        }
        this.refresh();
    }

    answerKept(name) {
        this.station.answer({
            tone: "info",
            title: _t("Kept: %s", name),
            message: _t("Not confirmed yet. It is checked when the connection is back."),
        });
    }

    async onLate() {
        if (!this.station.state.pending.length) {
            await this.load();
        }
    }
}
