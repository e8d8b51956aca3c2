from odoo import api, fields, models

from .stock_lot_recall_regime import GOALS


class StockLotRecallDeadline(models.Model):
    """A dated obligation of a recall: of its start, and of every extension to more lots."""

    _name = "stock.lot.recall.deadline"
    _description = "Recall Deadline"
    _order = "recall_id, id"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("start", "Start"), ("extension", "Extension")], required=True, default="start"
    )
    regime_id = fields.Many2one("stock.lot.recall.regime", ondelete="restrict")
    goal = fields.Selection(GOALS)
    date_start = fields.Datetime("From", required=True)
    date_due = fields.Datetime("Due")
    date_met = fields.Datetime("Met")
    reason = fields.Text()
    line_ids = fields.One2many("stock.lot.recall.line", "deadline_id", "Lots")
    lot_names = fields.Char("For", compute="_compute_lot_names")
    state = fields.Selection(
        [("none", "No deadline"), ("open", "Running"), ("met", "Met"), ("late", "Late")],
        compute="_compute_state",
    )
    company_id = fields.Many2one(related="recall_id.company_id")

    @api.depends("line_ids.lot_id")
    def _compute_lot_names(self):
        for deadline in self:
            deadline.lot_names = ", ".join(deadline.line_ids.lot_id.mapped("name"))

    @api.depends("date_due", "date_met")
    def _compute_state(self):
        now = fields.Datetime.now()
        for deadline in self:
            if not deadline.date_due:
                deadline.state = "none"
            elif (deadline.date_met or now) > deadline.date_due:
                deadline.state = "late"
            else:
                deadline.state = "met" if deadline.date_met else "open"

    def _meet(self, goal, now):
        """The clock ``goal`` has stopped: what waited for it is met."""
        self.filtered(lambda deadline: deadline.goal == goal and not deadline.date_met).write(
            {"date_met": now}
        )
