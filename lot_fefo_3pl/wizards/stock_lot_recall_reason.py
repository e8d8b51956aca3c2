from odoo import fields, models


class StockLotRecallReason(models.TransientModel):
    """A step of a recall that goes on only with a reason; the recall does it."""

    _name = "stock.lot.recall.reason"
    _description = "Reason for a Recall Step"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade")
    step = fields.Selection(
        [("override", "Send without the brand"), ("close", "Close"), ("reopen", "Reopen")],
        required=True,
    )
    hint = fields.Text(readonly=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Do the step, with the reason."""
        self.ensure_one()
        getattr(self, f"_do_{self.step}")()
        return {"type": "ir.actions.act_window_close"}

    def _do_override(self):
        self.recall_id._override_approval(self.reason)

    def _do_close(self):
        self.recall_id._close(self.reason)

    def _do_reopen(self):
        self.recall_id._reopen(self.reason)
