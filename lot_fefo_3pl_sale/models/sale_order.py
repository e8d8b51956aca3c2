from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    owner_id = fields.Many2one(
        "res.partner",
        "Brand",
        domain="[('parent_id', '=', False)]",
        check_company=True,
        tracking=True,
        help="The client whose goods are sold. Empty: the brand of each product.",
    )
    lot_control = fields.Boolean(related="warehouse_id.lot_control")

    @api.constrains("owner_id", "order_line")
    def _check_owner_of_products(self):
        """An order of one brand does not sell the goods of another one."""
        for order in self.filtered("owner_id"):
            brand = order.owner_id.commercial_partner_id
            for product in order.order_line.product_id.filtered("owner_id"):
                if product.owner_id.commercial_partner_id != brand:
                    raise ValidationError(
                        self.env._(
                            "%(product)s belongs to %(owner)s, the order is for goods of"
                            " %(brand)s. Leave the brand of the order empty, or make two orders.",
                            product=product.display_name,
                            owner=product.owner_id.display_name,
                            brand=brand.display_name,
                        )
                    )
