from odoo.http import Controller, content_disposition, request, route


class RecallController(Controller):
    @route("/lot_fefo_3pl/recall/<int:recall_id>/list.csv", type="http", auth="user", readonly=True)
    def recall_list_csv(self, recall_id):
        """The recall list of a recall that the user may read."""
        recall = request.env["stock.lot.recall"].browse(recall_id).exists()
        if not recall:
            raise request.not_found()
        recall.check_access("read")
        name = recall.name.replace("/", "-")
        # The mark makes spreadsheets read the file as UTF-8.
        return request.make_response(
            "\ufeff" + recall._get_recall_list(),
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"recall-list-{name}.csv")),
            ],
        )
