from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    lot_hold_ids = fields.One2many("stock.lot.hold", "product_id", "Holds")
