from odoo import api, models
from odoo.fields import Domain


class StockLotRuleReturnedByCustomer(models.AbstractModel):
    """A customer does not get a lot again that it has sent back."""

    _name = "stock.lot.rule.returned_by_customer"
    _inherit = ["stock.lot.rule"]
    _description = "Lots Returned by the Customer"

    _code = "returned_by_customer"
    _rank = 41

    @api.model
    def _get_fit_domain(self, demand):
        if (
            not demand.leaving
            or not demand.customer_id
            or demand.setting("exclude_returned") != "yes"
        ):
            return Domain.TRUE
        returned = [
            ("state", "=", "done"),
            ("picking_id.partner_id.commercial_partner_id", "=", demand.customer_id),
            ("location_id.usage", "=", "customer"),
            ("lot_id", "!=", False),
        ]
        lots = self.env["stock.move.line"].sudo()._read_group(returned, ["lot_id"])
        return Domain("lot_id", "not in", tuple(lot.id for (lot,) in lots))

    @api.model
    def _explain(self, quant, demand):
        customer = self.env["res.partner"].browse(demand.customer_id)
        return self.env._("%(customer)s sent this lot back", customer=customer.display_name)
