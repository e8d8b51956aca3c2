from odoo import api, fields, models


class StockMoveLineCorrect(models.TransientModel):
    """A supervisor corrects what a done line says, with a reason."""

    _name = "stock.move.line.correct"
    _description = "Correct a Done Line"

    line_id = fields.Many2one("stock.move.line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="line_id.product_id")
    lot_id = fields.Many2one(
        "stock.lot",
        compute="_compute_lot_id",
        store=True,
        readonly=False,
        domain="[('product_id', '=', product_id)]",
    )
    owner_id = fields.Many2one(
        "res.partner", compute="_compute_owner_id", store=True, readonly=False
    )
    quantity = fields.Float(
        compute="_compute_quantity", store=True, readonly=False, digits="Product Unit"
    )
    reason = fields.Text(required=True)

    @api.depends("line_id")
    def _compute_lot_id(self):
        for dialog in self:
            dialog.lot_id = dialog.line_id.lot_id

    @api.depends("line_id")
    def _compute_owner_id(self):
        for dialog in self:
            dialog.owner_id = dialog.line_id.owner_id

    @api.depends("line_id")
    def _compute_quantity(self):
        for dialog in self:
            dialog.quantity = dialog.line_id.quantity

    def action_correct(self):
        """Write what differs."""
        self.ensure_one()
        line = self.line_id
        vals = {name: self[name].id for name in ("lot_id", "owner_id") if self[name] != line[name]}
        if line.product_uom_id.compare(self.quantity, line.quantity):
            vals["quantity"] = self.quantity
        line._correct(vals, self.reason)
        return {"type": "ir.actions.act_window_close"}
