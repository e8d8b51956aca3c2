from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain


class StockLotReportDigest(models.AbstractModel):
    """What a brand's e-mail says: the lots in stock that expire within the days it chose."""

    _name = "stock.lot.report.digest"
    _inherit = ["stock.lot.report.expiring"]
    _description = "Expiry Digest"

    @api.model
    def _get_title(self):
        return self.env._("Alerts")

    @api.model
    def _get_sheet_title(self):
        return self.env._("Expiring lots")

    @api.model
    def _get_lot_domain(self, scope, options):
        calendar = self._get_calendar(scope)
        day = calendar._get_lot_today() + timedelta(days=options["until"] + 1)
        return super()._get_lot_domain(scope, options) & Domain(
            "expiration_date", "<", calendar._get_lot_day_start(day)
        )

    @api.model
    def _get_digest(self, scope, days):
        """The rows and their sums.

        :param days: the days left at which a bucket ends, ascending.
        :return: dict with ``rows`` (of the table, the most urgent first, with their ``label``) and
            ``buckets``: a list of dicts with ``label``, ``lots``, ``units`` and ``value``.
        """
        options = {**self._clean_options({}), "filterby": "stock", "until": days[-1]}
        rows, __ = self._get_rows(scope, options)
        buckets = self._get_digest_buckets(days)
        for row in rows:
            bucket = next(bucket for bucket in buckets if row["days_left"] <= bucket["until"])
            row["label"] = bucket["label"]
            bucket["lots"] += 1
            bucket["units"] += row["on_hand"]
            bucket["value"] += row["value"]
        return {"rows": rows, "buckets": buckets}

    @api.model
    def _get_digest_buckets(self, days):
        starts = [0, *(day + 1 for day in days)]
        labels = {-1: self.env._("Expired")}
        for start, day in zip(starts, days, strict=False):
            labels[day] = self.env._("%(first)s-%(last)s days", first=start, last=day)
        return [
            {"until": until, "label": label, "lots": 0, "units": 0.0, "value": 0.0}
            for until, label in labels.items()
        ]

    @api.model
    def _get_sheets(self, digest):
        """The digest as sheets for ``tools.sheet.to_workbook``."""
        columns = self._get_columns()
        names = ("label", *(column["name"] for column in columns))
        labels = [self.env._("Days left"), *(column["label"] for column in columns)]
        yield (
            self._get_sheet_title(),
            labels,
            ([row[name] for name in names] for row in digest["rows"]),
        )
        yield (
            self.env._("Sums"),
            [
                self.env._("Days left"),
                self.env._("Lots"),
                self.env._("Units"),
                self.env._("Value at cost"),
            ],
            (
                [bucket[name] for name in ("label", "lots", "units", "value")]
                for bucket in digest["buckets"]
            ),
        )
