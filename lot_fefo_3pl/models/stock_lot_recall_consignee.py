from odoo import api, fields, models

from ..tools.lot_consignees import group_by_consignee


class StockLotRecallConsignee(models.Model):
    """A customer that received recalled units, as it was known when the recall was confirmed."""

    _name = "stock.lot.recall.consignee"
    _description = "Recall Customer"
    _order = "recall_id, net desc, id"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", ondelete="restrict", index="btree_not_null"
    )
    name = fields.Char(required=True)
    address = fields.Char()
    phone = fields.Char()
    email = fields.Char()
    deliveries = fields.Integer("Number of Deliveries")
    first_day = fields.Date()
    last_day = fields.Date()
    quantity = fields.Float("Shipped", digits="Product Unit")
    returned = fields.Float(digits="Product Unit")
    net = fields.Float("Still There", digits="Product Unit")
    uom = fields.Char("Unit")
    shipment_ids = fields.One2many("stock.lot.recall.shipment", "consignee_id", "Deliveries")
    company_id = fields.Many2one(related="recall_id.company_id")

    @api.model
    def _create_snapshot(self, recall, rows):
        """One record per consignee of the trace ``rows``."""
        return self.create(
            [
                {
                    "recall_id": recall.id,
                    "partner_id": group["consignee_id"],
                    "name": group["consignee"],
                    **{
                        name: group[name]
                        for name in (
                            "address",
                            "phone",
                            "email",
                            "deliveries",
                            "first_day",
                            "last_day",
                            "quantity",
                            "returned",
                            "net",
                            "uom",
                        )
                    },
                }
                for group in group_by_consignee(rows)
            ]
        )
