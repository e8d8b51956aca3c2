from odoo import fields, models


class StockLotHoldRelease(models.TransientModel):
    _name = "stock.lot.hold.release"
    _description = "Release Held Lots"

    hold_ids = fields.Many2many("stock.lot.hold", required=True)
    reason = fields.Text("Reason of the Release", required=True)

    def action_release(self):
        self.ensure_one()
        self.hold_ids._release(self.reason)
        return {"type": "ir.actions.act_window_close"}
