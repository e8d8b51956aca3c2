from odoo import api, models
from odoo.exceptions import AccessError

from .rules.stock_lot_rule import SUPERVISOR

MAY_NAME = (SUPERVISOR, "stock.group_stock_manager")


class StockMove(models.Model):
    """Who may give one order line rules of its own: they can be laxer than those of the brand."""

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        """Orders and what is split off or returned bring their policy along."""
        named = {
            (vals.get("product_id"), vals["lot_policy_id"])
            for vals in vals_list
            if vals.get("lot_policy_id")
        }
        if named and not self._may_name_policy() and named - self._get_named_policies(named):
            self._refuse_to_name_policy()
        return super().create(vals_list)

    def write(self, vals):
        if "lot_policy_id" in vals and not self._may_name_policy():
            chosen = vals["lot_policy_id"] or False
            if any(move.lot_policy_id.id != chosen for move in self):
                self._refuse_to_name_policy()
        return super().write(vals)

    def _may_name_policy(self):
        return self.env.su or any(self.env.user.has_group(group) for group in MAY_NAME)

    def _get_named_policies(self, named):
        """The (product id, policy id) pairs of ``named`` that an order line has already."""
        groups = self.sudo()._read_group(
            [
                ("product_id", "in", [product_id for product_id, _policy_id in named]),
                ("lot_policy_id", "in", [policy_id for _product_id, policy_id in named]),
            ],
            ["product_id", "lot_policy_id"],
        )
        return {(product.id, policy.id) for product, policy in groups}

    def _refuse_to_name_policy(self):
        raise AccessError(
            self.env._(
                "Only a Lot Supervisor gives an order line rules of its own. Ask a supervisor, or"
                " ship it by the rules of its brand and customer."
            )
        )
