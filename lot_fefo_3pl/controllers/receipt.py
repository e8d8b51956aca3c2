from odoo.http import Controller, content_disposition, request, route

from .recall import XLSX

TYPES = {"differences.csv": "text/csv; charset=utf-8", "differences.xlsx": XLSX}


class ReceiptController(Controller):
    @route(
        "/lot_fefo_3pl/receipt/<int:picking_id>/<string:name>",
        type="http",
        auth="user",
        readonly=True,
    )
    def receipt_document(self, picking_id, name):
        """What was announced and what came, for a receipt that the user may read."""
        picking = request.env["stock.picking"].browse(picking_id).exists()
        if not picking or name not in TYPES:
            raise request.not_found()
        picking.check_access("read")
        file_name = f"{picking.name.replace('/', '-')}-{name}"
        return request.make_response(
            picking._get_difference_document(name),
            headers=[
                ("Content-Type", TYPES[name]),
                ("Content-Disposition", content_disposition(file_name)),
            ],
        )
