from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        """G08 G18: a chained move takes the goods of the owner that its order is for."""
        return [*super()._get_custom_move_fields(), "restrict_partner_id", "lot_policy_id"]
