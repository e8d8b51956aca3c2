from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .stock_move_line import LotObstacle

OUTSIDE = ("supplier", "production", "inventory")


class StockMoveLine(models.Model):
    """Ways around the rules that lead through another place.

    Goods reach a customer from our places only, a transfer takes goods of its own warehouse, and
    goods that are held in one place are not carried to where they are free.
    """

    _inherit = "stock.move.line"

    def _check_lot_done(self, taken=False):  # pylint: disable=missing-return
        super()._check_lot_done(taken)
        self._check_detour()

    def _get_lot_obstacles(self, taken=False):
        obstacles = super()._get_lot_obstacles(taken)
        for line, message in (*self._find_other_warehouse(), *self._find_carried_from_hold()):
            obstacles.setdefault(line, []).append(LotObstacle("other_place", message, None))
        return obstacles

    def _find_other_warehouse(self):
        """(line, words) for lines that take goods of another warehouse than their move."""
        for line in self:
            theirs = line.location_id.warehouse_id
            if theirs and theirs != line.move_id._get_lot_warehouse():
                yield (
                    line,
                    self.env._(
                        "the goods are in %(warehouse)s, the transfer takes them from %(place)s",
                        warehouse=theirs.name,
                        place=line.move_id.location_id.display_name,
                    ),
                )

    def _find_carried_from_hold(self):
        """(line, words) for lines that carry held goods to where the hold does not reach."""
        inside = self.filtered(
            lambda line: line.lot_id and line.location_dest_id.usage in ("internal", "transit")
        )
        if not inside:
            return
        holds = self.env["stock.lot.hold"].sudo()
        placed = holds.search(
            [
                ("product_id", "in", inside.product_id.ids),
                ("location_id", "!=", False),
                ("is_active", "=", True),
            ]
        ).filtered(lambda hold: not hold.blocks_nothing)
        for hold in placed:
            for line in inside.filtered_domain(hold._get_quant_domain()):
                if not line.location_dest_id._keeps_held(hold.location_id):
                    yield (
                        line,
                        self.env._(
                            "held for %(reason)s in %(place)s; elsewhere it would be free. Move it"
                            " to a place that is not for orders, or ask QA",
                            reason=hold.reason_id.name,
                            place=hold.location_id.display_name,
                        ),
                    )

    def _check_detour(self):
        """D07 F15: goods that went from us to a supplier, into production or out of the books are
        not handed to a customer from there: nobody would look at them.

        :raises ValidationError: naming the goods and the place.
        """
        leaving = self.filtered(
            lambda line: (
                line.lot_id
                and line.location_dest_id.usage == "customer"
                and line.location_id.usage in OUTSIDE
            )
        )
        if not leaving or not self.env["stock.warehouse"].sudo()._has_lot_control():
            return
        ours = (
            self.sudo()
            .search(
                Domain("lot_id", "in", leaving.lot_id.ids)
                & Domain("location_dest_id.usage", "in", leaving.location_id.mapped("usage"))
                & Domain("location_id.warehouse_id.lot_control", "=", True)
                & Domain("state", "=", "done")
            )
            .grouped(lambda line: (line.lot_id, line.location_dest_id.usage))
        )
        for line in leaving:
            if (line.lot_id, line.location_id.usage) in ours:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s of %(product)s has gone from the warehouse to %(place)s. Bring"
                        " it back into stock first, then deliver it from there.",
                        lot=line.lot_id.name,
                        product=line.product_id.display_name,
                        place=line.location_id.display_name,
                    )
                )
