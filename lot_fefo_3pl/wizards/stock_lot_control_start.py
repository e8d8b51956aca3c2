from odoo import Command, api, fields, models


class StockLotControlStart(models.TransientModel):
    """Shows what lot control would find in a warehouse, and turns it on."""

    _name = "stock.lot.control.start"
    _description = "Turn On Lot Control"

    warehouse_id = fields.Many2one("stock.warehouse", required=True, ondelete="cascade")
    timezone = fields.Char(compute="_compute_timezone")
    line_ids = fields.One2many("stock.lot.control.start.line", "start_id", readonly=True)
    rules = fields.Text("Rules of the Locations", compute="_compute_rules")

    @api.model_create_multi
    def create(self, vals_list):
        starts = super().create(vals_list)
        for start in starts:
            start.line_ids = [
                Command.create({"sequence": number, **finding._asdict()})
                for number, finding in enumerate(start.warehouse_id._get_lot_control_findings())
                if finding.count
            ]
        return starts

    @api.depends("warehouse_id")
    def _compute_timezone(self):
        for start in self:
            start.timezone = start.warehouse_id._get_lot_timezone().key

    @api.depends("warehouse_id")
    def _compute_rules(self):
        for start in self:
            start.rules = "\n".join(
                f"{rule}: {count}" for rule, count in start.warehouse_id._get_lot_control_rules()
            )

    def action_turn_on(self):
        """Turn lot control on; what has to be repaired is shown next."""
        self.ensure_one()
        self.warehouse_id.lot_control = True
        if self.warehouse_id.segregation_pending_count:
            return self.warehouse_id.action_view_segregation_pending()
        return {"type": "ir.actions.act_window_close"}


class StockLotControlStartLine(models.TransientModel):
    _name = "stock.lot.control.start.line"
    _description = "What Lot Control Finds"
    _order = "sequence, id"

    start_id = fields.Many2one("stock.lot.control.start", required=True, ondelete="cascade")
    sequence = fields.Integer()
    name = fields.Char("Found", readonly=True)
    count = fields.Integer("How Many", readonly=True)
    advice = fields.Char("What It Means", readonly=True)
    model = fields.Char(readonly=True)
    domain = fields.Json(readonly=True)

    def action_show(self):
        """Open the list of what was found."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.model,
            "views": [[False, "list"], [False, "form"]],
            "domain": self.domain,
        }
        if self.model == "stock.quant":
            view = self.env.ref("lot_fefo_3pl.stock_quant_view_list_preview")
            action |= {"views": [[view.id, "list"]], "context": {"group_by": "location_id"}}
        return action
