from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain


class StockLotRuleStopShip(models.AbstractModel):
    """Nothing leaves in the last days of its life, whoever orders it.

    With 45 days, goods leave while they have more than 45 days left; on the 45th day before the
    expiry they stop.
    """

    _name = "stock.lot.rule.stop_ship"
    _inherit = ["stock.lot.rule"]
    _description = "Goods Close to Their Expiry Do Not Leave"

    _code = "stop_ship"
    _rank = 21

    @api.model
    def _get_fit_domain(self, demand):
        if not demand.leaving or demand.setting("stop_ship") != "days":
            return Domain.TRUE
        first_day = demand.day + timedelta(days=demand.setting("stop_ship_days") + 1)
        return self._get_alive_domain(demand, first_day)

    @api.model
    def _explain(self, quant, demand):
        return self.env._(
            "expires on %(expiry)s; shipping stops %(days)s days before",
            expiry=self._get_expiry(quant, demand),
            days=demand.setting("stop_ship_days"),
        )
