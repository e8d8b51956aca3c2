from odoo.http import Controller, request, route

from ..models.stock_lot_report import MAX_ID
from .portal import ANY_TABLE, TABLES
from .portal_lot import HISTORY, PARTS

BASE = "/lot_fefo_3pl/api/1"
DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
MAX_OFFSET = 10**9
API = {
    "type": "http",
    "auth": "bearer",
    "methods": ["GET"],
    "readonly": True,
    "save_session": False,
}


class LotApi(Controller):
    """The portal's tables as JSON, for a brand's own systems, by the user's API key.

    The same reports, scope and filters as the pages; see docs/portal-api.md.
    """

    @route(f"{BASE}/overview", **API)
    def lot_api_overview(self):
        return self._answer("overview", {})

    @route(f"{BASE}/lots", **API)
    def lot_api_lots(self, **params):
        return self._answer("stock", params)

    @route(f"{BASE}/<{ANY_TABLE}:table>", **API)
    def lot_api_table(self, table, **params):
        return self._answer(TABLES[table], params)

    @route(f"{BASE}/lots/<int:lot_id>", **API)
    def lot_api_lot(self, lot_id):
        scope = request.env.user._get_lot_scope()
        report = self._get_report("lot")
        lot = report._find_lot(scope, lot_id)
        if not lot:
            return self._refuse(404, "no such lot")
        options = {**report._clean_options({"filterby": "all"}), "lot_id": lot.id}
        rows, __ = report._get_rows(scope, options)
        return request.make_json_response(
            {
                "lot": self._pick(report, rows[0]) if rows else {"id": lot.id, "lot": lot.name},
                "balance": report._get_balance(scope, lot),
                "documents": report._get_documents(scope, lot),
                "holds": report._get_holds(scope, lot),
                "requests": report._get_hold_requests(scope, lot),
            }
        )

    @route(f"{BASE}/lots/<int:lot_id>/<{PARTS}:part>", **API)
    def lot_api_lot_part(self, lot_id, part, **params):
        if not self._get_report("lot")._find_lot(request.env.user._get_lot_scope(), lot_id):
            return self._refuse(404, "no such lot")
        name, filterby = HISTORY.get(part, ("place", None))
        return self._answer(name, {**params, "filterby": filterby}, {"lot_id": lot_id})

    @route(f"{BASE}/lots/<int:lot_id>/documents/<int:document_id>", **API)
    def lot_api_lot_document(self, lot_id, document_id):
        scope, report = request.env.user._get_lot_scope(), self._get_report("lot")
        lot = report._find_lot(scope, lot_id)
        document = lot and report._find_document(scope, lot, document_id)
        if not document:
            return self._refuse(404, "no such document")
        return document._get_response()

    @route(f"{BASE}/recalls/<int:recall_id>/customers", **API)
    def lot_api_recall_customers(self, recall_id, **params):
        # The report looks the recall up within the scope: a foreign one has no rows.
        return self._answer("recall_customer", params, {"recall_id": min(recall_id, MAX_ID)})

    def _get_report(self, name):
        return request.env[f"stock.lot.report.{name}"].sudo()

    def _answer(self, name, params, fixed=None):
        """A page of a table, or what is wrong with the request."""
        limit = self._read_number(params.get("limit"), DEFAULT_LIMIT, MAX_LIMIT)
        offset = self._read_number(params.get("offset"), 0, MAX_OFFSET)
        if limit is None or offset is None or limit < 1:
            return self._refuse(
                400, f"limit must be a number from 1 to {MAX_LIMIT}, offset a number from 0"
            )
        report = self._get_report(name)
        options = {**report._clean_options(params), **(fixed or {})}
        rows, total = report._get_rows(
            request.env.user._get_lot_scope(), options, limit=limit, offset=offset
        )
        cap = report._total_cap
        return request.make_json_response(
            {
                "rows": [self._pick(report, row) for row in rows],
                "total": min(total, cap) if cap else total,
                "is_total_exact": not cap or total <= cap,
                "limit": limit,
                "offset": offset,
                "options": options,
            }
        )

    def _pick(self, report, row):
        """The columns of a row and the ids that lead further."""
        names = [column["name"] for column in report._get_columns()]
        return {name: row[name] for name in (*names, "id", "lot_id", "bucket") if name in row}

    def _read_number(self, text, default, most):
        """``text`` as a number from 0 to ``most``; None when it is not one."""
        if text in (None, ""):
            return default
        return int(text) if text.isdecimal() and int(text) <= most else None

    def _refuse(self, status, message):
        return request.make_json_response({"error": message}, status=status)
