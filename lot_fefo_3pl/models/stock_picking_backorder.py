from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _check_backorder(self):
        """Nobody is asked about a back-order when the policy drops all that is missing."""
        return (
            super()
            ._check_backorder()
            .filtered(
                lambda picking: any(
                    not move._drops_the_rest()
                    for move in picking.move_ids
                    if move.state != "cancel" and move._is_short()
                )
            )
        )
