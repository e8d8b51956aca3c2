from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .stock_move_line_verification import CORRECTING

MARK_FIELDS = frozenset({"lot_rotation", "lot_rotation_user_id"})
# Other values of these are other goods.
JUDGED_FIELDS = frozenset(
    {"lot_id", "location_id", "owner_id", "package_id", "product_id", "quant_id"}
)


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

    lot_rotation_user_id = fields.Many2one(
        "res.users",
        "Picked by",
        readonly=True,
        copy=False,
        help="Who scanned these goods, or without a scan who let them leave.",
    )

    _lot_rotation_idx = models.Index("(date) WHERE lot_rotation IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in MARK_FIELDS}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """Other goods have not been judged; and nobody judges by hand."""
        if MARK_FIELDS & vals.keys() and not self.env.su:
            raise UserError(self.env._("Whether goods leave in order is found, not written."))
        res = super().write(vals)
        if JUDGED_FIELDS & vals.keys():
            judged = self.filtered(lambda line: line.lot_rotation and line.state != "done")
            judged.sudo().lot_rotation = False
        return res

    def _get_lot_obstacles(self, taken=False):
        """Whose turn it is is asked of orders, once: when they are scanned, else when they leave.

        What arrives, is released or is given back after the scan does not stop an order.
        """
        obstacles = super()._get_lot_obstacles(taken)
        if self.env.context.get("lot_fefo_3pl_correcting") is CORRECTING:
            return _without_deviation(obstacles, obstacles)
        return _without_deviation(
            obstacles,
            [line for line in _find_deviating(obstacles) if line._is_in_turn()],
        )

    def _is_in_turn(self):
        """Whether these are the right goods, though others would go first."""
        move = self.move_id
        judged = self.state != "done" and self.lot_rotation == "kept"
        return judged or not move._is_lot_order() or move._is_lot_chosen_by_limits(self.lot_id)

    def _mark_rotation(self, obstacles):
        """Keep with each line that is scanned or leaves its bin for an order if it was its turn.

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
            lines.filtered(lambda line, mark=mark: line.lot_rotation != mark).sudo().write(
                {"lot_rotation": mark, "lot_rotation_user_id": self.env.uid}
            )


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
