from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    owner_id = fields.Many2one(
        "res.partner",
        string="Brand",
        domain="[('parent_id', '=', False)]",
        index="btree_not_null",
        check_company=True,
        help="The client that owns this product. Receipts, lots and orders of the product belong"
        " to it without typing.",
    )
