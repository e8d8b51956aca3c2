import { Component, onMounted, useExternalListener, useRef, useState } from "@odoo/owl";
import { useActiveElement } from "@web/core/ui/ui_service";

import { ConfirmSheet } from "./confirm_sheet";
import { NumberSheet } from "./number_sheet";

/** A question: a sheet at the bottom within reach of the thumb, a panel on a desk. */
export class StationSheet extends Component {
    static template = "lot_fefo_3pl.StationSheet";
    static props = { sheet: Object };

    setup() {
        const sheet = useRef("sheet");
        // Before the focus is trapped: else it would go to the first button, which closes.
        onMounted(() => (sheet.el.querySelector("[data-focus]") || sheet.el).focus());
        useActiveElement("sheet");
        useExternalListener(window, "keydown", (ev) => {
            if (ev.key === "Escape") {
                ev.stopPropagation();
                this.props.sheet.close(null);
            }
        });
        this.Body = BODIES[this.props.sheet.kind];
    }
}

export class ChooseSheet extends Component {
    static template = "lot_fefo_3pl.ChooseSheet";
    static props = { options: Array, message: { optional: true }, close: Function, "*": true };
}

export class TextSheet extends Component {
    static template = "lot_fefo_3pl.TextSheet";
    static props = { close: Function, "*": true };

    setup() {
        this.input = useRef("input");
        this.state = useState({ value: this.props.value || "" });
        onMounted(() => this.input.el.select());
    }

    get isReady() {
        return !this.props.required || Boolean(this.state.value.trim());
    }

    submit() {
        if (this.isReady) {
            this.props.close(this.state.value);
        } else {
            this.input.el.focus();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && !this.props.multiline) {
            ev.preventDefault();
            this.submit();
        }
    }
}

export class DateSheet extends Component {
    static template = "lot_fefo_3pl.DateSheet";
    static props = { close: Function, "*": true };

    setup() {
        this.state = useState({ value: this.props.value || "" });
    }

    get isReady() {
        const { min, max } = this.props;
        const { value } = this.state;
        return Boolean(value) && (!min || value >= min) && (!max || value <= max);
    }

    submit() {
        if (this.isReady) {
            this.props.close(this.state.value);
        }
    }
}

const BODIES = {
    confirm: ConfirmSheet,
    choose: ChooseSheet,
    number: NumberSheet,
    text: TextSheet,
    date: DateSheet,
};
