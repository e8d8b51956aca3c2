from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    lot_control = fields.Boolean(related="picking_type_id.warehouse_id.lot_control")

    def action_check_lots(self):
        """Show what stands against the goods of this transfer, and let it be approved."""
        self.ensure_one()
        return self.move_ids._check_lots()
