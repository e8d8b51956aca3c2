from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date


class StockLot(models.Model):
    """B14: how long the records of a lot are kept."""

    _inherit = "stock.lot"

    retention_date = fields.Date(
        "Keep Records Until",
        compute="_compute_retention_date",
        help="The later of the expiry and the last movement, each with the years that the product"
        " or the company asks for. Nothing of the lot is deleted before.",
    )

    @api.depends("expiration_date", "product_id", "company_id")
    def _compute_retention_date(self):
        lots = self.sudo()
        moved = {
            lot.id: moment
            for lot, moment in self.env["stock.move.line"]
            .sudo()
            ._read_group(
                [("lot_id", "in", self.ids), ("state", "=", "done")], ["lot_id"], ["date:max"]
            )
        }
        calendars = {company: self._get_retention_calendar(company) for company in lots.company_id}
        default = self._get_retention_calendar(self.env.company)
        for lot in lots:
            calendar = calendars.get(lot.company_id) or default
            expiry_years, move_years = lot._get_retention_years()
            days = [
                calendar._get_lot_day(moment) + relativedelta(years=years)
                for moment, years in (
                    (lot.expiration_date, expiry_years),
                    (moved.get(lot.id), move_years),
                )
                if moment
            ]
            lot.retention_date = max(days, default=False)

    @api.model
    def _get_retention_calendar(self, company):
        """The warehouse whose days count for the lots of ``company``."""
        return (
            self.env["stock.warehouse"]
            .sudo()
            .search(
                [("company_id", "=", company.id)], order="lot_control DESC, sequence, id", limit=1
            )
        )

    def _get_retention_years(self):
        """The years after the expiry and after the last movement: the product's, else the
        company's."""
        years = self.product_id.lot_retention_years
        if years:
            return years, years
        company = self.company_id or self.env.company
        return company.lot_retention_expiry_years, company.lot_retention_move_years

    def _say_retention(self, refusal, advice):
        """A refusal to delete that names the date until which these lots are kept, if there is
        one to come."""
        until = max(filter(None, self.mapped("retention_date")), default=None)
        kept = ""
        if until and until >= fields.Date.context_today(self):
            kept = self.env._(
                "The records have to be kept until %(date)s at least.",
                date=format_date(self.env, until),
            )
        return " ".join(filter(None, (refusal, kept, advice)))
