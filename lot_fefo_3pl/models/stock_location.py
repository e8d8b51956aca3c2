from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    lot_control = fields.Boolean(related="warehouse_id.lot_control")
