from odoo import api, fields, models
from odoo.fields import Domain


class StockLot(models.Model):
    _inherit = "stock.lot"

    @api.model
    def _alert_date_exceeded(self):
        """Odoo adds an activity for every lot, which nobody reads. Lots that lie only in
        warehouses under lot control are told about in one activity instead: see
        ``stock.lot.alert.inbox``."""
        if self.env["stock.warehouse"]._has_lot_control():
            here = Domain("quantity", ">", 0) & Domain("location_id.usage", "=", "internal")
            controlled = Domain("location_id.warehouse_id.lot_control", "=", True)
            self.search(
                Domain("alert_date", "<=", fields.Date.today())
                & Domain("product_expiry_reminded", "=", False)
                & Domain("quant_ids", "any", here & controlled)
                & ~Domain("quant_ids", "any", here & ~controlled)
            ).product_expiry_reminded = True
        return super()._alert_date_exceeded()
