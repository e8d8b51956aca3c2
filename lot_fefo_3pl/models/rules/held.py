from odoo import api, models
from odoo.fields import Domain


class StockLotRuleHeld(models.AbstractModel):
    """Held goods do not do what the reason of the hold blocks."""

    _name = "stock.lot.rule.held"
    _inherit = ["stock.lot.rule"]
    _description = "Held Goods"

    _code = "held"
    _rank = 10

    @api.model
    def _get_fit_domain(self, demand):
        return ~self.env["stock.lot.hold"]._get_held_domain(self._get_hold_domain(demand))

    @api.model
    def _get_hold_domain(self, demand):
        blocks = Domain(f"reason_id.block_{demand.operation}", "=", True)
        if demand.reserving:
            blocks |= Domain("reason_id.block_reserve", "=", True)
        return Domain("is_active", "=", True) & blocks

    @api.model
    def _explain(self, quant, demand):
        holds = (
            self.env["stock.lot.hold"]
            .sudo()
            .search(self._get_hold_domain(demand) & Domain("product_id", "=", quant.product_id.id))
            .filtered(lambda hold: quant.filtered_domain(hold._get_quant_domain()))
        )
        return self.env._("held for %(reasons)s", reasons=", ".join(holds.reason_id.mapped("name")))

    @api.model
    def _get_override_group(self, demand):
        """Nobody passes: the goods are released by QA, on record."""
        return
