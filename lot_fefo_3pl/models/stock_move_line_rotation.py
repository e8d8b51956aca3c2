from collections import defaultdict

from odoo import fields, models

from .stock_move_line_verification import CORRECTING


class StockMoveLine(models.Model):
    """Whether goods left in the order of the rotation: judged when they leave, and kept."""

    _inherit = "stock.move.line"

    lot_rotation = fields.Selection(
        [
            ("kept", "In order"),
            ("broken", "Out of order"),
            ("free", "Any order allowed"),
        ],
        "Rotation",
        readonly=True,
        copy=False,
        help="Whether these were the goods that the policy put first when they left their bin.",
    )

    _lot_rotation_idx = models.Index("(date) WHERE lot_rotation IS NOT NULL")

    def _get_lot_obstacles(self, taken=False):
        """Whose turn it is is asked of orders, before they leave."""
        obstacles = super()._get_lot_obstacles(taken)
        if self.env.context.get("lot_fefo_3pl_correcting") is CORRECTING:
            return _without_deviation(obstacles, obstacles)
        return _without_deviation(
            obstacles,
            [line for line in _find_deviating(obstacles) if not line._is_out_of_turn()],
        )

    def _is_out_of_turn(self):
        return self.move_id._is_lot_order() and not self._is_overtaken()

    def _is_overtaken(self):
        """Whether all goods that go before those of this line came in after it was scanned."""
        scan = (
            self.env["stock.lot.scan"]
            .sudo()
            .search(
                [
                    ("result", "=", "ok"),
                    ("move_ref", "=", self.move_id.id),
                    ("lot_id", "=", self.lot_id.id),
                    ("location_id", "=", self.location_id.id),
                ],
                order="id",
                limit=1,
            )
        )
        if not scan:
            return False
        demand = self.move_id._get_lot_demand(operation=self._get_lot_operation())
        rule = self.env["stock.lot.rule.deviation"]
        quants = self._get_source_quants()[self]
        return not any(rule._find_first(quant, demand, until=scan.date) for quant in quants)

    def _mark_rotation(self, obstacles):
        """Keep with each line that leaves its bin for an order whether it was its turn.

        :param dict obstacles: what stood against the lines, see ``_get_lot_obstacles``.
        """
        if self.env.context.get("lot_fefo_3pl_correcting"):
            # A correction states what has left: it is not stopped, and judged all the same.
            judged = self.with_context(lot_fefo_3pl_correcting=False)
            obstacles = judged._get_lot_obstacles(taken=True)
        deviating = self.browse().union(*_find_deviating(obstacles))
        rule = self.env["stock.lot.rule.deviation"]
        marks = defaultdict(self.browse)
        for demand, lines in self._group_by_demand().items():
            if not demand.leaving:
                continue
            asked = rule._is_asked(demand)
            for line in lines.filtered(lambda line: line.move_id._is_lot_order()):
                if not line.location_id._is_lot_staging():
                    kept = "broken" if line in deviating else "kept"
                    marks[kept if asked else "free"] |= line
        for mark, lines in marks.items():
            lines.sudo().lot_rotation = mark


def _find_deviating(obstacles):
    return [
        line
        for line, found in obstacles.items()
        if any(obstacle.code == "deviation" for obstacle in found)
    ]


def _without_deviation(obstacles, lines):
    """``obstacles`` without that of the rotation for ``lines``."""
    left = {
        line: [obstacle for obstacle in found if obstacle.code != "deviation" or line not in lines]
        for line, found in obstacles.items()
    }
    return {line: found for line, found in left.items() if found}
