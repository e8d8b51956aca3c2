from odoo import api, models
from odoo.fields import Domain
from odoo.tools import human_size

from .stock_lot_report import MAX_ID


class StockLotReportLot(models.AbstractModel):
    """The files of a lot that its brand may read."""

    _inherit = "stock.lot.report.lot"

    @api.model
    def _get_document_domain(self, scope, lot):
        return (
            Domain("lot_id", "=", lot.id)
            & Domain("is_brand_visible", "=", True)
            & Domain("owner_id", "in", scope.owner_ids)
        )

    @api.model
    def _find_document(self, scope, lot, document_id):
        """The lot's document with this id if the brand may read it, else an empty recordset."""
        documents = self.env["stock.lot.document"]
        if document_id > MAX_ID:
            return documents
        return documents.search(
            self._get_document_domain(scope, lot) & Domain("id", "=", document_id)
        )

    @api.model
    def _get_documents(self, scope, lot):
        """The documents that the brand may read, newest first."""
        documents = self.env["stock.lot.document"].search(self._get_document_domain(scope, lot))
        kinds = dict(documents._fields["kind"]._description_selection(self.env))
        sizes = self._get_sizes(documents)
        calendar = self._get_calendar(scope)
        return [
            {
                "id": document.id,
                "name": document.name,
                "kind": kinds[document.kind],
                "note": document.note or "",
                "size": human_size(sizes.get(document.id, 0)),
                "day": calendar._get_lot_day(document.create_date),
            }
            for document in documents
        ]

    @api.model
    def _get_sizes(self, documents):
        """The size of each file in bytes, without reading the files."""
        files = self.env["ir.attachment"].search_fetch(
            [
                ("res_model", "=", documents._name),
                ("res_field", "=", "content"),
                ("res_id", "in", documents.ids),
            ],
            ["res_id", "file_size"],
        )
        return {file.res_id: file.file_size for file in files}
