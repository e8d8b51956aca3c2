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
READ = {"type": "http", "auth": "user", "readonly": True}


def make_recall_file(recall, name, content):
    """The answer that carries one of the files of TYPES."""
    return request.make_response(
        content,
        headers=[
            ("Content-Type", TYPES[name]),
            (
                "Content-Disposition",
                content_disposition(f"recall-{recall.name.replace('/', '-')}-{name}"),
            ),
            ("Cache-Control", "no-store"),
        ],
    )


class RecallController(Controller):
    @route("/lot_fefo_3pl/recall/<int:recall_id>/<string:name>", **READ)
    def recall_document(self, recall_id, name):
        """A file of a recall that the user may read."""
        recall = request.env["stock.lot.recall"].browse(recall_id).exists()
        if not recall or name not in TYPES:
            raise request.not_found()
        recall.check_access("read")
        return make_recall_file(recall, name, recall._get_document(name))

    @route("/lot_fefo_3pl/recall/<int:recall_id>/frozen/<int:document_id>", **READ)
    def recall_frozen_document(self, recall_id, document_id):
        """A file of a closed recall that the user may read, as it was frozen."""
        document = request.env["stock.lot.recall.document"].browse(document_id).exists()
        if not document or document.recall_id.id != recall_id:
            raise request.not_found()
        document.check_access("read")
        content = document.sudo().attachment_id.raw
        return make_recall_file(document.recall_id, document.kind, content)
