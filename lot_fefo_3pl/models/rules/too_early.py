from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain


class StockLotRuleTooEarly(models.AbstractModel):
    """Lots are assigned to an order only some days before it leaves, not months ahead."""

    _name = "stock.lot.rule.too_early"
    _inherit = ["stock.lot.rule"]
    _description = "Goods Are Not Promised Long Before They Leave"

    _code = "too_early"
    _rank = 1

    @api.model
    def _get_fit_domain(self, demand):
        if not demand.reserving or demand.setting("horizon") != "days":
            return Domain.TRUE
        return (
            Domain.FALSE if self._get_first_day(demand) > self._get_today(demand) else Domain.TRUE
        )

    @api.model
    def _explain(self, quant, demand):
        return self.env._(
            "lots are assigned from %(day)s on, %(days)s days before the goods leave",
            day=self._get_first_day(demand),
            days=demand.setting("horizon_days"),
        )

    @api.model
    def _get_first_day(self, demand):
        return demand.day - timedelta(days=demand.setting("horizon_days"))

    @api.model
    def _get_today(self, demand):
        return self._get_warehouse(demand)._get_lot_today()
