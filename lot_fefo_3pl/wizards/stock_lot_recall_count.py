from odoo import fields, models


class StockLotRecallCount(models.TransientModel):
    """What was found in one place; the recall keeps it."""

    _name = "stock.lot.recall.count"
    _description = "Count Recalled Goods"

    stock_id = fields.Many2one("stock.lot.recall.stock", required=True, ondelete="cascade")
    location_id = fields.Many2one(related="stock_id.location_id")
    lot_id = fields.Many2one(related="stock_id.lot_id")
    expected = fields.Float(related="stock_id.quantity", string="In the System")
    quantity = fields.Float("Found", digits="Product Unit")
    note = fields.Char(help="Where else it was found, damage, or why it is missing.")

    def action_count(self):
        """Record the count."""
        self.ensure_one()
        self.stock_id.record_count(self.quantity, self.note)
        return {"type": "ir.actions.act_window_close"}
