from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    lot_scan_count = fields.Integer("Scans", compute="_compute_lot_scan_count")

    def _compute_lot_scan_count(self):
        groups = self.env["stock.lot.scan"]._read_group(
            [("lot_id", "in", self.ids)], ["lot_id"], ["__count"]
        )
        counts = {lot.id: count for lot, count in groups}
        for lot in self:
            lot.lot_scan_count = counts.get(lot._origin.id, 0)

    def action_view_lot_scans(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("lot_fefo_3pl.stock_lot_scan_action")
        return {**action, "domain": [("lot_id", "=", self.id)], "context": {}}
