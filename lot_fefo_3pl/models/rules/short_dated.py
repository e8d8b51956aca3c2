from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain


class StockLotRuleShortDated(models.AbstractModel):
    """Goods leave with the remaining life that the customer wants, or more.

    A lot with exactly that many days left is good, with one day less it is not. The days are
    worked out for each product in ``stock.lot.policy._get_min_life_days``.
    """

    _name = "stock.lot.rule.short_dated"
    _inherit = ["stock.lot.rule"]
    _description = "Short-Dated Goods Do Not Leave"

    _code = "short_dated"
    _rank = 22

    @api.model
    def _get_fit_domain(self, demand):
        days = demand.setting("min_life_days")
        if not demand.leaving or not days:
            return Domain.TRUE
        return self._get_alive_domain(demand, demand.life_from + timedelta(days=days))

    @api.model
    def _explain(self, quant, demand):
        expiry = self._get_expiry(quant, demand)
        return self.env._(
            "expires on %(expiry)s; needs %(needed)s days on %(day)s, has %(left)s",
            expiry=expiry,
            needed=demand.setting("min_life_days"),
            day=demand.life_from,
            left=(expiry - demand.life_from).days,
        )
