import { Component } from "@odoo/owl";
import { formatFloat } from "@web/core/utils/numbers";

import { layoutGraph } from "./trace_graph";

/** The way of a lot as a picture: origins, receipts, the lot, and where its units are. */
export class TraceGraph extends Component {
    static template = "lot_fefo_3pl.TraceGraph";
    static props = {
        graph: Object,
        zoom: { type: Number, optional: true },
        isNarrow: { type: Boolean, optional: true },
    };
    static defaultProps = { zoom: 1, isNarrow: false };

    get layout() {
        return layoutGraph(this.props.graph, this.props.isNarrow);
    }

    quantity(value) {
        return formatFloat(value, { digits: [16, 2], trailingZeros: false });
    }

    short(text, length) {
        return text.length > length ? `${text.slice(0, length - 1)}…` : text;
    }
}
