from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.sheet import to_csv, to_xlsx

# The tables by the address that they have in the portal.
TABLES = {
    "exceptions": "exception",
    "expiring": "expiring",
    "movements": "movement",
    "shipments": "shipment",
    "recalls": "recall",
}
MIMETYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
FORMATS = f"any({', '.join(MIMETYPES)})"
ANY_TABLE = f"any({', '.join(TABLES)})"
MAX_PAGE = 10**6
READ = {
    "type": "http",
    "auth": "user",
    "methods": ["GET"],
    "website": True,
    "readonly": True,
}


class LotPortal(CustomerPortal):
    """What a brand sees of its goods.

    Portal users have no rights on stock. Each route first asks ``_get_lot_scope`` whose goods the
    user may see and passes that to a report, which reads nothing else.
    """

    def _get_lot_scope(self):
        return request.env.user._get_lot_scope()

    def _get_lot_report(self, name):
        return request.env[f"stock.lot.report.{name}"].sudo()

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "lot_count" in counters:
            report = self._get_lot_report("stock")
            values["lot_count"] = int(report._has_lots(self._get_lot_scope()))
        return values

    @route("/my/lots/overview", **READ)
    def portal_my_lot_overview(self):
        report, scope = self._get_lot_report("overview"), self._get_lot_scope()
        rows, __ = report._get_rows(scope, report._clean_options({}))
        recalls = self._get_lot_report("recall")
        values = {
            **self._prepare_lot_layout_values("overview", report),
            "url": "/my/lots/overview",
            "columns": report._get_columns(),
            "rows": rows,
            "alerts": report._get_alerts(scope, rows),
            "recalls": recalls._get_rows(scope, recalls._clean_options({}), limit=5)[0],
            "has_lots": report._has_lots(scope),
        }
        return request.render("lot_fefo_3pl.portal_lot_overview", values)

    @route(f"/my/lots/overview.<{FORMATS}:kind>", **READ)
    def portal_my_lot_overview_file(self, kind):
        return self._export_lot_report("overview", kind, {})

    @route(["/my/lots", "/my/lots/page/<int:page>"], **READ)
    def portal_my_lots(self, page=1, **params):
        return self._render_lot_report("stock", "/my/lots", page, params)

    @route(f"/my/lots.<{FORMATS}:kind>", **READ)
    def portal_my_lots_file(self, kind, **params):
        return self._export_lot_report("stock", kind, params)

    @route(
        [f"/my/lots/<{ANY_TABLE}:table>", f"/my/lots/<{ANY_TABLE}:table>/page/<int:page>"], **READ
    )
    def portal_my_lot_table(self, table, page=1, **params):
        return self._render_lot_report(TABLES[table], f"/my/lots/{table}", page, params)

    @route(f"/my/lots/<{ANY_TABLE}:table>.<{FORMATS}:kind>", **READ)
    def portal_my_lot_table_file(self, table, kind, **params):
        return self._export_lot_report(TABLES[table], kind, params)

    # Any table ---------------------------------------------------------------------------------

    def _prepare_lot_layout_values(self, name, report):
        return {
            **self._prepare_portal_layout_values(),
            "page_name": f"lot_{name}",
            "report": report,
        }

    def _render_lot_report(
        self, name, url, page, params, template="portal_lot_report", fixed=None, **extra
    ):
        """The page of a table; beyond its end the first page is shown.

        :param dict fixed: what restricts the table and no parameter of the address can change.
        :param extra: further values for the template.
        """
        report, scope = self._get_lot_report(name), self._get_lot_scope()
        options = report._clean_options(params)
        # A page that stands in the query instead of the path is text.
        page = max(1, min(int(page), MAX_PAGE)) if str(page).isdecimal() else 1
        values = self._prepare_lot_table(report, scope, {**options, **(fixed or {})}, url, page)
        if page != 1 and not values["rows"]:
            return request.redirect_query(url, options)
        values |= {
            "is_filtered": options != report._clean_options({}),
            "pager": portal_pager(
                url, values["total"], page=page, step=report._page_size, url_args=options
            ),
        }
        layout = self._prepare_lot_layout_values(name, report)
        return request.render(f"lot_fefo_3pl.{template}", {**layout, **values, **extra})

    def _prepare_lot_table(self, report, scope, options, url, page=1):
        """What the template of a table needs."""
        step = report._page_size
        rows, total = report._get_rows(scope, options, limit=step, offset=(page - 1) * step)
        return {
            "report": report,
            "columns": report._get_columns(),
            "options": options,
            "rows": rows,
            "total": total,
            "url": url,
        }

    def _export_lot_report(self, name, kind, params, fixed=None):
        """Every row of what the page shows with the same parameters, as a file."""
        report, scope = self._get_lot_report(name), self._get_lot_scope()
        options = {**report._clean_options(params), **(fixed or {})}
        rows, __ = report._get_rows(scope, options)
        columns = report._get_columns()
        if kind == "pdf":
            content = report._get_pdf(scope, options, rows)
        else:
            header = [column["label"] for column in columns]
            cells = ([row[column["name"]] for column in columns] for row in rows)
            content = (
                to_csv(header, cells)
                if kind == "csv"
                else to_xlsx(report._get_title(), header, cells)
            )
        headers = [
            ("Content-Type", MIMETYPES[kind]),
            ("Content-Disposition", content_disposition(f"{report._get_file_name()}.{kind}")),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
