from odoo import api, fields, models


class StockLotAnnouncement(models.Model):
    """What a brand said a shipment holds (its advance notice), part by part.

    It stays as it was said; what came is on the lines of the receipt and its back-orders.
    """

    _name = "stock.lot.announcement"
    _description = "Announced Goods"
    _order = "picking_id, sscc, id"
    _rec_name = "sscc"

    picking_id = fields.Many2one(
        "stock.picking", "Receipt", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="picking_id.company_id", store=True)
    owner_id = fields.Many2one("res.partner", "Brand", required=True, ondelete="restrict")
    sscc = fields.Char("Pallet (SSCC)", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    lot_name = fields.Char("Lot")
    expiry = fields.Date()
    quantity = fields.Float(digits="Product Unit", required=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    is_received = fields.Boolean("Received", compute="_compute_is_received")

    @api.depends("picking_id.move_line_ids.picked", "picking_id.move_line_ids.result_package_id")
    def _compute_is_received(self):
        """A pallet is received when goods came under its number."""
        numbers = {
            picking: {
                line.result_package_id.name
                for line in picking._get_receipt_chain().move_line_ids
                if line.picked
            }
            for picking in self.picking_id
        }
        for part in self:
            part.is_received = bool(part.sscc) and part.sscc in numbers[part.picking_id]
