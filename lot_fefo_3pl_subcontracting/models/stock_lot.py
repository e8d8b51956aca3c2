from odoo import fields, models
from odoo.fields import Domain


class StockLot(models.Model):
    _inherit = "stock.lot"

    moved_with_id = fields.Many2one(
        "res.partner",
        compute="_compute_moved_with_id",
        search="_search_moved_with_id",
        help="To search by: a company that units of the lot were sent to or came from.",
    )

    def _compute_moved_with_id(self):
        # Only to search by: a lot may have moved with many companies.
        self.moved_with_id = False

    def _search_moved_with_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        lines = self.env["stock.move.line"].sudo()
        moved = lines._search(
            Domain("lot_id", "!=", False)
            & Domain("picking_id.partner_id.commercial_partner_id", "in", value)
        )
        return Domain("id", "in", moved.subselect("lot_id"))
