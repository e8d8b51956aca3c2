from odoo import fields, models


class StockLotHoldStart(models.TransientModel):
    """QA says why; holding is done by the hold itself."""

    _name = "stock.lot.hold.start"
    _description = "Hold Lots"

    lot_ids = fields.Many2many("stock.lot", required=True)
    reason_id = fields.Many2one("stock.lot.hold.reason", required=True)
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
        holds = self.env["stock.lot.hold"]._hold(
            self.lot_ids, self.reason_id, note=self.note, location=self.location_id or None
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Holds"),
            "res_model": "stock.lot.hold",
            "view_mode": "list,form",
            "domain": [("id", "in", holds.ids)],
        }
