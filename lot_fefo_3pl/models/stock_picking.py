from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    lot_control = fields.Boolean(related="picking_type_id.warehouse_id.lot_control")

    def action_check_lots(self):
        """Show what stands against the goods of this transfer, and let it be approved."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check Lots"),
            "res_model": "stock.lot.override.grant",
            "view_mode": "form",
            "target": "new",
            "context": {"default_picking_id": self.id},
        }
