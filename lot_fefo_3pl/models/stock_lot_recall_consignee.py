from odoo import api, fields, models

from ..tools.lot_consignees import group_by_consignee

# Group of the trace to field, where the names are the same.
COPIED = (
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


class StockLotRecallConsignee(models.Model):
    """A customer that received recalled units, as it was known when the recall was confirmed."""

    _name = "stock.lot.recall.consignee"
    _inherit = ["stock.lot.recall.copy"]
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
        groups = group_by_consignee(rows)
        columns = {name: [group[name] for group in groups] for name in COPIED}
        columns["recall_id"] = [recall.id] * len(groups)
        columns["partner_id"] = [group["consignee_id"] for group in groups]
        columns["name"] = [group["consignee"] for group in groups]
        copies = self._insert_copies(columns)
        recall.invalidate_recordset()
        return copies
