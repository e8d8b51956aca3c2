from odoo import fields, models
from odoo.exceptions import UserError


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

    is_traceability_listed = fields.Boolean(
        "Food Traceability List",
        help="Food whose receipts and shipments must be shown to the FDA within 24 hours"
        " (FSMA 204, 21 CFR 1 subpart S). Its lot number is the traceability lot code.",
    )

    _lot_retention_not_negative = models.Constraint(
        "CHECK (COALESCE(lot_retention_years, 0) >= 0)",
        "Records cannot be kept for a negative number of years.",
    )

    def write(self, vals):
        if self._is_untracked_by(vals):
            self._check_no_lots_in_stock()
        if "tracking" not in vals:
            return super().write(vals)
        changed = self.filtered(lambda template: template.tracking != vals["tracking"])
        res = super().write(vals)
        if changed:
            changed._check_stock_keeps_segregation()
        return res

    def _is_untracked_by(self, vals):
        """Whether ``vals`` take the tracking away: what is not kept in stock has no lots either."""
        return (
            vals.get("tracking") == "none"
            or not vals.get("is_storable", True)
            or vals.get("type", "consu") != "consu"
        )

    def _check_stock_keeps_segregation(self):
        """Refuse a tracking under which what lies together may not: see what counts as a lot."""
        quants = self.env["stock.quant"].sudo()
        places = quants.search(
            [("product_tmpl_id", "in", self.ids), ("location_id.lot_control", "=", True)]
        ).location_id
        quants._check_segregation_in(places.warehouse_id.view_location_id)

    def _check_no_lots_in_stock(self):
        """E12: plain Odoo lets a product forget the lots of what is in stock."""
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("product_tmpl_id", "in", self.ids),
                    ("lot_id", "!=", False),
                    ("quantity", "!=", 0),
                ]
            )
        )
        for quant in quants.filtered(lambda quant: quant.location_id._is_lot_controlled()):
            raise UserError(
                self.env._(
                    "%(product)s is in stock under lots (%(lot)s in %(bin)s) and goes on being"
                    " tracked. Ship or scrap what is there first.",
                    product=quant.product_id.display_name,
                    lot=quant.lot_id.name,
                    bin=quant.location_id.display_name,
                )
            )
