from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockLotDocument(models.Model):
    """A file about one lot, such as a certificate of analysis; its brand reads it when told so."""

    _name = "stock.lot.document"
    _description = "Document of a Lot"
    _order = "id desc"

    lot_id = fields.Many2one("stock.lot", required=True, ondelete="cascade", index=True)
    name = fields.Char("File Name", required=True)
    kind = fields.Selection(
        [
            ("analysis", "Certificate of analysis"),
            ("conformity", "Certificate of conformity"),
            ("origin", "Certificate of origin"),
            ("safety", "Safety data sheet"),
            ("photo", "Photo"),
            ("other", "Other"),
        ],
        required=True,
        default="analysis",
    )
    content = fields.Binary("File", required=True, attachment=True)
    note = fields.Char()
    is_brand_visible = fields.Boolean(
        "Visible to Brand",
        help="The users of the brand can download the file from the lot's page in the portal.",
    )
    owner_id = fields.Many2one(
        "res.partner",
        "Brand",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Who may read the file in the portal. Taken from the lot.",
    )
    company_id = fields.Many2one(related="lot_id.company_id")

    @api.depends("lot_id")
    def _compute_owner_id(self):
        for document in self:
            document.owner_id = document.lot_id.owner_id

    @api.constrains("is_brand_visible", "owner_id")
    def _check_owner_id(self):
        for document in self:
            if document.is_brand_visible and not document.owner_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s is to be visible to the brand, but lot %(lot)s has none: say on"
                        " the document which brand may read it.",
                        name=document.name,
                        lot=document.lot_id.name,
                    )
                )

    def _get_response(self):
        """The file as a download: a browser never shows it as a page of this site."""
        stream = self.env["ir.binary"]._get_stream_from(self, "content", filename=self.name)
        response = stream.get_response(as_attachment=True, max_age=0)
        response.headers["Cache-Control"] = "no-store"
        return response


class StockLot(models.Model):
    _inherit = "stock.lot"

    document_ids = fields.One2many("stock.lot.document", "lot_id", "Documents")
