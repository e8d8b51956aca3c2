from odoo import api, fields, models
from odoo.exceptions import UserError


class StockLotRecallFound(models.TransientModel):
    """Recalled units in a place where the system has none."""

    _name = "stock.lot.recall.found"
    _description = "Recalled Goods Found Elsewhere"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade")
    lot_ids = fields.Many2many("stock.lot", compute="_compute_lot_ids")
    lot_id = fields.Many2one("stock.lot", domain="[('id', 'in', lot_ids)]")
    location_id = fields.Many2one(
        "stock.location", "Where", domain="[('usage', 'in', ('internal', 'transit'))]"
    )
    quantity = fields.Float("Found", digits="Product Unit")
    note = fields.Char(help="How it came there, damage, which pallet or box.")

    @api.depends("recall_id")
    def _compute_lot_ids(self):
        for wizard in self:
            wizard.lot_ids = wizard.recall_id.line_ids.lot_id

    def action_confirm(self):
        """Put it in the list of the recall, with who and when."""
        self.ensure_one()
        if not self.lot_id or not self.location_id or self.quantity <= 0:
            raise UserError(self.env._("Say which lot was found, where, and how many units."))
        self.env["stock.lot.recall.stock"]._record_found(
            self.recall_id, self.lot_id, self.location_id, self.quantity, self.note
        )
        return {"type": "ir.actions.act_window_close"}
