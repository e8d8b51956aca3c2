from odoo import Command, api, fields, models


class StockLotOverrideGrant(models.TransientModel):
    """Shows what stands against the goods of moves and lets it be approved with a reason."""

    _name = "stock.lot.override.grant"
    _description = "Approve Deviations"

    move_ids = fields.Many2many("stock.move", required=True)
    line_ids = fields.One2many(
        "stock.lot.override.grant.line",
        "dialog_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    has_obstacles = fields.Boolean(compute="_compute_has_obstacles")
    is_approvable = fields.Boolean(compute="_compute_has_obstacles")
    reason = fields.Text("Why They May Leave")

    @api.depends("move_ids")
    def _compute_line_ids(self):
        for dialog in self:
            found = dialog.move_ids._origin.move_line_ids._get_all_obstacles()
            dialog.line_ids = [
                Command.clear(),
                *(
                    Command.create(self._prepare_line_vals(line, obstacle))
                    for line, obstacles in found.items()
                    for obstacle in obstacles
                ),
            ]

    def _prepare_line_vals(self, line, obstacle):
        may_approve = bool(obstacle.group) and self.env.user.has_group(obstacle.group)
        if may_approve:
            approver = self.env._("You")
        elif obstacle.group:
            approver = self.env.ref(obstacle.group).sudo().name
        elif obstacle.code == "held":
            approver = self.env._("Nobody; Lot QA releases holds")
        else:
            approver = self.env._("Nobody")
        return {
            "line_id": line.id,
            "rule_code": obstacle.code,
            "message": obstacle.message,
            "approver": approver,
            "may_approve": may_approve,
            # What is not scanned yet normally will be: it is approved only when asked for.
            "approve": may_approve and obstacle.code != "unverified",
        }

    @api.depends("line_ids")
    def _compute_has_obstacles(self):
        for dialog in self:
            dialog.has_obstacles = bool(dialog.line_ids)
            dialog.is_approvable = any(dialog.line_ids.mapped("may_approve"))

    def action_grant(self):
        """Approve what is ticked."""
        self.ensure_one()
        ticked = self.line_ids.filtered("approve")
        chosen = {(row.line_id, row.rule_code) for row in ticked}
        self.env["stock.lot.override"]._grant(ticked.line_id, self.reason, chosen)
        return {"type": "ir.actions.act_window_close"}


class StockLotOverrideGrantLine(models.TransientModel):
    """One thing that stands against one line. What it says is only shown: approving asks anew."""

    _name = "stock.lot.override.grant.line"
    _description = "Obstacle to Approve"

    dialog_id = fields.Many2one("stock.lot.override.grant", required=True, ondelete="cascade")
    line_id = fields.Many2one("stock.move.line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="line_id.product_id")
    lot_id = fields.Many2one(related="line_id.lot_id")
    location_id = fields.Many2one(related="line_id.location_id", string="Bin")
    rule_code = fields.Char(required=True)
    message = fields.Char("What Stands Against It")
    approver = fields.Char("Who May Approve It")
    may_approve = fields.Boolean()
    approve = fields.Boolean()
