from odoo import models

from ..tools.lot_choice import Candidate, Limits, choose_lots

LIMITED = ("lots_per_line", "lots_per_order", "date_spread")


class StockMove(models.Model):
    """How many lots a line and an order may mix, and how far apart their dates may lie.

    These rules are about goods together, so no domain on single quants can say them: the lots are
    chosen first, then reserved one after the other.
    """

    _inherit = "stock.move"

    def _is_allocated_in_pass(self):
        return super()._is_allocated_in_pass() and not self._get_lot_limits()

    def _update_reserved_quantity_vals(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        limits = not strict and not lot_id and self._get_lot_limits()
        if not limits:
            return super()._update_reserved_quantity_vals(
                need, location_id, lot_id, package_id, owner_id, strict
            )
        vals_list, reserved = [], 0.0
        for lot in self._choose_lots(need, location_id, limits):
            vals, taken = super()._update_reserved_quantity_vals(
                need - reserved, location_id, lot, package_id, owner_id, strict
            )
            vals_list += vals
            reserved += taken
        return vals_list, reserved

    def _get_lot_limits(self):
        """The limits of the ``line`` and the ``order``, and whether to ``hold``; empty for none."""
        self.ensure_one()
        policies = self.env["stock.lot.policy"]
        if (
            not any(policies._is_anywhere(name, "limit") for name in LIMITED)
            or self.product_id.tracking != "lot"
            or not self._takes_lot_controlled()
        ):
            return {}
        demand = self._get_lot_demand(reserving=True)
        if not demand.leaving:
            return {}

        def number(setting, field_name):
            return demand.setting(field_name) if demand.setting(setting) == "limit" else None

        per_line = number("lots_per_line", "lots_per_line_number")
        per_order = number("lots_per_order", "lots_per_order_number")
        spread = number("date_spread", "date_spread_days")
        if per_line is None and per_order is None and spread is None:
            return {}
        return {
            "line": Limits(per_line, spread),
            "order": Limits(per_order, spread),
            "hold": demand.setting("lot_shortage") == "hold",
        }

    def _choose_lots(self, need, location, limits):
        """The lots to reserve, in the order of the rotation; none when the policy says to wait."""
        own = self._get_lot_candidates(self.move_line_ids)
        order = self._get_lot_candidates(self._get_order_lines())
        both = _Both(limits["line"], limits["order"], own, order)
        lots, filled = choose_lots(self._get_free_lots(location), need, both, own)
        if limits["hold"] and not filled:
            return self.env["stock.lot"]
        return self.env["stock.lot"].browse(lots)

    def _get_free_lots(self, location):
        """The fit lots below ``location`` with free goods, in the order of the rotation."""
        quants = (
            self._with_lot_demand()
            .env["stock.quant"]
            .sudo()
            ._gather(self.product_id, location, strict=False)
        )
        free = {}
        for quant in quants.filtered("lot_id"):
            free.setdefault(quant.lot_id, 0.0)
            free[quant.lot_id] += quant.quantity - quant.reserved_quantity
        return [
            self._to_candidate(lot, quantity)
            for lot, quantity in free.items()
            if self.product_id.uom_id.compare(quantity, 0) > 0
        ]

    def _get_lot_candidates(self, lines):
        return [self._to_candidate(lot, 0.0) for lot in lines.lot_id]

    def _to_candidate(self, lot, quantity):
        day = self._get_lot_warehouse()._get_lot_day(lot.expiration_date)
        return Candidate(lot.id, quantity, day or None)

    def _get_order_lines(self):
        """The lines of the same product in the whole transfer."""
        moves = self.picking_id.move_ids if self.picking_id else self
        return moves.move_line_ids.filtered(lambda line: line.product_id == self.product_id)

    def _get_limit_obstacles(self):
        """(code, message) of each limit that the lines of this move break."""
        limits = self._get_lot_limits()
        if not limits:
            return
        own = self._get_lot_candidates(self.move_line_ids)
        order = self._get_lot_candidates(self._get_order_lines())
        for chosen, limit in ((own, limits["line"]), (order, limits["order"])):
            if not limit._replace(days=None).allow(chosen):
                yield (
                    "too_many_lots",
                    self.env._(
                        "%(lots)s lots, the policy allows %(limit)s",
                        lots=len(chosen),
                        limit=limit.lots,
                    ),
                )
        if not limits["order"]._replace(lots=None).allow(order):
            yield (
                "dates_apart",
                self.env._(
                    "expiry dates more than %(days)s days apart in one order",
                    days=limits["order"].days,
                ),
            )


class _Both:
    """The limits of the line and of the order at once."""

    def __init__(self, line, order, own, others):
        self.line, self.order = line, order
        self.others = [candidate for candidate in others if candidate not in own]

    def allow(self, chosen):
        return self.line.allow(chosen) and self.order.allow([*chosen, *self.others])
