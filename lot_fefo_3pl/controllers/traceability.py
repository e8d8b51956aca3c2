from odoo.http import Controller, content_disposition, request, route

from .recall import XLSX

TYPES = {
    "fsma204.xlsx": XLSX,
    "fsma204.csv": "text/csv; charset=utf-8",
    "epcis.jsonld": "application/ld+json",
}


class TraceabilityController(Controller):
    @route(
        "/lot_fefo_3pl/traceability/<int:export_id>/<string:name>",
        type="http",
        auth="user",
        readonly=True,
    )
    def traceability_document(self, export_id, name):
        """A file of traceability records that the user has asked for."""
        export = request.env["stock.lot.traceability.export"].browse(export_id).exists()
        if export.create_uid != request.env.user or name not in TYPES:
            raise request.not_found()
        return request.make_response(
            export._get_document(name),
            headers=[
                ("Content-Type", TYPES[name]),
                ("Content-Disposition", content_disposition(f"traceability-{name}")),
            ],
        )
