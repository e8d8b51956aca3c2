import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { useStation, useStationBack, useStationLate, useStationScan } from "../../station_hooks";
import { day, quantity } from "../pick/pick_walk_model";

const MODEL = "stock.lot.station";
// One unit a scan, until the operator says otherwise.
const BY_SCAN = null;

/** The name on the label of a place, without the zones it lies in. */
function shortName(location) {
    return location.name.split("/").at(-1);
}

/** Counting bins: a bin is scanned, then what lies there; nobody is told what should. */
export class CountFlow extends Component {
    static template = "lot_fefo_3pl.StationCount";
    static props = { params: Object };

    setup() {
        this.station = useStation();
        Object.assign(this, { day, quantity });
        this.state = useState({
            counts: [],
            count: null,
            pack: null,
            productId: null,
            amount: BY_SCAN,
            newLot: null,
            aside: null,
            waiting: 0,
        });
        useStationScan(({ barcode }) => this.onScan(barcode));
        useStationBack(() => this.back());
        useStationLate(() => this.onLate());
        onWillStart(() => this.load());
    }

    async load() {
        const { countId, bin } = this.props.params;
        if (bin) {
            await this.start(bin);
        }
        if (this.state.count) {
            return;
        }
        const count = countId && (await this.station.call(MODEL, "count_load", [countId]));
        if (count) {
            return this.enter(count);
        }
        await this.showList();
    }

    async showList() {
        Object.assign(this.state, { count: null, pack: null, aside: null, newLot: null });
        this.state.productId = null;
        this.state.counts = (await this.station.call(MODEL, "count_list")) || [];
        this.station.remember({});
        this.refresh();
    }

    enter(count) {
        this.state.count = count;
        this.station.remember({ countId: count.id });
        this.refresh();
    }

    /** The instruction and the buttons for where the operator is. */
    refresh() {
        const { count, aside, newLot, productId, pack } = this.state;
        if (aside) {
            this.station.instruct(
                aside.place ? _t("Take it to %s", shortName(aside.place)) : _t("Put it aside"),
                _t("Then scan the place where you have put it.")
            );
        } else if (newLot) {
            this.station.instruct(_t("Lot %s is new?", newLot.name), _t("Or scan another label."));
        } else if (!count) {
            this.station.instruct(_t("Scan a bin"), _t("Or choose one that is to be counted."));
        } else if (productId) {
            this.station.instruct(_t("Scan or type the lot"), count.location.name);
        } else {
            const where = pack ? _t("Package %s", pack.name) : shortName(count.location);
            this.station.instruct(
                count.round > 1 ? _t("Count again: %s", where) : _t("Count %s", where),
                _t("Scan everything that lies there.")
            );
        }
        this.station.setActions(this.actions);
    }

    get actions() {
        const { count, aside, newLot, amount } = this.state;
        const action = (key, label, icon, run, tone) => ({ key, label, icon, run, tone });
        if (aside) {
            return [action("later", _t("Leave it to a supervisor"), "fa-user", () => this.leave())];
        }
        if (newLot) {
            const label = _t("Yes, a new lot");
            return [
                action("confirm", label, "fa-check", () => this.confirmLot(), "primary"),
                action("retry", _t("No, scan again"), "fa-undo", () => this.forget()),
            ];
        }
        if (!count) {
            return [action("refresh", _t("Refresh"), "fa-refresh", () => this.showList())];
        }
        const units = amount ? _t("Quantity: %s", quantity(amount)) : _t("Quantity");
        return [
            action("finish", _t("Bin finished"), "fa-check", () => this.finish(), "success"),
            action("quantity", units, "fa-calculator", () => this.askAmount()),
        ];
    }

    /** One step back: out of a question, then out of the bin; the count stays open. */
    async back() {
        if (this.state.newLot || this.state.productId) {
            this.forget();
        } else if (this.state.count) {
            this.station.clearAnswer();
            await this.showList();
        } else {
            return false;
        }
        return true;
    }

    forget() {
        Object.assign(this.state, { newLot: null, productId: null });
        this.station.clearAnswer();
        this.refresh();
    }

    async onLate() {
        if (!this.station.state.pending.length) {
            this.state.waiting = 0;
            await this.load();
        }
    }

    // Scans -----------------------------------------------------------------------------------

    async onScan(barcode) {
        if (this.state.aside) {
            return this.putAside(barcode);
        }
        if (!this.state.count) {
            return this.start(barcode);
        }
        await this.scanGoods(barcode);
    }

    /** Send a scan through the queue; the answer, or null when it waits or was refused. */
    async send(method, args, kwargs, label) {
        const answer = await this.station.call(
            MODEL,
            method,
            args,
            { ...kwargs, device: this.station.device || null },
            { uid: this.station.newUid(), label }
        );
        if (answer?.pending) {
            this.state.waiting++;
            this.station.answer({
                tone: "info",
                title: _t("Kept: %s", label),
                message: _t("Not confirmed yet. It is counted when the connection is back."),
            });
            return null;
        }
        return answer;
    }

    async start(barcode) {
        const answer = await this.send("count_start", [barcode], {}, barcode);
        if (!answer) {
            return;
        }
        if (answer.problems?.length) {
            return this.settle(answer);
        }
        if (answer.status !== "ok") {
            return this.say(answer, _t("No bin"));
        }
        this.state.pack = null;
        this.enter(answer.count);
        this.station.answer({
            tone: "ok",
            title: shortName(answer.location),
            message: answer.message,
        });
    }

    async scanGoods(barcode, more = {}) {
        const { count, productId, pack, amount } = this.state;
        const answer = await this.send(
            "count_scan",
            [count.id, barcode],
            { product_id: productId, package_id: pack?.id, quantity: amount, ...more },
            barcode
        );
        if (answer) {
            this.take(answer, barcode);
        }
    }

    take(answer, barcode) {
        const { state } = this;
        state.count = answer.count || state.count;
        state.pack = answer.package || (answer.code === "bin" ? null : state.pack);
        state.newLot = ["confirm_lot", "ask_date"].includes(answer.code)
            ? { ...answer.new_lot, barcode, needsDate: answer.code === "ask_date" }
            : null;
        const waits = ["ask_lot", "confirm_lot", "ask_date", "suspect_separator"];
        state.productId = waits.includes(answer.code) ? answer.product?.id : null;
        if (answer.code === "counted") {
            state.amount = BY_SCAN;
        }
        this.refresh();
        this.say(answer);
    }

    /** The answer in words and colour. */
    say(answer, title) {
        const titles = {
            already_done: _t("Counted already"),
            ask_date: _t("Expiry date?"),
            ask_lot: _t("Which lot?"),
            ask_product: _t("Which product?"),
            bad_quantity: _t("Bad quantity"),
            bin: _t("This bin"),
            confirm_lot: _t("Unknown lot"),
            counted: _t("Counted"),
            package: _t("Package"),
            suspect_separator: _t("Check the label"),
            unknown_barcode: _t("Unknown barcode"),
            unreadable: _t("Label cannot be trusted"),
            wrong_bin: _t("Wrong bin"),
            wrong_date: _t("Wrong date on the label"),
        };
        const line = answer.line;
        this.station.answer({
            tone: answer.status,
            title: title || titles[answer.code] || _t("Stop"),
            message: answer.message,
            remaining: line ? quantity(line.quantity) : "",
        });
    }

    // Questions -------------------------------------------------------------------------------

    async askAmount() {
        const amount = await this.station.askNumber({
            title: _t("How many with the next scan?"),
            value: this.state.amount ?? 1,
            min: 0,
            decimals: true,
        });
        if (amount) {
            this.state.amount = amount;
            this.refresh();
        }
    }

    async confirmLot() {
        const { name, barcode, product_id } = this.state.newLot;
        this.state.productId = product_id;
        await this.scanGoods(barcode, { lot_name: name });
        if (this.state.newLot?.needsDate) {
            const expiry = await this.station.askDate({ title: _t("Expiry of lot %s", name) });
            if (expiry) {
                this.state.productId = product_id;
                await this.scanGoods(barcode, { lot_name: name, expiry });
            } else {
                this.forget();
            }
        }
    }

    async correct(line) {
        const total = await this.station.askNumber({
            title: _t("How many are there in all?"),
            message: line.lot || line.product.name,
            value: line.quantity,
            min: 0,
            decimals: true,
            uom: line.uom,
        });
        if (total === null) {
            return;
        }
        const label = line.lot || line.product.name;
        const answer = await this.send(
            "count_set",
            [this.state.count.id, line.id, total],
            {},
            label
        );
        if (answer) {
            this.take(answer, label);
        }
    }

    async finish() {
        const { count } = this.state;
        if (!count.lines.length && !this.state.waiting) {
            const isEmpty = await this.station.confirm({
                title: _t("Is %s empty?", shortName(count.location)),
                message: _t("Nothing was counted here."),
                confirmLabel: _t("Yes, it is empty"),
                cancelLabel: _t("No, go on counting"),
            });
            if (!isEmpty) {
                return;
            }
        }
        const answer = await this.send("count_finish", [count.id], {}, count.location.name);
        if (answer) {
            await this.settle(answer);
        }
    }

    /** The bin is settled, has to be counted again, or holds what may not lie there. */
    async settle(answer) {
        const [problem] = answer.problems || [];
        if (problem) {
            this.state.count = answer.count;
            this.state.aside = { ...problem, place: answer.place };
            this.refresh();
            return this.station.answer({
                tone: "refused",
                title: _t("Lot %s may not lie here", problem.lot),
                message: problem.message,
                detail: answer.message,
                remaining: quantity(problem.quantity),
            });
        }
        if (answer.again) {
            const again = await this.station.call(MODEL, "count_start", [
                answer.count.location.barcode || answer.count.location.name,
            ]);
            if (again) {
                this.enter(again.count);
            }
        } else {
            await this.showList();
        }
        const titles = {
            count_done: _t("Bin is right"),
            recount: _t("Count again"),
            count_review: _t("Left to a supervisor"),
        };
        this.station.answer({
            tone: answer.code === "count_done" ? "done" : "ask",
            title: titles[answer.code],
            message: answer.message,
        });
    }

    async putAside(barcode) {
        const { count, aside } = this.state;
        const answer = await this.send(
            "count_put_aside",
            [count.id, aside.id, barcode],
            {},
            barcode
        );
        if (answer?.status === "refused") {
            this.say(answer);
        } else if (answer) {
            this.state.aside = null;
            await this.settle(answer);
        }
    }

    async leave() {
        this.station.answer({
            tone: "info",
            title: _t("Left to a supervisor"),
            message: _t("Keep these goods apart. Scan the bin again to say where they are put."),
        });
        await this.showList();
    }
}

registry.category("lot_station_flows").add("count", {
    key: "count",
    title: _t("Count"),
    icon: "fa-list-ol",
    sequence: 40,
    Component: CountFlow,
    badge: async (station) => ((await station.call(MODEL, "count_list")) || []).length,
});
