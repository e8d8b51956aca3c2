from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"list.csv": "text/csv; charset=utf-8", "list.xlsx": XLSX, "exercise.xlsx": XLSX}


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
