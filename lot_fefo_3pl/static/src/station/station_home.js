import { Component, onMounted, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { useStation, useStationScan } from "./station_hooks";

/** The start: what can be done here, as big buttons. */
export class StationHome extends Component {
    static template = "lot_fefo_3pl.StationHome";
    static props = { flows: Array, leave: Function, isStandalone: Boolean };

    setup() {
        this.station = useStation();
        this.stationState = useState(this.station.state);
        this.state = useState({ badges: {} });
        useStationScan(({ barcode }) => this.onScan(barcode));
        onMounted(() => {
            this.station.instruct(
                _t("What do you want to do?"),
                _t("Tap a task, or scan a transfer.")
            );
            this.loadBadges();
        });
    }

    async loadBadges() {
        for (const flow of this.props.flows) {
            if (flow.badge) {
                this.state.badges[flow.key] = await flow.badge(this.station);
            }
        }
    }

    /** The first flow that knows what was scanned opens it. */
    async onScan(barcode) {
        for (const flow of this.props.flows) {
            const params = await flow.claim?.(this.station, barcode);
            if (params) {
                this.station.open(flow.key, params);
                return;
            }
        }
        this.station.answer({
            tone: "ask",
            title: _t("Choose a task first"),
            message: _t("%s is no transfer that is open here.", barcode),
        });
    }

    async nameDevice() {
        const name = await this.station.askText({
            title: _t("Name of this device"),
            label: _t("It is kept with every scan"),
            value: this.station.device,
        });
        if (name !== null) {
            this.station.setDevice(name.trim());
        }
    }

    get installUrl() {
        const name = encodeURIComponent(_t("Lot Station").toString());
        return `/scoped_app?app_id=lot_fefo_3pl&app_name=${name}&path=scoped_app/lot-station`;
    }
}
