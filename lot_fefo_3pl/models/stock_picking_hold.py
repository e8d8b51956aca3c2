from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    lot_hold_ids = fields.One2many("stock.lot.hold", "receipt_id", "Holds")
    lot_hold_count = fields.Integer("Lots on Hold", compute="_compute_lot_hold_count")

    @api.depends("lot_hold_ids.is_active")
    def _compute_lot_hold_count(self):
        for picking in self:
            picking.lot_hold_count = len(picking.lot_hold_ids.filtered("is_active"))

    def action_hold_receipt(self):
        """Open the dialog that holds every lot of this receipt."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold the Receipt"),
            "res_model": "stock.lot.hold.start",
            "view_mode": "form",
            "target": "new",
            "context": {"default_receipt_id": self.id},
        }

    def action_view_lot_holds(self):
        """Open the holds that were placed on this receipt."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("lot_fefo_3pl.stock_lot_hold_action")
        return {**action, "domain": [("receipt_id", "=", self.id)], "context": {}}

    def _get_receipt_and_backorders(self):
        """This receipt and those that what is missing on it comes with."""
        found = self
        while following := found.backorder_ids - found:
            found |= following
        return found
