import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";

import { TraceGraph } from "../lot_trace/trace_graph_view";

const NARROW = 768;

/** The way of a lot in the portal; fetched after the page, which does not wait for it. */
export class PortalTrace extends Component {
    static components = { TraceGraph };
    static template = "lot_fefo_3pl.PortalTrace";
    static props = { lotId: Number };

    setup() {
        this.state = useState({ graph: null, failed: false });
        this.isNarrow = window.innerWidth < NARROW;
        this.scroll = useRef("scroll");
        // Where the picture is wider than the screen it opens at the lot and who has it.
        useEffect(
            (box) => {
                if (box) {
                    box.scrollLeft = box.scrollWidth;
                }
            },
            () => [this.scroll.el]
        );
        onWillStart(() => {
            this.load();
        });
    }

    async load() {
        this.state.failed = false;
        try {
            const response = await fetch(`/my/lots/${this.props.lotId}/graph`);
            this.state.failed = !response.ok;
            if (response.ok) {
                this.state.graph = await response.json();
            }
        } catch {
            this.state.failed = true;
        }
    }
}

registry.category("public_components").add("lot_fefo_3pl.PortalTrace", PortalTrace);
