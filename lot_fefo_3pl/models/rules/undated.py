from odoo import api, models
from odoo.fields import Domain


class StockLotRuleUndated(models.AbstractModel):
    """Goods that should carry an expiry date and have none leave only if the policy lets them."""

    _name = "stock.lot.rule.undated"
    _inherit = ["stock.lot.rule"]
    _description = "Goods Without an Expiry Date"

    _code = "undated"
    _rank = 30

    @api.model
    def _get_fit_domain(self, demand):
        if not demand.leaving or demand.setting("undated") != "block":
            return Domain.TRUE
        # Said of the products that carry dates: nothing is joined to the goods that have one.
        dated = Domain("use_expiration_date", "=", True)
        return Domain("expiration_date", "!=", False) | Domain("product_id", "not any!", dated)

    @api.model
    def _explain(self, quant, demand):
        return self.env._("has no expiry date, and the policy ships dated goods only")
