from datetime import date

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.lot_names import display_lot, lot_key

FIRST_YEAR, LAST_YEAR = 2000, 2099
# The key of ``tools.lot_names`` in SQL, for names of plain characters; the others are odd.
NAME_KEY = "translate(lower(replace(name, ' ', '')), 'oil', '011')"
ODD_NAME = "name ~ '[^ -~]'"


class StockLot(models.Model):
    """One lot of the brand is one lot here: its number is written one way, its date is no guess."""

    _inherit = "stock.lot"

    _name_key_idx = models.Index(f"(product_id, ({NAME_KEY}))")
    _odd_name_idx = models.Index(f"(product_id) WHERE {ODD_NAME}")

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
        return picking.exists().picking_type_id.warehouse_id._is_lot_controlled()

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
        found = self._find_alike_names(
            [product_id for product_id, _name in keys], [lot_key(name) for name in keys.values()]
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

    @api.model
    def _find_alike_names(self, product_ids, name_keys):
        """The pairs (product id, name) of known lots that one of the keys may stand for.

        :param name_keys: as ``tools.lot_names.lot_key`` makes them; names of other than plain
            characters are all returned, for the caller to compare.
        """
        self.flush_model(["product_id", "name"])
        return self.env.execute_query(
            SQL(
                "SELECT product_id, name FROM stock_lot"
                " WHERE product_id = ANY(%(products)s) AND %(key)s = ANY(%(keys)s)"
                " UNION SELECT product_id, name FROM stock_lot"
                " WHERE product_id = ANY(%(products)s) AND %(odd)s",
                products=list(product_ids),
                keys=list(name_keys),
                key=SQL(NAME_KEY),
                odd=SQL(ODD_NAME),
            )
        )

    @api.model
    def _find_look_alike(self, product, name):
        """The name of a known lot of ``product`` that a person may take for ``name``, or None."""
        key = lot_key(name)
        return next(
            (
                known
                for _product_id, known in self._find_alike_names(product.ids, [key])
                if known != name and lot_key(known) == key
            ),
            None,
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
