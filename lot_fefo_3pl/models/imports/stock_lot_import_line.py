from odoo import fields, models


class StockLotImportLine(models.Model):
    """What an imported file said, line by line, and what became of it.

    It is also the memory by which a line that comes again is recognised: a line is known by
    warehouse, kind, brand, reference and line number, and is carried out once.
    """

    _name = "stock.lot.import.line"
    _inherit = ["stock.lot.append.only"]
    _description = "Imported Line"
    _order = "id desc"
    _rec_name = "reference"

    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Imported by",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    warehouse_id = fields.Many2one("stock.warehouse", required=True, ondelete="restrict")
    kind = fields.Selection(
        [("inbound", "Inbound"), ("asn", "Announcement"), ("orders", "Orders")], required=True
    )
    file_name = fields.Char()
    row = fields.Integer("File Line", required=True)
    reference = fields.Char(index=True)
    line = fields.Char()
    owner_ref = fields.Integer("Brand ID", help="The brand at that time.")
    content = fields.Json(help="The line as it came, by column.")
    status = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("held", "On hold"),
            ("ask", "Question"),
            ("refused", "Refused"),
        ],
        required=True,
    )
    code = fields.Char(required=True)
    message = fields.Text()
    document = fields.Char("Transfer")
    bin = fields.Char()
    picking_ref = fields.Integer("Transfer ID", help="Set when the line was carried out.")

    _carried_out_uniq = models.UniqueIndex(
        "(warehouse_id, kind, owner_ref, reference, line) WHERE picking_ref > 0",
        "Somebody else is importing the same lines at this moment. Import the file again:"
        " what is done already will be recognised.",
    )

    def action_open_document(self):
        """Open the receipt or delivery that this line went into."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_ref,
            "view_mode": "form",
        }
