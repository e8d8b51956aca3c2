import { _t } from "@web/core/l10n/translation";

import { askReason, askSupervisor } from "./pick_questions";
import { left, quantity, title } from "./pick_walk_model";

const MODEL = "stock.lot.station";

/** What the operator decides about a walk besides scanning: problems, swaps, boxes, the end. */
export class PickDecisions {
    /** @param {import("./pick_walk").PickWalk} walk the screen that it is decided on */
    constructor(walk) {
        this.walk = walk;
    }

    get station() {
        return this.walk.station;
    }

    get state() {
        return this.walk.state;
    }

    get line() {
        return this.walk.line;
    }

    /** Call the server for a decision about this walk; its answer, or null. */
    async decide(method, ...args) {
        const answer = await this.station.call(MODEL, method, [...this.walk.key, ...args]);
        if (answer) {
            this.walk.forget();
            this.walk.setWalk(answer.walk || answer);
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
            this.walk.refresh();
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
            !this.walk.isComplete &&
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
        this.walk.refresh();
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
            [...this.walk.key, offer.line_id, offer.lot_id, offer.barcode],
            {
                location_id: offer.location_id,
                reason,
                credential,
                device: this.station.device || null,
                uid: this.station.newUid(),
            }
        );
        if (answer) {
            this.walk.show(answer, offer.barcode);
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
                {
                    key: "back",
                    label: _t("Back"),
                    icon: "fa-arrow-left",
                    run: () => this.walk.back(),
                },
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
