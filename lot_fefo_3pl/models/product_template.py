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
    consumption_days = fields.Integer(
        "Days of Use",
        help="How long one unit lasts the consumer. Added to the remaining life that a policy asks"
        " for.",
    )
    lot_retention_years = fields.Integer(
        "Years to Keep Records",
        help="The records of a lot are kept this long after its expiry and its last movement. 0:"
        " what the company's settings say.",
    )

    _lot_retention_not_negative = models.Constraint(
        "CHECK (COALESCE(lot_retention_years, 0) >= 0)",
        "Records cannot be kept for a negative number of years.",
    )

    def write(self, vals):
        if "tracking" not in vals:
            return super().write(vals)
        changed = self.filtered(lambda template: template.tracking != vals["tracking"])
        res = super().write(vals)
        if changed:
            changed._check_stock_keeps_segregation()
        return res

    def _check_stock_keeps_segregation(self):
        """Refuse a tracking under which what lies together may not: see what counts as a lot."""
        quants = self.env["stock.quant"].sudo()
        places = quants.search(
            [("product_tmpl_id", "in", self.ids), ("location_id.lot_control", "=", True)]
        ).location_id
        quants._check_segregation_in(places.warehouse_id.view_location_id)
