from odoo import api, models
from odoo.exceptions import UserError

from .stock_location_rules import EFFECTIVE_RULES

# What is worked out from the chosen rules and from the goods.
DERIVED_FIELDS = {*EFFECTIVE_RULES, "segregation_pending"}


class StockLocation(models.Model):
    """A rule holds until somebody chooses another one, and goods change warehouses by moves."""

    _inherit = "stock.location"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._refuse_derived_rules(vals)
            # A default of the context is no choice either.
            vals_list = [{**vals, "segregation_pending": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_derived_rules(vals)
        if "location_id" in vals:
            self._refuse_to_leave_with_goods(self.browse(vals["location_id"] or ()))
        return super().write(vals)

    @api.model
    def _refuse_derived_rules(self, vals):
        if DERIVED_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "The rule in force follows from “Lots Apart” and “Owners Apart” of the location"
                    " and of those above it. Choose the rule there."
                )
            )

    def _refuse_to_leave_with_goods(self, parent):
        """Refuse that goods change warehouses without a move, into lot control or out of it.

        They would come or go past every rule and without a trace.
        """
        for place in self:
            warehouses = place.warehouse_id | parent.warehouse_id
            is_root = place == place.warehouse_id.view_location_id
            if is_root or place.warehouse_id == parent.warehouse_id:
                continue
            if not any(warehouses.mapped("lot_control")):
                continue
            goods = (
                self.env["stock.quant"]
                .sudo()
                .search([("location_id", "child_of", place.id), ("quantity", "!=", 0)], limit=1)
            )
            if goods:
                raise UserError(
                    self.env._(
                        "%(bin)s cannot become part of another warehouse while goods are recorded"
                        " there (%(goods)s in %(place)s). Make a transfer for them first.",
                        bin=place.display_name,
                        goods=goods._get_goods_name(),
                        place=goods.location_id.display_name,
                    )
                )
