from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _check_lot_scan_fit(self, lines):
        super()._check_lot_scan_fit(lines)
        lines._get_lot_checked()._judge_rotation()
