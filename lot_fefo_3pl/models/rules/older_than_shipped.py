from odoo import api, models
from odoo.fields import Domain


class StockLotRuleOlderThanShipped(models.AbstractModel):
    """A customer never gets goods that expire before those it got last (ship dates ascending)."""

    _name = "stock.lot.rule.older_than_shipped"
    _inherit = ["stock.lot.rule"]
    _description = "Goods Older Than Last Shipped"

    _code = "older_than_shipped"
    _rank = 40

    @api.model
    def _get_fit_domain(self, demand):
        if not demand.leaving or not demand.customer_id or demand.setting("ascending") != "yes":
            return Domain.TRUE
        return Domain.AND(
            Domain("product_id", "!=", product.id)
            | Domain("expiration_date", "=", False)
            | Domain("expiration_date", ">=", expiry)
            for product, expiry in self._get_last_expiries(demand)
        )

    @api.model
    def _get_last_expiries(self, demand):
        """(product, latest expiry shipped to the customer) for all that it ever got."""
        shipped = [
            ("state", "=", "done"),
            ("picking_id.partner_id.commercial_partner_id", "=", demand.customer_id),
            ("location_dest_id.usage", "=", "customer"),
            ("expiration_date", "!=", False),
        ]
        lines = self.env["stock.move.line"].sudo()
        return lines._read_group(shipped, ["product_id"], ["expiration_date:max"])

    @api.model
    def _explain(self, quant, demand):
        expiry = dict(self._get_last_expiries(demand))[quant.product_id]
        return self.env._(
            "expires on %(expiry)s, the customer already got goods of %(last)s",
            expiry=self._get_expiry(quant, demand),
            last=self._get_warehouse(demand)._get_lot_day(expiry),
        )
