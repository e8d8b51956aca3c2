from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    lot_overflow_location_id = fields.Many2one(
        "stock.location",
        string="Overflow Location",
        check_company=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', id)]",
        help="Where put-away by lot sends goods for which no location has room. Made beside the"
        " stock zone, so that nothing is picked from it.",
    )

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
        self._create_overflow_locations()
        return res

    def _create_overflow_locations(self):
        without = self.filtered(lambda warehouse: not warehouse.lot_overflow_location_id)
        locations = self.env["stock.location"].create(
            [
                {
                    "name": self.env._("Overflow"),
                    "location_id": warehouse.view_location_id.id,
                    "usage": "internal",
                    "company_id": warehouse.company_id.id,
                }
                for warehouse in without
            ]
        )
        for warehouse, location in zip(without, locations, strict=True):
            warehouse.lot_overflow_location_id = location
