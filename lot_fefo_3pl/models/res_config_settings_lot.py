from odoo import api, fields, models

# What brings each group of users into view: the rest of the page only links.
GROUPS = ("operator", "supervisor", "qa")


class ResConfigSettings(models.TransientModel):
    """Lot control in one place: what is on, by which rules, who is told, how long it is kept."""

    _inherit = "res.config.settings"

    lot_warehouse_ids = fields.Many2many(
        "stock.warehouse", string="Warehouses", compute="_compute_lot_warehouse_ids"
    )
    lot_policy_id = fields.Many2one(
        "stock.lot.policy",
        "Default Policy",
        default=lambda self: self._default_lot_policy_id(),
        domain=lambda self: self._get_lot_default_policy_domain(),
    )
    lot_verification = fields.Selection(related="lot_policy_id.verification", readonly=False)
    lot_deviation = fields.Selection(related="lot_policy_id.deviation", readonly=False)
    lot_inbound_action = fields.Selection(related="lot_policy_id.inbound_action", readonly=False)
    lot_over_receipt = fields.Selection(related="lot_policy_id.over_receipt", readonly=False)
    lot_over_receipt_percent = fields.Integer(
        related="lot_policy_id.over_receipt_percent", readonly=False
    )
    lot_retention_expiry_years = fields.Integer(
        related="company_id.lot_retention_expiry_years", readonly=False
    )
    lot_retention_move_years = fields.Integer(
        related="company_id.lot_retention_move_years", readonly=False
    )
    lot_hold_authority = fields.Selection(
        related="company_id.lot_hold_authority", readonly=False, required=True
    )
    lot_alert_user_ids = fields.Many2many(related="company_id.lot_alert_user_ids", readonly=False)
    traceability_contact_id = fields.Many2one(
        related="company_id.traceability_contact_id", readonly=False
    )
    traceability_plan = fields.Text(related="company_id.traceability_plan", readonly=False)
    lot_digest = fields.Boolean(related="company_id.lot_digest", readonly=False)

    @api.model
    def _get_lot_default_policy_domain(self):
        """The policies that apply to a whole warehouse."""
        return [
            ("warehouse_id", "!=", False),
            ("for_orders", "=", False),
            ("company_id", "in", [self.env.company.id, False]),
            ("owner_id", "=", False),
            ("customer_id", "=", False),
            ("customer_tag_id", "=", False),
            ("product_id", "=", False),
            ("categ_id", "=", False),
        ]

    @api.model
    def _default_lot_policy_id(self):
        if not self.env["stock.lot.policy"].has_access("read"):
            return False
        return self.env["stock.lot.policy"].search(
            self._get_lot_default_policy_domain(), order="warehouse_id, sequence, id", limit=1
        )

    @api.depends("company_id")
    def _compute_lot_warehouse_ids(self):
        for settings in self:
            settings.lot_warehouse_ids = self.env["stock.warehouse"].search(
                [("company_id", "=", settings.company_id.id)]
            )

    # Doors -----------------------------------------------------------------------------------

    def action_lot_checklist(self):
        """Open the check list."""
        return self._open_lot_action("stock_lot_checklist_action")

    def action_lot_policies(self):
        """Open the policies."""
        return self._open_lot_action("stock_lot_policy_action")

    def action_lot_default_policy(self):
        """Open the default policy that these settings show."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot.policy",
            "res_id": self.lot_policy_id.id,
            "view_mode": "form",
        }

    def action_lot_import(self):
        """Open the import of receipts and orders."""
        return self._open_lot_action("stock_lot_import_action")

    def action_lot_imported_lines(self):
        """Open what was imported, line by line."""
        return self._open_lot_action("stock_lot_import_line_action")

    def action_lot_users(self):
        """Open the users by their group of lot control."""
        groups = self.env["res.groups"]
        for name in GROUPS:
            groups |= self.env.ref(f"lot_fefo_3pl.lot_fefo_3pl_group_{name}")
        action = self.env["ir.actions.act_window"]._for_xml_id("base.action_res_groups")
        return {**action, "domain": [("id", "in", groups.ids)], "context": {}}

    def action_lot_brands(self):
        """Open the brands, with what each may do in the portal and which digest it gets."""
        return self._open_lot_action("res_partner_action_brand")

    def _open_lot_action(self, name):
        return self.env["ir.actions.actions"]._for_xml_id(f"lot_fefo_3pl.{name}")
