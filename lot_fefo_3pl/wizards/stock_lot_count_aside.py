from odoo import fields, models


class StockLotCountAside(models.TransientModel):
    """Where goods were taken that a count has found in a bin where they may not lie."""

    _name = "stock.lot.count.aside"
    _description = "Put Counted Goods Aside"

    line_id = fields.Many2one("stock.lot.count.line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="line_id.product_id")
    lot_name = fields.Char(related="line_id.lot_name", string="Lot")
    quantity = fields.Float(related="line_id.counted_qty", string="Counted")
    warehouse_id = fields.Many2one(related="line_id.warehouse_id")
    location_id = fields.Many2one(
        "stock.location",
        "Taken to",
        required=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', warehouse_id)]",
    )

    def action_put_aside(self):
        """Book the goods there.

        :raises AccessError: when the user is no Lot Supervisor.
        :raises UserError: when they may not lie there either.
        """
        self.ensure_one()
        count = self.line_id.count_id
        count._check_supervisor()
        count.sudo()._put_aside(self.line_id.sudo(), self.location_id)
        return {"type": "ir.actions.act_window_close"}
