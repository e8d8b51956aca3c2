from odoo import fields, models

from ..models.stock_lot_recall_notice import METHODS


class StockLotRecallContact(models.TransientModel):
    """A letter, call or visit that took place outside the system."""

    _name = "stock.lot.recall.contact"
    _description = "Recall Contact"

    consignee_id = fields.Many2one("stock.lot.recall.consignee", required=True, ondelete="cascade")
    address = fields.Char(related="consignee_id.address")
    phone = fields.Char(related="consignee_id.phone")
    method = fields.Selection(
        [method for method in METHODS if method[0] != "email"], required=True, default="phone"
    )
    note = fields.Char(help="Whom you spoke to, the number of the registered letter ...")

    def action_confirm(self):
        """Put it in the log of the customer."""
        self.ensure_one()
        self.consignee_id._record_contact(self.method, self.note)
        return {"type": "ir.actions.act_window_close"}
