from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    client_order_ref = fields.Char(related="sale_id.client_order_ref", string="Customer Reference")
