from odoo.exceptions import UserError
from odoo.http import request, route

from .portal import FORMATS, READ, LotPortal

# The parts of a lot's page: address, report, and what it is restricted to.
HISTORY = {
    "receipts": ("movement", "received"),
    "shipments": ("shipment", "shipped"),
    "returns": ("movement", "returned"),
    "adjustments": ("movement", "adjusted"),
}
PARTS = f"any(places, {', '.join(HISTORY)})"
SHOWN_ROWS = 10
# What the page says once, above its tables.
SAID_ABOVE = ("product", "lot", "expiry")


class LotPagePortal(LotPortal):
    """One lot of the brand: where it is, what holds it, where it came from and went."""

    @route("/my/lots/<int:lot_id>", **READ)
    def portal_my_lot(self, lot_id, asked=None):
        lot, scope = self._get_visible_lot(lot_id), self._get_lot_scope()
        stock = self._get_lot_report("lot")
        options = {**stock._clean_options({"filterby": "all"}), "lot_id": lot.id}
        rows, __ = stock._get_rows(scope, options)
        values = {
            **self._prepare_lot_layout_values("lot", stock),
            "lot": lot,
            "row": rows[0] if rows else None,
            "balance": stock._get_balance(scope, lot),
            "documents": stock._get_documents(scope, lot),
            "holds": stock._get_holds(scope, lot),
            "requests": stock._get_hold_requests(scope, lot),
            "authority": request.env.user.sudo().commercial_partner_id.lot_hold_authority,
            "asked": asked,
            "sections": [self._prepare_lot_part(lot, scope, part) for part in ("places", *HISTORY)],
        }
        return request.render("lot_fefo_3pl.portal_lot_page", values)

    @route(f"/my/lots/<int:lot_id>/<{PARTS}:part>.<{FORMATS}:kind>", **READ)
    def portal_my_lot_part_file(self, lot_id, part, kind):
        lot = self._get_visible_lot(lot_id)
        name, filterby = HISTORY.get(part, ("place", None))
        return self._export_lot_report(name, kind, {"filterby": filterby}, {"lot_id": lot.id})

    @route("/my/lots/<int:lot_id>/graph", **READ)
    def portal_my_lot_graph(self, lot_id):
        """What the picture of the lot's way is drawn from, as JSON."""
        lot = self._get_visible_lot(lot_id)
        graph = self._get_lot_report("lot")._get_graph(self._get_lot_scope(), lot)
        return request.make_json_response(graph, headers=[("Cache-Control", "no-store")])

    @route("/my/lots/<int:lot_id>/documents/<int:document_id>", **READ)
    def portal_my_lot_document(self, lot_id, document_id):
        """A file that the warehouse put on the lot for the brand."""
        lot = self._get_visible_lot(lot_id)
        report = self._get_lot_report("lot")
        document = report._find_document(self._get_lot_scope(), lot, document_id)
        if not document:
            raise request.not_found()
        return document._get_response()

    @route("/my/lots/<int:lot_id>/hold", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_lot_hold(self, lot_id, reason=""):
        lot, scope = self._get_visible_lot(lot_id), self._get_lot_scope()
        try:
            hold = request.env["stock.lot.hold.request"].sudo()._ask(scope, lot, reason)
        except UserError:
            return request.redirect_query(f"/my/lots/{lot_id}", {"asked": "empty"})
        return request.redirect_query(f"/my/lots/{lot_id}", {"asked": hold.state})

    def _get_visible_lot(self, lot_id):
        """The lot, when it is the user's brand's; otherwise the same answer as for no lot."""
        report = self._get_lot_report("lot")
        lot = report._find_lot(self._get_lot_scope(), lot_id)
        if not lot:
            raise request.not_found()
        return lot

    def _prepare_lot_part(self, lot, scope, part):
        name, filterby = HISTORY.get(part, ("place", None))
        report = self._get_lot_report(name)
        options = {**report._clean_options({"filterby": filterby}), "lot_id": lot.id}
        values = self._prepare_lot_table(report, scope, options, f"/my/lots/{lot.id}/{part}")
        values["part"] = part
        values["rows"] = values["rows"][:SHOWN_ROWS]
        values["columns"] = [
            column for column in values["columns"] if column["name"] not in SAID_ABOVE
        ]
        return values
