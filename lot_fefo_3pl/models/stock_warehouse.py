from odoo import api, fields, models

# What lot control rests on, switched on with it: the groups behind Odoo's own settings.
FEATURE_GROUPS = (
    "stock.group_production_lot",
    "stock.group_tracking_owner",
    "stock.group_tracking_lot",
    "stock.group_stock_multi_locations",
)


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    lot_control = fields.Boolean(
        help="Keep lots apart, pick by the client's rules, verify by scan and record the evidence"
        " in this warehouse. Off, the warehouse works as plain Odoo.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses.filtered("lot_control")._enable_lot_control()
        return warehouses

    def write(self, vals):
        to_enable = self.browse()
        if vals.get("lot_control"):
            to_enable = self.filtered(lambda warehouse: not warehouse.lot_control)
        res = super().write(vals)
        to_enable._enable_lot_control()
        return res

    def _enable_lot_control(self):
        """Prepare what the switch needs. Other parts of the addon extend it."""
        if not self:
            return
        user_group = self.env.ref("base.group_user").sudo()
        for feature in self._get_lot_control_features():
            user_group._apply_group(feature)

    @api.model
    def _get_lot_control_features(self):
        groups = self.env["res.groups"]
        for xmlid in FEATURE_GROUPS:
            groups += self.env.ref(xmlid)
        return groups.sudo()
