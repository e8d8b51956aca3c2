from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def write(self, vals):
        res = super().write(vals)
        if "lot_control" in vals:
            self.view_location_id._check_stock_keeps_segregation()
        return res

    def _enable_lot_control(self):
        """One lot per product in the stock zone, unless somebody has chosen a rule for it."""
        res = super()._enable_lot_control()
        zones = self.lot_stock_id.filtered(lambda zone: zone.lot_segregation == "inherit")
        zones.lot_segregation = "product"
        return res
