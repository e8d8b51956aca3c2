from odoo import api, models
from odoo.fields import Domain


class StockLotRuleExpired(models.AbstractModel):
    """Goods leave only up to the end of their expiry day, and of the removal day set in Odoo."""

    _name = "stock.lot.rule.expired"
    _inherit = ["stock.lot.rule"]
    _description = "Expired Goods Do Not Leave"

    _code = "expired"
    _rank = 20

    @api.model
    def _get_fit_domain(self, demand):
        if not demand.leaving:
            return Domain.TRUE
        return self._get_alive_domain(demand, demand.day, ("expiration_date", "removal_date"))

    @api.model
    def _explain(self, quant, demand):
        expiry = self._get_expiry(quant, demand)
        if expiry and expiry < demand.day:
            return self.env._(
                "expired on %(expiry)s, the goods leave on %(day)s", expiry=expiry, day=demand.day
            )
        return self.env._(
            "to be removed from stock since %(removal)s, the goods leave on %(day)s",
            removal=self._get_warehouse(demand)._get_lot_day(quant.removal_date),
            day=demand.day,
        )
