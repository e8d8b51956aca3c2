from odoo import api, fields, models


class StockLotRecallDestroy(models.TransientModel):
    """What was destroyed, and the evidence of it."""

    _name = "stock.lot.recall.destroy"
    _description = "Destroy Recalled Goods"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade")
    lot_ids = fields.Many2many("stock.lot", compute="_compute_lot_ids")
    quant_id = fields.Many2one(
        "stock.quant",
        "Goods",
        domain="[('lot_id', 'in', lot_ids), ('location_id.usage', '=', 'internal'),"
        " ('quantity', '>', 0)]",
    )
    available = fields.Float(related="quant_id.quantity", string="In That Place")
    quantity = fields.Float(
        "Destroyed",
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
    )
    date = fields.Date("Destroyed on", default=fields.Date.context_today, required=True)
    method = fields.Char(help="Incinerated, shredded, denatured ...")
    performer = fields.Char("Destroyed by", default=lambda self: self.env.user.name)
    witness = fields.Char()
    attachment_ids = fields.Many2many("ir.attachment", string="Certificate or Photos")

    @api.depends("recall_id")
    def _compute_lot_ids(self):
        for wizard in self:
            wizard.lot_ids = wizard.recall_id.line_ids.lot_id

    @api.depends("quant_id")
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = wizard.quant_id.quantity

    def action_confirm(self):
        """Scrap the goods and keep the evidence with the recall."""
        self.ensure_one()
        self.recall_id._destroy(
            self.quant_id,
            self.quantity,
            self.attachment_ids,
            date=self.date,
            method=self.method or "",
            performer=self.performer or "",
            witness=self.witness or "",
        )
        return {"type": "ir.actions.act_window_close"}
