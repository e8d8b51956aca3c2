from collections import defaultdict

from odoo import api, fields, models


class StockLotRecallLine(models.Model):
    _name = "stock.lot.recall.line"
    _description = "Recalled Lot"
    _order = "recall_id, id"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade", index=True)
    lot_id = fields.Many2one("stock.lot", required=True, ondelete="restrict", index=True)
    through = fields.Char(
        help="How units of a recalled lot came into this one. Empty for the lots that were named.",
        readonly=True,
    )
    product_id = fields.Many2one(related="lot_id.product_id")
    expiration_date = fields.Datetime(related="lot_id.expiration_date")
    uom_id = fields.Many2one(related="lot_id.product_id.uom_id")
    quantity = fields.Float("Shipped", digits="Product Unit", readonly=True)
    returned = fields.Float(digits="Product Unit", readonly=True)
    net = fields.Float("With Customers", digits="Product Unit", readonly=True)
    on_hand = fields.Float(digits="Product Unit", readonly=True)

    _lot_uniq = models.UniqueIndex("(recall_id, lot_id)", "A lot is in a recall once.")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._check_draft()

    def _check_draft(self):
        if not self.env.su and any(recall.state != "draft" for recall in self.recall_id):
            raise self.recall_id[:1]._frozen_error()

    def _add_descendants(self):
        """Add the lots of the same brand that units of these lots went into.

        :return: the lots of other brands: each brand needs a recall of its own.
        """
        recall = self.recall_id
        lots = self.lot_id
        ways = self.env["stock.lot.genealogy"]._get_ways(lots, "down")
        reached = lots.browse(ways) - recall.line_ids.lot_id
        ours = reached.filtered(
            lambda lot: lot.owner_id in (recall.owner_id, lot.owner_id.browse())
        )
        self.sudo().create(
            [
                {"recall_id": recall.id, "lot_id": lot.id, "through": ways[lot.id].text}
                for lot in ours
            ]
        )
        return reached - ours

    def _set_figures(self, rows, stock):
        """Store what the snapshot found, lot by lot."""
        sums = defaultdict(lambda: dict.fromkeys(("quantity", "returned", "net", "on_hand"), 0.0))
        for row in rows:
            for name in ("quantity", "returned", "net"):
                sums[row["lot_id"]][name] += row[name]
        for found in stock:
            sums[found.lot_id.id]["on_hand"] += found.quantity
        for line in self:
            line.write(sums[line.lot_id.id])
