from odoo import fields, models


class StockLotHoldStart(models.TransientModel):
    """QA says why; holding is done by the hold itself."""

    _name = "stock.lot.hold.start"
    _description = "Hold Lots"

    lot_ids = fields.Many2many("stock.lot")
    receipt_id = fields.Many2one(
        "stock.picking", help="Every lot of this receipt, those still to come included."
    )
    reason_id = fields.Many2one(
        "stock.lot.hold.reason",
        required=True,
        default=lambda self: self.env["stock.lot.hold.reason"].search([], limit=1),
    )
    blocks_nothing = fields.Boolean(related="reason_id.blocks_nothing")
    location_id = fields.Many2one(
        "stock.location",
        "Only in",
        domain="[('usage', 'in', ('internal', 'transit', 'view'))]",
        help="Empty: wherever the goods are.",
    )
    note = fields.Text()

    def action_hold(self):
        """Hold the lots and show the holds, what is picked or staged already included."""
        self.ensure_one()
        holds = self.env["stock.lot.hold"]
        if self.receipt_id:
            holds = holds._hold_receipt(self.receipt_id, self.reason_id, note=self.note)
        else:
            holds = holds._hold(
                self.lot_ids, self.reason_id, note=self.note, location=self.location_id or None
            )
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Holds"),
            "res_model": "stock.lot.hold",
        }
        if len(holds) == 1:
            return {**action, "view_mode": "form", "res_id": holds.id}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", holds.ids)]}
