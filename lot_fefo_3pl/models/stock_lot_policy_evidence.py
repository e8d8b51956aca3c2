from odoo import api, models

from .stock_lot_policy import DEFAULT_SETTINGS, MATCH_FIELDS

AUDITED_FIELDS = (
    *("name", "active", "for_orders"),
    *(field for field in MATCH_FIELDS.values() if field != "order_policy_id"),
    *DEFAULT_SETTINGS,
)


class StockLotPolicy(models.Model):
    """Who made a rule laxer, from what to what, is on record: deviations from it would not be."""

    _inherit = "stock.lot.policy"

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env["stock.lot.audit"]._log(policies, "policy.new")
        return policies

    def write(self, vals):
        audited = {name: vals[name] for name in AUDITED_FIELDS if name in vals}
        self.env["stock.lot.audit"]._log_changes(self, audited, "policy.change")
        return super().write(vals)

    def unlink(self):
        self.env["stock.lot.audit"]._log(self, "policy.delete")
        return super().unlink()
