from odoo import api, models
from odoo.fields import Domain


class StockLotRuleOtherOwner(models.AbstractModel):
    """An order takes the goods of its own brand; an order of no brand takes goods of no brand.

    Moving goods inside the warehouse is free, unless the move says whose goods it is for.
    """

    _name = "stock.lot.rule.other_owner"
    _inherit = ["stock.lot.rule"]
    _description = "Goods of Another Owner"

    _code = "other_owner"
    _rank = 5

    @api.model
    def _get_fit_domain(self, demand):
        if not demand.owner_id:
            return Domain("owner_id", "=", False) if demand.leaving else Domain.TRUE
        return Domain("owner_id.commercial_partner_id", "=", demand.owner_id)

    @api.model
    def _explain(self, quant, demand):
        owner = quant.owner_id.display_name or self.env._("nobody")
        wanted = self.env["res.partner"].browse(demand.owner_id).display_name
        return self.env._(
            "belongs to %(owner)s, the order is for goods of %(wanted)s",
            owner=owner,
            wanted=wanted or self.env._("nobody"),
        )

    @api.model
    def _get_override_group(self, demand):
        """Nobody passes: these goods are not the order's."""
        return
