from odoo import models


class StockMoveLine(models.Model):
    """A package holds the goods of one brand; the warehouse's own goods may be added to it."""

    _inherit = "stock.move.line"

    def _action_done(self):
        res = super()._action_done()
        self.exists()._get_controlled().result_package_id._check_one_owner()
        return res
