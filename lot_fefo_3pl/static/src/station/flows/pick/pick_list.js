import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { useStation, useStationScan } from "../../station_hooks";
import { day } from "./pick_walk_model";

/** What waits to be picked. */
export class PickList extends Component {
    static template = "lot_fefo_3pl.StationPickList";
    static props = { open: Function };

    setup() {
        this.station = useStation();
        this.day = day;
        this.state = useState({ walks: null });
        useStationScan(({ barcode }) => this.onScan(barcode));
        onWillStart(() => this.load());
    }

    async load() {
        this.station.instruct(_t("Choose a transfer"), _t("Or scan its paper."));
        this.station.setActions([
            { key: "refresh", label: _t("Refresh"), icon: "fa-refresh", run: () => this.load() },
        ]);
        this.state.walks = await this.station.call("stock.lot.station", "pick_list");
    }

    async onScan(barcode) {
        const found = await this.station.call("stock.lot.station", "pick_find", [barcode]);
        if (found) {
            this.props.open(found);
        } else if (found === false) {
            this.station.answer({
                tone: "refused",
                title: _t("No such transfer"),
                message: _t("%s is not ready to be picked. Scan another one or choose.", barcode),
            });
        }
    }
}
