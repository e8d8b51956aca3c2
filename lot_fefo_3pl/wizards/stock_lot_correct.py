from odoo import api, fields, models


class StockLotCorrect(models.TransientModel):
    """QA changes the number or a date of a lot that has moved, with a reason."""

    _name = "stock.lot.correct"
    _description = "Correct a Lot"

    lot_id = fields.Many2one("stock.lot", required=True, ondelete="cascade")
    name = fields.Char(
        "Lot Number", required=True, compute="_compute_name", store=True, readonly=False
    )
    expiration_date = fields.Datetime(
        compute="_compute_expiration_date", store=True, readonly=False
    )
    removal_date = fields.Datetime(compute="_compute_removal_date", store=True, readonly=False)
    reason = fields.Text(required=True)

    @api.depends("lot_id")
    def _compute_name(self):
        for dialog in self:
            dialog.name = dialog.lot_id.name

    @api.depends("lot_id")
    def _compute_expiration_date(self):
        for dialog in self:
            dialog.expiration_date = dialog.lot_id.expiration_date

    @api.depends("lot_id")
    def _compute_removal_date(self):
        for dialog in self:
            dialog.removal_date = dialog.lot_id.removal_date

    def action_correct(self):
        """Write what differs."""
        self.ensure_one()
        names = ("name", "expiration_date", "removal_date")
        vals = {name: self[name] for name in names if self[name] != self.lot_id[name]}
        self.lot_id._correct(vals, self.reason)
        return {"type": "ir.actions.act_window_close"}
