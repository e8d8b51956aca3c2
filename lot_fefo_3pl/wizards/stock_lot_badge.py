import base64

from odoo import api, fields, models


class StockLotBadge(models.TransientModel):
    """Shows a new badge once, to be printed. Its number is never stored."""

    _name = "stock.lot.badge"
    _description = "Station Badge"

    user_id = fields.Many2one("res.users", readonly=True, required=True)
    code = fields.Char(compute="_compute_code")
    image = fields.Binary(compute="_compute_code")

    @api.depends_context("lot_badge_code")
    def _compute_code(self):
        code = self.env.context.get("lot_badge_code")
        for badge in self:
            badge.code = code
            badge.image = (
                base64.b64encode(
                    self.env["ir.actions.report"].barcode("QR", code, width=300, height=300)
                )
                if code
                else False
            )
