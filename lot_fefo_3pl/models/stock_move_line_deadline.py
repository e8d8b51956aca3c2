from odoo import api, fields, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    lot_alert_summary = fields.Char(
        "Alert",
        compute="_compute_lot_alert_summary",
        help="Shown when the last day on which this customer may get these goods is near or over.",
    )

    @api.depends("lot_id", "location_id", "state", "move_id")
    def _compute_lot_alert_summary(self):
        """As on the lot, with what this customer wants."""
        self.lot_alert_summary = False
        lots = self.env["stock.lot"]
        for line in self:
            move = line.move_id
            if (
                not line.lot_id
                or line.state in ("done", "cancel")
                or not line.location_id._is_lot_controlled()
                or line._get_lot_operation() not in ("pick", "ship")
            ):
                continue
            customer = (line.picking_id.partner_id or move.partner_id).commercial_partner_id
            last, alert, today = lots._get_alert_days(
                move._get_lot_warehouse(),
                line.owner_id or move._get_lot_owner(),
                customer,
                line.product_id,
                line.lot_id,
                move.lot_policy_id,
            )
            if alert and alert <= today:
                line.lot_alert_summary = lots._word_alert(last, today)
