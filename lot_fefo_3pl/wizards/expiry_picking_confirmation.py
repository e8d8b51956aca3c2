from odoo import models


class ExpiryPickingConfirmation(models.TransientModel):
    _inherit = "expiry.picking.confirmation"

    def process_no_expired(self):
        """C10: plain Odoo keeps what is expired but not yet to be removed, and asks again."""
        obstacles = self.picking_ids.move_line_ids._get_lot_checked()._get_lot_obstacles()
        expired = self.env["stock.move.line"].browse(
            line.id
            for line, found in obstacles.items()
            if any(obstacle.code == "expired" for obstacle in found)
        )
        expired.unlink()
        return super().process_no_expired()
