from odoo import fields, models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    lot_control = fields.Boolean(related="picking_type_id.warehouse_id.lot_control")

    def action_check_lots(self):
        """Show what stands against the components, and let it be approved."""
        self.ensure_one()
        return self.move_raw_ids._check_lots()
