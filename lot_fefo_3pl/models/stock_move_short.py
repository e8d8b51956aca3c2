from odoo import models


class StockMove(models.Model):
    """D08: when less leaves than was ordered, it is on record who left the rest behind."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        short = self._get_left_behind()
        done = super()._action_done(cancel_backorder)
        for move, (ordered, picked) in short.items():
            self.env["stock.lot.audit"]._log(
                move.exists() or move.picking_id,
                "move.short",
                owner_ref=move._get_lot_owner().id,
                company_id=move.company_id.id,
                field_name=move.product_id.display_name,
                old_value=f"{ordered:g}",
                new_value=f"{picked:g}",
                reason=self.env._("cancelled") if cancel_backorder else self.env._("back-order"),
            )
        return done

    def _get_left_behind(self):
        """``{move: (ordered, picked)}`` of orders under lot control that leave in part."""
        return {
            move: (move.product_uom_qty, move._get_picked_quantity())
            for move in self
            if move.state not in ("done", "cancel")
            and move.picking_id
            and move._takes_lot_controlled()
            and move.location_id._get_lot_operation(move.location_dest_id) in ("pick", "ship")
            and move.product_uom.compare(move._get_picked_quantity(), move.product_uom_qty) < 0
        }
