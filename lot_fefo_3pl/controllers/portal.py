from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.sheet import to_csv


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

    @route(
        ["/my/lots", "/my/lots/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_lots(self, page=1, **params):
        return self._render_lot_report("stock", "/my/lots", page, params)

    @route("/my/lots.csv", type="http", auth="user", website=True, readonly=True)
    def portal_my_lots_csv(self, **params):
        return self._export_lot_report("stock", params)

    # Any table ---------------------------------------------------------------------------------

    def _render_lot_report(self, name, url, page, params):
        """The page of a table; beyond its end the first page is shown."""
        report, scope = self._get_lot_report(name), self._get_lot_scope()
        options = report._clean_options(params)
        step = report._page_size
        rows, total = report._get_rows(scope, options, limit=step, offset=(max(page, 1) - 1) * step)
        if page != 1 and not rows:
            return request.redirect_query(url, options)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": f"lot_{name}",
            "report": report,
            "columns": report._get_columns(),
            "filters": report._get_filters(),
            "sortings": report._get_sortings(),
            "options": options,
            "is_filtered": options != report._clean_options({}),
            "rows": rows,
            "total": total,
            "default_url": url,
            "pager": portal_pager(url, total, page=page, step=step, url_args=options),
        }
        return request.render("lot_fefo_3pl.portal_lot_report", values)

    def _export_lot_report(self, name, params):
        """Every row of what the page shows with the same parameters."""
        report = self._get_lot_report(name)
        rows, __ = report._get_rows(self._get_lot_scope(), report._clean_options(params))
        columns = report._get_columns()
        content = to_csv(
            [column["label"] for column in columns],
            ([row[column["name"]] for column in columns] for row in rows),
        )
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"{report._get_file_name()}.csv")),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
