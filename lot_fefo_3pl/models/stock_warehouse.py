from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools

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
        self.env.registry.clear_cache()
        warehouses.filtered("lot_control")._enable_lot_control()
        return warehouses

    def write(self, vals):
        to_enable = self.browse()
        if vals.get("lot_control"):
            to_enable = self.filtered(lambda warehouse: not warehouse.lot_control)
        if "lot_control" in vals:
            switch = {"lot_control": vals["lot_control"]}
            self.env["stock.lot.audit"]._log_changes(self, switch, "warehouse.switch")
        res = super().write(vals)
        if "lot_control" in vals:
            self.env.registry.clear_cache()
            # At once and before anything else flushes them: they may be tens of thousands.
            self.env["stock.location"]._flush_segregation()
        to_enable._enable_lot_control()
        return res

    def _enable_lot_control(self):
        """Prepare what the switch needs. Other parts of the addon extend it."""
        if not self:
            return
        user_group = self.env.ref("base.group_user").sudo()
        for feature in self._get_lot_control_features():
            user_group._apply_group(feature)
        policies = self.env["stock.lot.policy"].sudo().with_context(active_test=False)
        for warehouse in self:
            if not policies.search_count([("warehouse_id", "=", warehouse.id)], limit=1):
                policies._create_default(warehouse)

    def action_open_lot_settings(self):
        """Open this warehouse, where lot control is turned on and off."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.warehouse",
            "res_id": self.id,
            "view_mode": "form",
        }

    @api.model
    def _get_lot_control_features(self):
        groups = self.env["res.groups"]
        for xmlid in FEATURE_GROUPS:
            groups += self.env.ref(xmlid)
        return groups.sudo()

    @api.model
    @tools.ormcache()
    def _has_lot_control(self):
        return bool(self.sudo().search_count([("lot_control", "=", True)], limit=1))

    @api.model
    @tools.ormcache()
    def _get_lot_controlled_ids(self):
        warehouses = self.sudo().with_context(active_test=False)
        return frozenset(warehouses.search([("lot_control", "=", True)]).ids)

    def _is_lot_controlled(self):
        """``lot_control``, without reading the warehouse: every movement of goods asks."""
        return self.id in self._get_lot_controlled_ids()

    def _get_lot_staging(self):
        """Where the orders of these warehouses are packed and staged."""
        return self.wh_pack_stock_loc_id | self.wh_output_stock_loc_id

    # Days ------------------------------------------------------------------------------------
    # An expiry is a day. Odoo stores a moment in UTC: we store the day's last second in the
    # warehouse's zone, so that Odoo's own comparisons agree that goods are good on that day.

    def _get_lot_timezone(self):
        """The zone whose midnight ends a day here: the warehouse's address, else the company's.

        Never the user's own: days are stored, and are the same for everybody.
        """
        self.ensure_one()
        return ZoneInfo(self._get_lot_timezone_name())

    @tools.ormcache("self.id")
    def _get_lot_timezone_name(self):
        """Kept between requests: every rule asks for it, and it changes once in years."""
        warehouse = self.sudo()
        return warehouse.partner_id.tz or warehouse.company_id.partner_id.tz or "UTC"

    def _get_lot_today(self):
        """Today's date in this warehouse."""
        return self._get_lot_day(fields.Datetime.now())

    def _get_lot_day(self, moment):
        """The date in this warehouse of a naive UTC ``moment``; False when there is none."""
        if not moment:
            return False
        return moment.replace(tzinfo=UTC).astimezone(self._get_lot_timezone()).date()

    def _get_lot_day_start(self, day):
        """The naive UTC moment at which ``day`` begins in this warehouse."""
        return self._to_utc(datetime.combine(day, time.min))

    def _get_lot_day_end(self, day):
        """The naive UTC moment of the last second of ``day`` in this warehouse."""
        return self._to_utc(datetime.combine(day, time(23, 59, 59)))

    def _to_utc(self, local):
        zoned = local.replace(tzinfo=self._get_lot_timezone())
        return zoned.astimezone(UTC).replace(tzinfo=None)
