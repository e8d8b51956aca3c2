import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { useStation, useStationBack, useStationLate, useStationScan } from "../../station_hooks";
import { askReason, askSupervisor } from "./pick_questions";
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
        Object.assign(this, { day, quantity });
        this.state = useState({
            walk: null,
            bin: this.props.params.bin || null,
            chosen: null,
            skipped: [],
            waiting: {},
            amount: null,
            productId: null,
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
        if (offer) {
            const label = _t("Take %s instead", offer.lot);
            actions.push(action("swap", label, "fa-exchange", () => this.swap(), "primary"));
        } else if (refused) {
            const label = _t("Ask a supervisor");
            actions.push(action("approve", label, "fa-id-badge", () => this.approve(), "primary"));
        } else if (this.isComplete) {
            const label = _t("Validate");
            actions.push(action("validate", label, "fa-check", () => this.validate(), "success"));
            actions.push(action("pack", _t("Pack"), "fa-cube", () => this.pack()));
        } else if (this.line?.state === "not_required" && !this.line.tracked) {
            actions.push(action("take", _t("Taken"), "fa-check", () => this.take(), "primary"));
        }
        if (this.line) {
            const label = this.state.amount
                ? _t("Quantity: %s", quantity(this.state.amount))
                : _t("Quantity");
            actions.push(action("quantity", label, "fa-calculator", () => this.askAmount()));
        }
        actions.push(action("problem", _t("Problem"), "fa-ellipsis-h", () => this.askProblem()));
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
        Object.assign(this.state, { offer: null, refused: null, productId: null });
    }

    // Scans -----------------------------------------------------------------------------------

    async onScan(barcode) {
        if (!this.state.walk || this.state.walk.state === "done") {
            return this.openNext(barcode);
        }
        if (this.state.offer?.barcode === barcode) {
            return this.swap();
        }
        const { bin, amount, productId } = this.state;
        const { line } = this;
        const options = {
            location_barcode: bin,
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

    wordOffer() {
        const { against, needs } = this.state.offer;
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

    // Decisions -------------------------------------------------------------------------------

    /** Call the server for a decision about this walk; its answer, or null. */
    async decide(method, ...args) {
        const answer = await this.station.call(MODEL, method, [...this.key, ...args]);
        if (answer) {
            this.forget();
            this.setWalk(answer.walk || answer);
        }
        return answer;
    }

    async askAmount() {
        const { line } = this;
        const amount = await this.station.askNumber({
            title: _t("How many with the next scan?"),
            message: line.product.name,
            value: this.state.amount ?? left(line, this.state.waiting),
            min: 0,
            max: left(line, this.state.waiting),
            decimals: true,
            uom: line.uom,
        });
        if (amount === 0) {
            return this.short(0);
        }
        if (amount) {
            this.state.amount = amount;
            this.refresh();
        }
    }

    async askProblem() {
        const { line } = this;
        const { walk } = this.state;
        const option = (value, label, sub) => ({ value, label, sub });
        const options = [
            line && option("short", _t("Not enough there"), _t("Take less, the rest stays open")),
            line?.state !== "not_required" &&
                line &&
                option("label", _t("Label cannot be read"), _t("A supervisor approves the line")),
            line && option("other", _t("Take another lot"), _t("Scan it twice")),
            line && option("explain", _t("Why not another lot?"), _t("All lots with the reasons")),
            line && walk.total > 1 && option("later", _t("Later"), _t("Go on with the next line")),
            walk.done > 0 && option("pack", _t("Pack into a box"), _t("With its SSCC")),
            ...walk.boxes.map((box) =>
                option(`unpack:${box.id}`, _t("Unpack box %s", box.name), _t("Take all out again"))
            ),
            !this.isComplete &&
                walk.done > 0 &&
                option("validate", _t("Finish now"), _t("Validate what is picked")),
        ].filter(Boolean);
        const chosen = await this.station.choose({ title: _t("What is the matter?"), options });
        await this.solve(chosen);
    }

    async solve(problem) {
        const solutions = {
            short: () => this.askShort(),
            label: () => this.approve({ unscanned: true }),
            other: () => this.tellHowToSwap(),
            explain: () => this.explain(this.line.move_id),
            later: () => this.skip(),
            pack: () => this.pack(),
            validate: () => this.validate(),
        };
        if (problem?.startsWith("unpack:")) {
            await this.decide("pick_unpack", Number(problem.split(":")[1]));
        } else {
            await solutions[problem]?.();
        }
    }

    skip() {
        this.state.skipped.push(this.line.id);
        this.state.chosen = null;
        this.station.clearAnswer();
        this.refresh();
    }

    tellHowToSwap() {
        this.station.answer({
            tone: "info",
            title: _t("Scan the other lot"),
            message: _t("If it may be taken, scan it a second time."),
        });
    }

    async askShort() {
        const { line } = this;
        const amount = await this.station.askNumber({
            title: _t("How many are there?"),
            message: _t("%(lot)s in bin %(bin)s", {
                lot: line.lot ? line.lot.name : line.product.name,
                bin: line.bin,
            }),
            value: line.verified,
            min: line.verified,
            max: line.quantity,
            decimals: true,
            uom: line.uom,
        });
        if (amount !== null && amount < line.quantity) {
            await this.short(amount);
        }
    }

    async short(amount) {
        const { line } = this;
        const reason = await askReason(this.station, [
            _t("Bin is empty"),
            _t("Goods are damaged"),
            _t("Cannot be reached"),
        ]);
        if (reason && (await this.decide("pick_short", line.id, amount, reason))) {
            this.station.answer({
                tone: "info",
                title: _t("%(quantity)s instead of %(promised)s", {
                    quantity: quantity(amount),
                    promised: quantity(line.quantity),
                }),
                message: _t("The rest stays open for a back-order."),
            });
        }
    }

    async take() {
        await this.decide("pick_take", this.line.id);
        if (this.line) {
            this.station.clearAnswer();
        }
    }

    async swap() {
        const { offer } = this.state;
        let reason = null;
        let credential = null;
        if (offer.needs !== "nothing") {
            reason = await askReason(this.station, [
                _t("Goods are damaged"),
                _t("Cannot be reached"),
                _t("The customer asked for it"),
            ]);
            if (!reason) {
                return;
            }
        }
        if (offer.needs === "supervisor") {
            credential = await askSupervisor(this.station);
            if (!credential) {
                return;
            }
        }
        const answer = await this.station.call(
            MODEL,
            "pick_swap",
            [...this.key, offer.line_id, offer.lot_id, offer.barcode],
            {
                location_id: offer.location_id,
                reason,
                credential,
                device: this.station.device || null,
                uid: this.station.newUid(),
            }
        );
        if (answer) {
            this.show(answer, offer.barcode);
        }
    }

    /** A supervisor lets the present line pass, or what the last scan was refused for. */
    async approve({ unscanned = false } = {}) {
        const line = this.state.refused || this.line;
        const reason = await askReason(
            this.station,
            unscanned
                ? [_t("Label is damaged"), _t("Label is missing")]
                : [_t("The customer agreed"), _t("Goods were checked")]
        );
        const credential = reason && (await askSupervisor(this.station));
        if (!credential) {
            return;
        }
        const answer = await this.decide("pick_approve", line.id, reason, credential, unscanned);
        if (answer) {
            const isDone = answer.status === "ok";
            this.station.answer({
                tone: isDone ? "ok" : "refused",
                title: isDone ? _t("Approved") : title(answer.code),
                message:
                    isDone && !unscanned
                        ? _t("%s Scan the goods again.", answer.message)
                        : answer.message,
            });
        }
    }

    async explain(moveId) {
        const rows = await this.station.call(MODEL, "pick_explain", [moveId]);
        if (rows) {
            this.state.explanation = rows;
            this.station.clearAnswer();
            this.station.instruct(
                _t("Why not another lot?"),
                _t("The lots in the order of the policy.")
            );
            this.station.setActions([
                { key: "back", label: _t("Back"), icon: "fa-arrow-left", run: () => this.back() },
            ]);
        }
    }

    async pack() {
        const lines = this.state.walk.lines.filter((line) => line.is_done && !line.box);
        const transfers = [...new Set(lines.map((line) => line.transfer))];
        if (!lines.length) {
            this.station.answer({ tone: "info", title: _t("Everything picked is packed") });
            return;
        }
        const transfer =
            transfers.length === 1
                ? transfers[0]
                : await this.station.choose({
                      title: _t("Which transfer?"),
                      options: transfers.map((name) => ({ value: name, label: name })),
                  });
        const label =
            transfer &&
            (await this.station.choose({
                title: _t("Scan the label of the box"),
                message: _t("Or take a new number."),
                scan: true,
                options: [
                    { value: "new", label: _t("New box"), sub: _t("With an SSCC of its own") },
                ],
            }));
        if (!label) {
            return;
        }
        const ids = lines.filter((line) => line.transfer === transfer).map((line) => line.id);
        const answer = await this.decide("pick_pack", ids, label === "new" ? null : label);
        if (answer) {
            this.station.answer({
                tone: "ok",
                title: _t("Packed"),
                message: _t("Box %s", answer.box.name),
                remaining: `${ids.length}`,
            });
        }
    }

    async validate(backorder = null) {
        const { name } = this.state.walk;
        const answer = await this.decide("pick_validate", backorder);
        if (!answer) {
            return;
        }
        if (answer.status === "ask") {
            const choice = await this.station.choose({
                title: _t("Not everything is picked"),
                message: answer.rest.join("\n"),
                options: [
                    { value: "backorder", label: _t("Send the rest later"), tone: "primary" },
                    answer.may_cancel && {
                        value: "cancel",
                        label: _t("Cancel the rest"),
                        tone: "danger",
                    },
                    { value: "back", label: _t("Go on picking") },
                ].filter(Boolean),
            });
            if (["backorder", "cancel"].includes(choice)) {
                await this.validate(choice === "backorder");
            }
            return;
        }
        const isDone = answer.status === "ok";
        this.station.answer({
            tone: isDone ? "done" : "refused",
            title: isDone ? _t("%s done", name) : _t("Not validated"),
            message: answer.message,
            detail: answer.backorders?.length
                ? _t("The rest: %s", answer.backorders.join(", "))
                : "",
        });
    }
}
