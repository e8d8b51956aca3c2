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
        warehouse = self.env["stock.warehouse"].browse(demand.warehouse_id)
        day_start = warehouse._get_lot_day_start(demand.day)
        return Domain.AND(
            Domain(name, "=", False) | Domain(name, ">=", day_start)
            for name in ("expiration_date", "removal_date")
        )

    @api.model
    def _explain(self, quant, demand):
        warehouse = self.env["stock.warehouse"].browse(demand.warehouse_id)
        expiry = warehouse._get_lot_day(quant.expiration_date)
        if expiry and expiry < demand.day:
            return self.env._(
                "expired on %(expiry)s, the goods leave on %(day)s", expiry=expiry, day=demand.day
            )
        return self.env._(
            "to be removed from stock since %(removal)s, the goods leave on %(day)s",
            removal=warehouse._get_lot_day(quant.removal_date),
            day=demand.day,
        )
