from odoo import models

from .stock_move_evidence import VALIDATING


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        return super(
            StockPicking, self.with_context(lot_fefo_3pl_validating=VALIDATING)
        )._action_done()

    def write(self, vals):
        """F19: the day on which goods left is not rewritten afterwards."""
        if "date_done" in vals and not self.move_ids._is_validating():
            done = self.filtered(lambda picking: picking.state == "done" and picking.date_done)
            done.move_ids._refuse_hand_made("date")
        return super().write(vals)
