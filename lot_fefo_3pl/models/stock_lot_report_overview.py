from collections import Counter

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

SAFE_BUCKETS = ("bucket_91", "undated")


class StockLotReportOverview(models.AbstractModel):
    """The stock of a brand by days left: lots, units and value, and how much of it is held."""

    _name = "stock.lot.report.overview"
    _inherit = ["stock.lot.report.stock"]
    _description = "Stock by Days Left"

    @api.model
    def _get_title(self):
        return self.env._("Stock by days left")

    @api.model
    def _get_columns(self):
        return [
            self._column("label", self.env._("Days left")),
            self._column("lots", self.env._("Lots"), "integer"),
            self._column("units", self.env._("Units"), "quantity"),
            self._column("held", self.env._("Held"), "quantity"),
            self._column("value", self.env._("Value at cost"), "money"),
        ]

    @api.model
    def _get_filters(self):
        return {"stock": self.env._("In stock")}

    @api.model
    def _get_sortings(self):
        return {"expiry": self.env._("Expiry date")}

    @api.model
    def _get_groupings(self):
        return {}

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        """One row per bucket, also the empty ones, with its shares (percent) of units and value."""
        totals = {bucket: Counter() for bucket in self._get_buckets()}
        names = list(totals)
        for product_id, number, lots, units, held in self._fetch_totals(scope, options):
            product = self.env["product.product"].browse(product_id)
            totals[names[number]].update(
                lots=lots, units=units, held=held, value=units * product.standard_price
            )
        units, value = (
            sum(total[name] for total in totals.values()) for name in ("units", "value")
        )
        rows = [
            {
                "bucket": bucket,
                "label": label,
                "lots": totals[bucket]["lots"],
                "units": float(totals[bucket]["units"]),
                "held": float(totals[bucket]["held"]),
                "value": float(totals[bucket]["value"]),
                "share": 100 * totals[bucket]["units"] / units if units else 0.0,
                "value_share": 100 * totals[bucket]["value"] / value if value else 0.0,
            }
            for bucket, label in self._get_buckets().items()
        ]
        return rows, len(rows)

    @api.model
    def _fetch_totals(self, scope, options):
        if not self._get_warehouses(scope):
            return []
        totals = self.env.execute_query(
            SQL(
                """
                WITH %(quants)s,
                stock AS (
                    SELECT lot_id, product_id, SUM(quantity) AS on_hand,
                           COALESCE(SUM(quantity) FILTER (WHERE is_held), 0) AS held
                      FROM quant GROUP BY lot_id, product_id HAVING SUM(quantity) <> 0
                )
                SELECT stock.product_id, %(bucket)s, COUNT(*), SUM(on_hand), SUM(held)
                  FROM stock JOIN stock_lot ON stock_lot.id = stock.lot_id
                 GROUP BY 1, 2
                """,
                quants=self._get_quant_query(scope, options, "quant", {"is_held"}),
                bucket=self._get_bucket_sql(scope),
            )
        )
        self.env["product.product"].browse({row[0] for row in totals}).fetch(["standard_price"])
        return totals

    @api.model
    def _describe_risk(self, rows):
        """The value of what has expired or will within 90 days, in words."""
        if any(row["units"] for row in rows) and not any(row["value"] for row in rows):
            return self.env._("The warehouse knows no cost of your products, so no value is shown.")
        at_risk = sum(row["value"] for row in rows if row["bucket"] not in SAFE_BUCKETS)
        return self.env._(
            "Value at risk (expired or within 90 days): %(value)s",
            value=self._format_cell({"type": "money"}, at_risk),
        )

    # Alerts ------------------------------------------------------------------------------------

    @api.model
    def _get_alerts(self, scope, rows):
        """What the brand should look at, most urgent first.

        :param rows: as returned by ``_get_rows``.
        :return: list of dicts with ``level`` (``danger``, ``warning`` or ``info``), ``text`` and
            ``url``.
        """
        lots = {row["bucket"]: row["lots"] for row in rows}
        held = sum(row["held"] for row in rows)
        recalls = self.env["stock.lot.report.recall"]
        running = self.env["stock.lot.recall"].search_count(
            recalls._get_scope_domain(scope) & Domain("is_mock", "=", False)
        )
        asked = self.env["stock.lot.hold.request"].search_count(
            [("owner_id", "in", scope.owner_ids), ("state", "=", "new")]
        )
        alerts = [
            (running, "danger", self.env._("Recalls of your lots"), "/my/lots/recalls"),
            (
                lots["expired"],
                "danger",
                self.env._("Lots that have expired and are still in stock"),
                "/my/lots?filterby=expired",
            ),
            (
                lots["bucket_0"],
                "warning",
                self.env._("Lots that expire within 30 days"),
                "/my/lots?filterby=bucket_0",
            ),
            (held, "warning", self.env._("Units on hold"), "/my/lots?filterby=held"),
            (asked, "info", self.env._("Your requests that wait for the warehouse"), None),
            (
                lots["undated"],
                "info",
                self.env._("Lots without an expiry date"),
                "/my/lots?filterby=undated",
            ),
        ]
        return [
            {"level": level, "text": text, "url": url, "count": self._format_number(count)}
            for count, level, text, url in alerts
            if count
        ]
