from odoo import api, fields, models
from odoo.fields import Command

from ..models.stock_lot_recall_notice import METHODS
from ..models.stock_lot_recall_response import FATES, SUB_RECALL


class StockLotRecallAnswer(models.TransientModel):
    """What a customer told on the phone or wrote, typed by QA."""

    _name = "stock.lot.recall.answer"
    _description = "Type a Recall Answer"

    consignee_id = fields.Many2one("stock.lot.recall.consignee", required=True, ondelete="cascade")
    method = fields.Selection(METHODS, "By", required=True, default="phone")
    contact = fields.Char("Answered by")
    phone = fields.Char()
    remarks = fields.Text()
    needs_sub_recall = fields.Boolean(compute="_compute_needs_sub_recall")
    sub_recalled = fields.Selection(SUB_RECALL, "Their Customers Told")
    line_ids = fields.One2many(
        "stock.lot.recall.answer.line",
        "answer_id",
        compute="_compute_lines",
        store=True,
        readonly=False,
    )

    @api.depends("consignee_id")
    def _compute_needs_sub_recall(self):
        for answer in self:
            answer.needs_sub_recall = answer.consignee_id._needs_sub_recall()

    # By itself: what was typed stays, also when the dialog is read again.
    @api.depends("consignee_id")
    def _compute_lines(self):
        for answer in self:
            answer.line_ids = [
                Command.clear(),
                *(
                    Command.create({"lot_id": lot["lot_id"], "quantity": lot["quantity"]})
                    for lot in answer.consignee_id._get_letter_lots()
                ),
            ]

    def action_confirm(self):
        """Keep the answer with the customer; it is checked like one of the reply page."""
        self.ensure_one()
        self.consignee_id.recall_id._check_running()
        self.consignee_id._record_response(
            {line.lot_id.id: {name: line[name] for name in FATES} for line in self.line_ids},
            method=self.method,
            contact=self.contact,
            phone=self.phone,
            remarks=self.remarks,
            sub_recalled=self.sub_recalled,
        )
        return {"type": "ir.actions.act_window_close"}


class StockLotRecallAnswerLine(models.TransientModel):
    _name = "stock.lot.recall.answer.line"
    _description = "Type a Recall Answer for a Lot"

    answer_id = fields.Many2one("stock.lot.recall.answer", required=True, ondelete="cascade")
    lot_id = fields.Many2one("stock.lot", required=True, ondelete="cascade")
    quantity = fields.Float("Received", digits="Product Unit")
    on_hand = fields.Float(digits="Product Unit")
    returned = fields.Float(digits="Product Unit")
    destroyed = fields.Float(digits="Product Unit")
    sold = fields.Float("Sold or Used", digits="Product Unit")
