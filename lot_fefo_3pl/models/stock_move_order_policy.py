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
        named = [vals for vals in vals_list if vals.get("lot_policy_id")]
        if named and not self._may_name_policy() and not all(map(self._brings_policy, named)):
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

    def _brings_policy(self, vals):
        """Whether the line that a new one is split off or returned from names its policy."""
        moves = self.sudo().browse(vals.get("origin_returned_move_id") or ())
        moves |= self.env["stock.picking"].sudo().browse(vals.get("picking_id") or ()).move_ids
        return any(
            (move.product_id.id, move.lot_policy_id.id)
            == (vals.get("product_id"), vals["lot_policy_id"])
            for move in moves
        )

    def _refuse_to_name_policy(self):
        raise AccessError(
            self.env._(
                "Only a Lot Supervisor gives an order line rules of its own. Ask a supervisor, or"
                " ship it by the rules of its brand and customer."
            )
        )
