from odoo import api, fields, models

# Trace row to field, where the names are the same.
COPIED = (
    "kind",
    "picking",
    "origin",
    "client_ref",
    "date",
    "day",
    "lot_id",
    "lot",
    "expiry",
    "product_id",
    "product",
    "uom",
    "quantity",
    "returned",
    "net",
    "owner_id",
    "owner",
    "consignee",
    "ship_to",
    "address",
    "phone",
    "email",
    "package",
    "sscc",
    "location_dest",
    "carrier",
    "tracking",
)


class StockLotRecallShipment(models.Model):
    """One delivered line of a recalled lot, copied when the recall was confirmed.

    The texts are copies on purpose: the list must say in two years what it says today.
    """

    _name = "stock.lot.recall.shipment"
    _inherit = ["stock.lot.recall.copy"]
    _description = "Recalled Delivery"
    _order = "recall_id, date, id"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade", index=True)
    consignee_id = fields.Many2one(
        "stock.lot.recall.consignee", "Recall Customer", ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [("shipment", "Shipment"), ("return", "Return without shipment")], required=True
    )
    picking_id = fields.Many2one("stock.picking", "Delivery", index="btree_not_null")
    picking = fields.Char("Delivery Number")
    origin = fields.Char("Order")
    client_ref = fields.Char("Client Reference")
    date = fields.Datetime()
    day = fields.Date()
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", index=True)
    lot = fields.Char("Lot Number")
    expiry = fields.Datetime()
    product_id = fields.Many2one("product.product", ondelete="restrict")
    product = fields.Char("Product Name")
    uom = fields.Char("Unit")
    quantity = fields.Float("Shipped", digits="Product Unit")
    returned = fields.Float(digits="Product Unit")
    net = fields.Float("Still There", digits="Product Unit")
    owner_id = fields.Many2one("res.partner", ondelete="restrict", index="btree_not_null")
    owner = fields.Char("Owner Name")
    partner_id = fields.Many2one("res.partner", "Customer", ondelete="restrict")
    consignee = fields.Char("Customer Name")
    ship_to = fields.Char()
    address = fields.Char()
    phone = fields.Char()
    email = fields.Char()
    package = fields.Char()
    sscc = fields.Char("SSCC")
    location_dest = fields.Char("Delivered to")
    carrier = fields.Char()
    tracking = fields.Char("Tracking Number")
    company_id = fields.Many2one(related="recall_id.company_id")

    @api.model
    def _create_snapshot(self, recall, rows, consignees):
        """One record per trace row, under its consignee."""
        by_partner = {record.partner_id.id: record.id for record in consignees}
        by_name = {record.name: record.id for record in consignees if not record.partner_id}
        columns = {name: [row[name] for row in rows] for name in COPIED}
        columns["recall_id"] = [recall.id] * len(rows)
        columns["consignee_id"] = [
            by_partner.get(row["consignee_id"]) or by_name.get(row["location_dest"]) for row in rows
        ]
        columns["picking_id"] = [row["picking_id"] for row in rows]
        columns["partner_id"] = [row["consignee_id"] for row in rows]
        copies = self._insert_copies(columns)
        recall.invalidate_recordset()
        consignees.invalidate_recordset(["shipment_ids"])
        return copies

    def action_open_picking(self):
        """Show the transfer, for example to make its return."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "view_mode": "form",
        }

    def _get_list_rows(self):
        """Rows for the recall list, in the words of its columns."""
        calendar = self.env["stock.lot"]._get_retention_calendar(self.company_id[:1])
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return [
            {
                "certainty": kinds[shipment.kind] if shipment.kind != "shipment" else "",
                "consignee": shipment.consignee or shipment.location_dest,
                "ship_to": shipment.ship_to or "",
                "address": shipment.address or "",
                "phone": shipment.phone or "",
                "email": shipment.email or "",
                "order": shipment.origin or "",
                "client_reference": shipment.client_ref or "",
                "delivery": shipment.picking or "",
                "day": shipment.day,
                "product": shipment.product,
                "lot": shipment.lot or "",
                "expiry": calendar._get_lot_day(shipment.expiry) or None,
                "owner": shipment.owner or "",
                "shipped": shipment.quantity,
                "returned": shipment.returned,
                "net": shipment.net,
                "unit": shipment.uom,
                "package": shipment.package or "",
                "sscc": shipment.sscc or "",
                "carrier": shipment.carrier or "",
                "tracking": shipment.tracking or "",
            }
            for shipment in self
        ]
