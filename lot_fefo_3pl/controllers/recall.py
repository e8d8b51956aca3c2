from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
TYPES = {
    "list.csv": "text/csv; charset=utf-8",
    "list.xlsx": XLSX,
    "exercise.xlsx": XLSX,
    "letter.pdf": PDF,
    "status.pdf": PDF,
    "status.xlsx": XLSX,
}


class RecallController(Controller):
    @route(
        "/lot_fefo_3pl/recall/<int:recall_id>/<string:name>",
        type="http",
        auth="user",
        readonly=True,
    )
    def recall_document(self, recall_id, name):
        """A file of a recall that the user may read."""
        recall = request.env["stock.lot.recall"].browse(recall_id).exists()
        if not recall or name not in TYPES:
            raise request.not_found()
        recall.check_access("read")
        file_name = f"recall-{recall.name.replace('/', '-')}-{name}"
        return request.make_response(
            recall._get_document(name),
            headers=[
                ("Content-Type", TYPES[name]),
                ("Content-Disposition", content_disposition(file_name)),
            ],
        )

    @route(
        "/lot_fefo_3pl/recall/<int:recall_id>/frozen/<int:document_id>",
        type="http",
        auth="user",
        readonly=True,
    )
    def recall_frozen_document(self, recall_id, document_id):
        """A file of a closed recall that the user may read, as it was frozen."""
        document = request.env["stock.lot.recall.document"].browse(document_id).exists()
        if not document or document.recall_id.id != recall_id:
            raise request.not_found()
        document.check_access("read")
        return request.make_response(
            document.sudo().attachment_id.raw,
            headers=[
                ("Content-Type", TYPES[document.kind]),
                ("Content-Disposition", content_disposition(document.name)),
            ],
        )
