from collections import defaultdict

from odoo import fields, models

from ..tools.lot_choice import Candidate, Limits, choose_lots

LIMITED = ("lots_per_line", "lots_per_order", "date_spread")


class StockMove(models.Model):
    """How many lots a line and an order may mix, and how far apart their dates may lie.

    These rules are about goods together, so no domain on single quants can say them: the lots are
    chosen first, then reserved one after the other.
    """

    _inherit = "stock.move"

    lot_shortage_reason = fields.Char(
        "Why Short",
        readonly=True,
        copy=False,
        help="Why the order got less than there is: the lots may not be mixed any further.",
    )

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
        """The limits of the ``line`` and the ``order``, and the ``outcome``; empty for none."""
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
            "outcome": demand.setting("lot_shortage"),
        }

    def _choose_lots(self, need, location, limits):
        """The lots to reserve, in the order of the rotation; none when the policy says to wait."""
        own = self._get_lot_candidates(self.move_line_ids)
        order = self._get_lot_candidates(self._get_order_lines())
        both = _Both(limits["line"], limits["order"], own, order)
        candidates = self._get_free_lots(location)
        lots, filled = choose_lots(candidates, need, both, own)
        there = sum(candidate.free for candidate in candidates)
        fits = sum(candidate.free for candidate in candidates if candidate.lot in lots)
        self._explain_shortage(limits, need, there, 0 if filled else fits)
        if limits["outcome"] == "hold" and not filled:
            return self.env["stock.lot"]
        return self.env["stock.lot"].browse(lots)

    def _explain_shortage(self, limits, need, there, fits):
        """Keep why the line gets less than there is; ``fits`` is 0 when it gets what it needs."""
        reason = False
        if fits and self.product_id.uom_id.compare(there, fits) > 0:
            outcome = dict(
                self.env["stock.lot.policy"]
                ._fields["lot_shortage"]
                ._description_selection(self.env)
            )[limits["outcome"]]
            reason = self.env._(
                "%(fits)g of %(need)g fit together (%(limits)s), %(there)g are there. %(outcome)s.",
                fits=min(fits, need),
                need=need,
                there=there,
                limits=self._word_limits(limits),
                outcome=outcome,
            )
        if self.lot_shortage_reason != reason:
            self.lot_shortage_reason = reason

    def _word_limits(self, limits):
        words = []
        if limits["line"].lots is not None:
            words.append(self.env._("lots in a line: %(number)s", number=limits["line"].lots))
        if limits["order"].lots is not None:
            words.append(self.env._("lots in an order: %(number)s", number=limits["order"].lots))
        if limits["order"].days is not None:
            words.append(self.env._("days apart: %(number)s", number=limits["order"].days))
        return ", ".join(words)

    def _drops_the_rest(self):
        """Whether what these goods miss is not sent later."""
        return bool(self.lot_shortage_reason) and (
            self._get_lot_limits().get("outcome") == "cancel"
        )

    def _is_short(self):
        """Whether less is picked than was ordered."""
        return self.product_uom.compare(self._get_picked_quantity(), self.product_uom_qty) < 0

    def _create_backorder(self):
        """The policy may say that what does not fit together is not sent later."""
        dropped = self.filtered(lambda move: move._drops_the_rest())
        return super(StockMove, self - dropped)._create_backorder()

    def _is_lot_chosen_by_limits(self, lot):
        """Whether ``lot`` is taken because earlier ones do not fill the line within the limits."""
        limits = self._get_lot_limits()
        if not limits:
            return False
        own = defaultdict(float)
        for line in self.move_line_ids:
            own[line.lot_id] += line.quantity_product_uom
        others = self._get_lot_candidates(self._get_order_lines() - self.move_line_ids)
        both = _Both(limits["line"], limits["order"], [], others)
        candidates = self._get_free_lots(self.location_id, own)
        lots, _filled = choose_lots(candidates, sum(own.values()), both)
        return lot.id in lots

    def _get_free_lots(self, location, own=()):
        """The fit lots below ``location`` with free goods, in the order of the rotation.

        :param dict own: lot -> quantity that is promised to this very move, free to it.
        """
        quants = (
            self._with_lot_demand()
            .env["stock.quant"]
            .sudo()
            ._gather(self.product_id, location, strict=False)
        )
        free = {}
        for quant in quants.filtered("lot_id"):
            free.setdefault(quant.lot_id, own.get(quant.lot_id, 0.0) if own else 0.0)
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
