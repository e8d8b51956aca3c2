from odoo import api, fields, models


class StockLotRecallPreview(models.TransientModel):
    """A letter as its recipient will read it."""

    _name = "stock.lot.recall.preview"
    _description = "Recall Letter Preview"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade")
    consignee_id = fields.Many2one(
        "stock.lot.recall.consignee",
        "Letter to",
        compute="_compute_consignee_id",
        store=True,
        readonly=False,
        domain="[('recall_id', '=', recall_id)]",
    )
    address = fields.Char("E-mail", compute="_compute_letter")
    subject = fields.Char(compute="_compute_letter")
    body = fields.Html(compute="_compute_letter", sanitize=False)

    @api.depends("recall_id")
    def _compute_consignee_id(self):
        for preview in self:
            preview.consignee_id = preview.recall_id.consignee_ids[:1]

    @api.depends("consignee_id")
    def _compute_letter(self):
        for preview in self:
            consignee = preview.consignee_id.with_context(lot_fefo_3pl_preview=True)
            preview.address = consignee._get_notice_email() if consignee else False
            preview.subject = consignee._render_subject() if consignee else False
            preview.body = consignee._render_letter() if consignee else False

    def action_test_send(self):
        """Send me the letters as a test."""
        self.ensure_one()
        return self.recall_id.action_test_send()
