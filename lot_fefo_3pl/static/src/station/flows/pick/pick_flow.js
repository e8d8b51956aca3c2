import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { useStation } from "../../station_hooks";
import { PickList } from "./pick_list";
import { PickWalk } from "./pick_walk";

/** Picking: the list of what waits, or the walk through one transfer or batch. */
export class PickFlow extends Component {
    static template = "lot_fefo_3pl.StationPick";
    static components = { PickList, PickWalk };
    static props = { params: Object };

    setup() {
        this.station = useStation();
    }

    open({ kind, id }) {
        this.station.open("pick", { kind, id });
    }

    showList() {
        this.station.open("pick");
    }
}

registry.category("lot_station_flows").add("pick", {
    key: "pick",
    title: _t("Pick"),
    icon: "fa-shopping-basket",
    sequence: 30,
    Component: PickFlow,
    badge: (station) => station.call("stock.lot.station", "pick_count"),
    claim: (station, barcode) => station.call("stock.lot.station", "pick_find", [barcode]),
});
