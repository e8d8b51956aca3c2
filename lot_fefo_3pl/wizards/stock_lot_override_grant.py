from odoo import api, fields, models


class StockLotOverrideGrant(models.TransientModel):
    """Shows what stands against a transfer and lets a supervisor approve it with a reason."""

    _name = "stock.lot.override.grant"
    _description = "Approve Deviations"

    picking_id = fields.Many2one("stock.picking", required=True, ondelete="cascade")
    line_ids = fields.Many2many("stock.move.line", compute="_compute_obstacles")
    obstacles = fields.Html(compute="_compute_obstacles")
    has_obstacles = fields.Boolean(compute="_compute_obstacles")
    reason = fields.Text("Why They May Leave")

    @api.depends("picking_id")
    def _compute_obstacles(self):
        for dialog in self:
            lines = dialog.picking_id.move_line_ids._get_lot_checked()
            found = lines._get_lot_obstacles()
            dialog.line_ids = lines.browse([line.id for line in found])
            dialog.has_obstacles = bool(found)
            dialog.obstacles = self.env["ir.qweb"]._render(
                "lot_fefo_3pl.lot_obstacles",
                {
                    "messages": [
                        line._describe_goods(obstacle.message)
                        for line, obstacles in found.items()
                        for obstacle in obstacles
                    ]
                },
            )

    def action_grant(self):
        """Approve everything that is listed."""
        self.ensure_one()
        self.env["stock.lot.override"]._grant(self.line_ids, self.reason)
        return {"type": "ir.actions.act_window_close"}
