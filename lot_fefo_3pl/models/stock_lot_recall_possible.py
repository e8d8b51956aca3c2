from odoo import api, fields, models


class StockLotRecallShipment(models.Model):
    _inherit = "stock.lot.recall.shipment"

    kind = fields.Selection(
        selection_add=[("possible", "Possibly affected")], ondelete={"possible": "cascade"}
    )


class StockLotRecall(models.Model):
    """R7: deliveries without a lot that may have contained recalled units, copied like the others.

    They are a list of their own: no customer is counted or written to because of them, and none
    of them is dropped.
    """

    _inherit = "stock.lot.recall"

    shipment_ids = fields.One2many(domain=[("kind", "!=", "possible")])
    possible_ids = fields.One2many(
        "stock.lot.recall.shipment",
        "recall_id",
        "Possibly Affected",
        domain=[("kind", "=", "possible")],
        help="Deliveries of the same product that carried no lot, while the recalled lots were in"
        " the house. Nobody can tell whether they contained recalled units.",
    )
    possible_count = fields.Integer("Possibly Affected", compute="_compute_possible_count")

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"possible_ids"}

    @api.depends("possible_ids")
    def _compute_possible_count(self):
        counts = dict(
            self.env["stock.lot.recall.shipment"]._read_group(
                [("recall_id", "in", self.ids), ("kind", "=", "possible")],
                ["recall_id"],
                ["__count"],
            )
        )
        for recall in self:
            recall.possible_count = counts.get(recall, 0)

    def _take_snapshot(self, lots, foreign):
        values = super()._take_snapshot(lots, foreign)
        self._add_possible(self.line_ids.lot_id)
        return values

    def _extend_snapshot(self, lots, lines, foreign):
        figures = super()._extend_snapshot(lots, lines, foreign)
        self._add_possible(lines.lot_id)
        return figures

    def _add_possible(self, lots):
        """Copy the deliveries without lot that these lots make doubtful, each once."""
        rows = self.env["stock.lot.trace"].possibly_affected(lots.ids)
        rows = [{**row, "kind": "possible"} for row in rows]
        self.env["stock.lot.recall.shipment"].sudo()._create_snapshot(
            self, self.possible_ids._leave_out_known(rows), self.consignee_ids.browse()
        )

    def _get_open_customer_points(self):
        points = super()._get_open_customer_points()
        if self.possible_count:
            points.append(
                self.env._(
                    "Deliveries without lot that may contain recalled units: %(count)s.",
                    count=self.possible_count,
                )
            )
        return points
