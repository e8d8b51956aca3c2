import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { StationSheet } from "./sheets/station_sheet";
import { useStation } from "./station_hooks";

/** A part of the screen around the flows: it is drawn anew without them. */
class StationPart extends Component {
    static props = { "*": true };

    setup() {
        this.station = useStation();
        this.state = useState(this.station.state);
    }

    /** A tapped button keeps no focus: the next scan must not press it. */
    async run(ev, action) {
        ev.currentTarget.blur();
        await action.run();
    }
}

/** Where one is, and whether the server hears it. */
export class StationHeader extends StationPart {
    static template = "lot_fefo_3pl.StationHeader";

    get connection() {
        const waiting = this.state.pending.length;
        const words = {
            online: _t("Online"),
            offline: _t("No connection"),
            login: _t("Log in again"),
        };
        return {
            tone: this.state.connection === "online" && !waiting ? "good" : "warn",
            text: words[this.state.connection],
            waiting: waiting ? _t("%s not yet confirmed", waiting) : "",
        };
    }
}

/** The one big instruction and the one big answer. */
export class StationSay extends StationPart {
    static template = "lot_fefo_3pl.StationSay";

    get answerIcon() {
        return {
            ok: "fa-check",
            done: "fa-check-circle",
            ask: "fa-question",
            refused: "fa-times",
            info: "fa-info",
        }[this.state.answer.tone];
    }

    get answerWord() {
        return {
            ok: _t("Right"),
            done: _t("Done"),
            ask: _t("Question"),
            refused: _t("Stop"),
            info: _t("Note"),
        }[this.state.answer.tone];
    }
}

/** What can be tapped, within reach of the thumb. */
export class StationBar extends StationPart {
    static template = "lot_fefo_3pl.StationBar";
}

/** Questions, and refusals that came late. */
export class StationQuestions extends StationPart {
    static template = "lot_fefo_3pl.StationQuestions";
    static components = { StationSheet };
}
