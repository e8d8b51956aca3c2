from datetime import date

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.lot_names import display_lot

FIRST_YEAR, LAST_YEAR = 2000, 2099
# As in the index on it: what the names of a product must not have in common.
NAME_KEY = "lower(replace(name, ' ', ''))"


class StockLot(models.Model):
    """One lot of the brand is one lot here: its number is written one way, its date is no guess."""

    _inherit = "stock.lot"

    _name_key_idx = models.Index(f"(product_id, {NAME_KEY})")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["stock.warehouse"]._has_lot_control():
            return super().create(vals_list)
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("name"):
                vals["name"] = display_lot(vals["name"])
        self._check_not_alike(vals_list)
        if self._is_created_on_receipt():
            for vals in vals_list:
                # E02: product_expiry would invent a date from the day of today.
                vals.setdefault("expiration_date", False)
        return super().create(vals_list)

    def _is_created_on_receipt(self):
        """Whether somebody types the number on a receipt, as far as Odoo itself tells."""
        picking = self.env["stock.picking"].browse(self.env.context.get("active_picking_id") or ())
        return picking.exists().picking_type_id.warehouse_id.lot_control

    @api.model
    def _check_not_alike(self, vals_list):
        """E05: "LOT1", "lot1" and "LOT 1" of one product are one lot, written badly."""
        keys = {
            (vals.get("product_id"), _key(vals["name"])): vals["name"]
            for vals in vals_list
            if vals.get("name") and vals.get("product_id")
        }
        if not keys:
            return
        self.flush_model(["product_id", "name", "company_id"])
        found = self.env.execute_query(
            SQL(
                "SELECT product_id, name FROM stock_lot"
                " WHERE product_id = ANY(%s) AND %s = ANY(%s)",
                [product_id for product_id, _name in keys],
                SQL(NAME_KEY),
                [name for _product_id, name in keys],
            )
        )
        for product_id, known in found:
            name = keys.get((product_id, _key(known)))
            if name and name != known:
                raise UserError(
                    self.env._(
                        "Lot %(lot)s of %(product)s is known as %(known)s. Use that number; if the"
                        " label really says otherwise, ask QA.",
                        lot=name,
                        product=self.env["product.product"].browse(product_id).display_name,
                        known=known,
                    )
                )

    @api.constrains("expiration_date")
    def _check_plausible_dates(self):
        """E11: plain Odoo takes a lot that expired in 1970."""
        if not self.env["stock.warehouse"]._has_lot_control():
            return
        for lot in self:
            day = lot.expiration_date and lot.expiration_date.date()
            if day and not date(FIRST_YEAR, 1, 1) <= day <= date(LAST_YEAR, 12, 31):
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s cannot expire on %(day)s. Read the date on the label again.",
                        lot=lot.name,
                        day=day,
                    )
                )


def _key(name):
    return name.lower().replace(" ", "")
