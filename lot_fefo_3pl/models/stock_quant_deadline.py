from odoo import fields, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    lot_alert = fields.Boolean("On Alert", related="lot_id.lot_alert")
    lot_alert_summary = fields.Char("Alert", related="lot_id.lot_alert_summary")
