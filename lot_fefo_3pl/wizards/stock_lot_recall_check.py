from odoo import fields, models

from ..models.stock_lot_recall_effectiveness import CHECK_RESULTS


class StockLotRecallCheck(models.TransientModel):
    """What a customer of the sample said."""

    _name = "stock.lot.recall.check"
    _description = "Recall Effectiveness Check"

    consignee_id = fields.Many2one("stock.lot.recall.consignee", required=True, ondelete="cascade")
    phone = fields.Char(related="consignee_id.phone")
    result = fields.Selection(CHECK_RESULTS, required=True)
    note = fields.Char(help="Whom you spoke to and what was said.")

    def action_confirm(self):
        """Keep the result with the customer."""
        self.ensure_one()
        self.consignee_id._record_check(self.result, self.note)
        return {"type": "ir.actions.act_window_close"}
