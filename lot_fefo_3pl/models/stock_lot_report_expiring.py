from odoo import api, models
from odoo.fields import Domain


class StockLotReportExpiring(models.AbstractModel):
    """The lots that have expired or soon will, and what they cost."""

    _name = "stock.lot.report.expiring"
    _inherit = ["stock.lot.report.stock"]
    _description = "Expiring Lots"

    @api.model
    def _get_title(self):
        return self.env._("Expiring")

    @api.model
    def _get_columns(self):
        columns = [
            column
            for column in super()._get_columns()
            if column["name"] not in ("held_for", "bins", "last_move")
        ]
        return [*columns, self._column("value", self.env._("Value at cost"), "money")]

    @api.model
    def _get_filters(self):
        buckets = self._get_buckets()
        del buckets["bucket_91"], buckets["undated"]
        return {"soon": self.env._("Expired or within 90 days"), **buckets}

    @api.model
    def _get_filter_domain(self, scope, filterby):
        if filterby == "soon":
            soon = Domain.OR(
                self._get_bucket_domain(scope, bucket)
                for bucket in self._get_filters()
                if bucket != "soon"
            )
            return super()._get_filter_domain(scope, "stock") & soon
        return super()._get_filter_domain(scope, filterby)

    @api.model
    def _format_quantities(self, lot, row):
        values = super()._format_quantities(lot, row)
        values["value"] = values["on_hand"] * lot.product_id.standard_price
        return values
