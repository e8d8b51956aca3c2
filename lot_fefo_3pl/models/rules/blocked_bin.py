from odoo import api, models
from odoo.fields import Domain


class StockLotRuleBlockedBin(models.AbstractModel):
    """Orders take nothing from a place that is not for orders, such as returns or quarantine.

    Plain Odoo promises whatever lies below the stock location.
    """

    _name = "stock.lot.rule.blocked_bin"
    _inherit = ["stock.lot.rule"]
    _description = "Goods in a Place That Is Not for Orders"

    _code = "blocked_bin"
    _rank = 6

    @api.model
    def _get_fit_domain(self, demand):
        if not demand.leaving:
            return Domain.TRUE
        blocked = (
            self.env["stock.location"].sudo().search([("not_for_orders", "=", True)], order="id")
        )
        if not blocked:
            return Domain.TRUE
        return ~Domain("location_id", "child_of", tuple(blocked.ids))

    @api.model
    def _explain(self, quant, demand):
        return self.env._(
            "%(bin)s is not for orders: move the goods out of it first",
            bin=quant.location_id.display_name,
        )
