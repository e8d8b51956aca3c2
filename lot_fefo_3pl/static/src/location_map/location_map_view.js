import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** Odoo shows an empty page when no zone has a location to show: here it is said. */
class LocationMapRenderer extends KanbanRenderer {
    get showNoContentHelper() {
        const { isGrouped, groups } = this.props.list;
        return super.showNoContentHelper || (isGrouped && !groups.length);
    }
}

registry.category("views").add("lot_location_map", {
    ...kanbanView,
    Renderer: LocationMapRenderer,
});
