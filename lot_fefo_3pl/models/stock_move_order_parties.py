from odoo import models
from odoo.exceptions import AccessError

from .rules.stock_lot_rule import SUPERVISOR

OPEN_STATES = ("confirmed", "waiting", "partially_available", "assigned")
MOVE_FIELDS = frozenset({"date_deadline", "partner_id", "picking_id", "restrict_partner_id"})
PICKING_FIELDS = frozenset({"owner_id", "partner_id"})


class StockMove(models.Model):
    """Whose goods an open order takes, for whom and until when: with them the rules change.

    Another brand or another customer is a supervisor's to set; every change is on record.
    """

    _inherit = "stock.move"

    def write(self, vals):
        if not MOVE_FIELDS & vals.keys():
            return super().write(vals)
        before = self._get_order_parties()
        res = super().write(vals)
        self._check_order_parties(before)
        return res

    def _get_order_parties(self):
        """``{move: (owner, customer, deadline)}`` of the moves of open orders."""
        if not self.env["stock.warehouse"].sudo()._has_lot_control():
            return {}
        return {
            move: move._get_parties_said()
            for move in self
            if move.state in OPEN_STATES
            and move.picking_id
            and move._takes_lot_controlled()
            and move.location_id._get_lot_operation(move.location_dest_id) in ("pick", "ship")
        }

    def _get_parties_said(self):
        customer = self.picking_id.partner_id or self.partner_id
        return (self._get_lot_owner(), customer, self.date_deadline)

    def _check_order_parties(self, before):
        """Refuse what the user may not change since ``before``, and keep the rest on record.

        :raises AccessError: when somebody of the warehouse who is no supervisor gives the order
            goods of another brand, or gives it to another customer.
        """
        changes = {}
        for move, old in before.items():
            for name, before_, now in zip(
                ("owner", "customer", "deadline"), old, move._get_parties_said(), strict=True
            ):
                if before_ != now:
                    changes[(move.picking_id, name, before_, now)] = move
        for (picking, name, old, new), move in changes.items():
            if name != "deadline" and _is_another(name, old, new):
                self._check_may_redirect()
            move._log_order_change(picking, name, old, new)

    def _check_may_redirect(self):
        user = self.env.user
        works_here = user.has_group("stock.group_stock_user")
        if self.env.su or not works_here or user.has_group(SUPERVISOR):
            return
        raise AccessError(
            self.env._(
                "Only a Lot Supervisor gives an open order to another customer, or goods of another"
                " brand to it. Ask a supervisor, or cancel the order and make another one."
            )
        )

    def _log_order_change(self, picking, name, old, new):
        words = {
            "owner": self.env._("Brand"),
            "customer": self.env._("Customer"),
            "deadline": self.env._("Deadline"),
        }
        old, new = (
            str(value or "") if name == "deadline" else value.display_name or ""
            for value in (old, new)
        )
        self.env["stock.lot.audit"]._log(
            picking,
            "order.change",
            owner_ref=self._get_lot_owner().id,
            company_id=self.company_id.id,
            field_name=words[name],
            old_value=old,
            new_value=new,
        )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def write(self, vals):
        if not PICKING_FIELDS & vals.keys():
            return super().write(vals)
        moves = self.move_ids
        before = moves._get_order_parties()
        res = super().write(vals)
        moves._check_order_parties(before)
        return res


def _is_another(name, old, new):
    """Another address of the same customer is none, nor is one where none was said."""
    if name == "customer":
        return bool(old) and old.commercial_partner_id != new.commercial_partner_id
    return old.commercial_partner_id != new.commercial_partner_id
