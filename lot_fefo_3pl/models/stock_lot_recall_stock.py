from odoo import api, fields, models


class StockLotRecallStock(models.Model):
    """Recalled units that were in the house when the recall was confirmed, bin by bin."""

    _name = "stock.lot.recall.stock"
    _description = "Recalled Stock"
    _order = "recall_id, location_id, id"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade", index=True)
    lot_id = fields.Many2one("stock.lot", required=True, ondelete="restrict", index=True)
    product_id = fields.Many2one(related="lot_id.product_id")
    uom_id = fields.Many2one(related="lot_id.product_id.uom_id")
    location_id = fields.Many2one("stock.location", required=True, ondelete="restrict")
    package = fields.Char()
    owner_id = fields.Many2one("res.partner", ondelete="restrict")
    quantity = fields.Float(digits="Product Unit")
    is_frozen = fields.Boolean(
        "Frozen",
        help="A hold stops these units. In a warehouse without lot control nothing is stopped:"
        " fetch them first.",
    )
    company_id = fields.Many2one(related="recall_id.company_id")

    @api.model
    def _create_snapshot(self, recall, lots):
        """One record per bin, package and owner."""
        rows = self.env["stock.lot.trace"].with_env(recall.env).on_hand(lots.ids)
        locations = self.env["stock.location"].browse({row["location_id"] for row in rows})
        controlled = set(locations.filtered(lambda location: location._is_lot_controlled()).ids)
        return self.create(
            [
                {
                    "recall_id": recall.id,
                    "is_frozen": not recall.is_mock and row["location_id"] in controlled,
                    **{
                        name: row[name]
                        for name in (
                            "lot_id",
                            "location_id",
                            "package",
                            "owner_id",
                            "quantity",
                        )
                    },
                }
                for row in rows
                if row["quantity"]
            ]
        )

    def _get_list_rows(self):
        """Rows for the list of what is on hand, in the words of its columns."""
        return [
            {
                "location": stock.location_id.complete_name,
                "package": stock.package or "",
                "product": stock.product_id.display_name,
                "lot": stock.lot_id.name,
                "owner": stock.owner_id.name or "",
                "quantity": stock.quantity,
                "unit": stock.uom_id.name,
                "frozen": self.env._("yes") if stock.is_frozen else self.env._("no"),
            }
            for stock in self
        ]
