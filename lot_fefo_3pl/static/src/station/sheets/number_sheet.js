import { Component, useExternalListener, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const SCAN_LENGTH = 6;
const BETWEEN_KEYS = 100;

/**
 * A number on keys that fit a glove. It takes the keyboard for itself, so that a scan made too
 * early does not become a quantity of nine billion: many keys in a row without a pause are a scan.
 */
export class NumberSheet extends Component {
    static template = "lot_fefo_3pl.NumberSheet";
    static props = { close: Function, "*": true };

    setup() {
        const { value } = this.props;
        this.state = useState({ text: value == null ? "" : `${value}`, fresh: true, hint: "" });
        this.burst = { length: 0, last: 0, before: "" };
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), { capture: true });
    }

    get keys() {
        const point = this.props.decimals ? "." : "";
        return ["7", "8", "9", "4", "5", "6", "1", "2", "3", point, "0", "⌫"];
    }

    get number() {
        return this.state.text === "" ? null : Number(this.state.text);
    }

    get isReady() {
        const { min, max } = this.props;
        const { number } = this;
        return (
            number !== null &&
            Number.isFinite(number) &&
            (min == null || number >= min) &&
            (max == null || number <= max)
        );
    }

    get deleteLabel() {
        return _t("Delete the last digit");
    }

    get limit() {
        const { max, uom = "" } = this.props;
        return max == null ? "" : _t("At most %(max)s %(uom)s", { max, uom });
    }

    press(key) {
        const { state } = this;
        state.hint = "";
        if (key === "⌫") {
            state.text = state.text.slice(0, -1);
        } else if (key === "." && state.text.includes(".")) {
            return;
        } else {
            state.text = state.fresh ? key : state.text + key;
        }
        state.fresh = false;
    }

    step(by) {
        const { min = 0, max = Infinity } = this.props;
        this.state.text = `${Math.min(max, Math.max(min, (this.number || 0) + by))}`;
        this.state.fresh = false;
    }

    submit() {
        if (this.isReady) {
            this.props.close(this.number);
        }
    }

    onKeydown(ev) {
        const isKey = ev.key?.length === 1 && !ev.ctrlKey && !ev.metaKey;
        if (!isKey && !["Enter", "Backspace"].includes(ev.key)) {
            return;
        }
        if (ev.key === "Enter" && ev.target.matches?.("button") && !this.burst.length) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const now = Date.now();
        if (now - this.burst.last > BETWEEN_KEYS) {
            this.burst = { length: 0, before: this.state.text, last: now };
        }
        this.burst.last = now;
        if (ev.key === "Enter") {
            this.onEnter();
            return;
        }
        this.burst.length++;
        if (/^[0-9]$/.test(ev.key)) {
            this.press(ev.key);
        } else if (/^[.,]$/.test(ev.key) && this.props.decimals) {
            this.press(".");
        } else if (ev.key === "Backspace") {
            this.press("⌫");
        }
    }

    onEnter() {
        if (this.burst.length >= SCAN_LENGTH) {
            this.state.text = this.burst.before;
            this.state.fresh = true;
            this.state.hint = _t("The scan was not counted. Give the quantity first.");
            this.burst.length = 0;
            return;
        }
        this.submit();
    }
}
