import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const SOON = 4 * 3600;

// How long until a moment, running: hours and minutes, below an hour also seconds.
export class LotCountdownField extends Component {
    static template = "lot_fefo_3pl.LotCountdownField";
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useState({ now: DateTime.now() });
        const timer = setInterval(() => (this.clock.now = DateTime.now()), 1000);
        onWillUnmount(() => clearInterval(timer));
    }

    get due() {
        return this.props.record.data[this.props.name];
    }

    // A met deadline does not run any more.
    get isMet() {
        return Boolean(this.props.record.data.date_met);
    }

    get seconds() {
        return Math.floor(this.due.diff(this.clock.now, "seconds").seconds);
    }

    get text() {
        const left = Math.abs(this.seconds);
        const pad = (number) => String(number).padStart(2, "0");
        const days = Math.floor(left / 86400);
        const time = [Math.floor((left % 86400) / 3600), Math.floor((left % 3600) / 60), left % 60]
            .map(pad)
            .join(":");
        const span = days ? _t("%(days)s d %(time)s", { days, time }) : time;
        return this.seconds < 0 ? _t("%s late", span) : _t("%s left", span);
    }

    get moment() {
        return formatDateTime(this.due);
    }

    get className() {
        if (this.isMet) {
            return "text-muted";
        }
        if (this.seconds < 0) {
            return "text-bg-danger px-2 rounded fw-bold";
        }
        return this.seconds < SOON ? "text-bg-warning px-2 rounded fw-bold" : "fw-bold";
    }
}

export const lotCountdownField = {
    component: LotCountdownField,
    displayName: _t("Countdown"),
    supportedTypes: ["datetime"],
};

registry.category("fields").add("lot_countdown", lotCountdownField);
