from odoo import models

from .rules.stock_lot_rule import SUPERVISOR
from .stock_move_line import LotObstacle


class StockMoveLine(models.Model):
    """One lot of a product in a box, where the policy says so."""

    _inherit = "stock.move.line"

    def _get_lot_obstacles(self, taken=False):
        obstacles = super()._get_lot_obstacles(taken)
        for line, lots in () if taken else self._get_mixed_boxes():
            message = self.env._(
                "box %(box)s holds lots %(lots)s, the policy wants one",
                box=line.result_package_id.name,
                lots=", ".join(lots.mapped("name")),
            )
            obstacles.setdefault(line, []).append(LotObstacle("mixed_box", message, SUPERVISOR))
        return obstacles

    def _get_mixed_boxes(self):
        """Yield the lines whose box holds several lots of their product, with those lots."""
        packed = self.filtered(lambda line: line.result_package_id and line.lot_id)
        if not packed or not self.env["stock.lot.policy"]._is_anywhere("box_lots", "one"):
            return
        for box, lines in packed.grouped("result_package_id").items():
            for product, same in lines.grouped("product_id").items():
                lots = box._get_lots_packed(product) | same.lot_id
                if len(lots) > 1 and same[0]._wants_one_lot_per_box():
                    yield same[0], lots

    def _wants_one_lot_per_box(self):
        operation = self._get_lot_operation()
        if operation not in ("pick", "ship"):
            return False
        return self.move_id._get_lot_demand(operation).setting("box_lots") == "one"


class StockPackage(models.Model):
    _inherit = "stock.package"

    def _get_lots_packed(self, product):
        """The lots of a product that are in this box or about to be."""
        planned = self.env["stock.move.line"].search(
            [
                ("result_package_id", "=", self.id),
                ("product_id", "=", product.id),
                ("state", "not in", ("done", "cancel")),
                ("quantity", ">", 0),
            ]
        )
        return planned.lot_id | self.quant_ids.filtered(lambda q: q.product_id == product).lot_id
