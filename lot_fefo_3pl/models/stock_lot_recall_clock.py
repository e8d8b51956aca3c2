from odoo import api, fields, models
from odoo.exceptions import UserError

# D1: the eleven times of a recall, in their order. Only the server sets them.
CLOCKS = (
    "date_requested",
    "date_scoped",
    "date_frozen",
    "date_traced",
    "date_counted",
    "date_handed",
    "date_approved",
    "date_first_notice",
    "date_all_notified",
    "date_balanced",
    "date_closed",
)
MOMENT = {"readonly": True, "copy": False}


class StockLotRecall(models.Model):
    """The stopwatch: when what was reached, and what was due when."""

    _inherit = "stock.lot.recall"

    depth = fields.Selection(
        [
            ("direct", "Direct customers (wholesale)"),
            ("sub", "Customers of customers (retail)"),
            ("consumer", "Down to the consumer"),
        ],
        required=True,
        default="sub",
        tracking=True,
        help="How far the recall reaches (21 CFR 7.42(b)(1)). Beyond the direct customers, each of"
        " them is asked to pass the notice on and to confirm it.",
    )
    regime_id = fields.Many2one("stock.lot.recall.regime", ondelete="restrict", tracking=True)
    deadline_ids = fields.One2many(
        "stock.lot.recall.deadline", "recall_id", "Deadlines", readonly=True
    )
    date_due = fields.Datetime("Next Deadline", compute="_compute_date_due", store=True)
    deadline_state = fields.Selection(
        [("none", "No deadline"), ("open", "Running"), ("met", "Met"), ("late", "Late")],
        "Deadline",
        compute="_compute_deadline_state",
    )
    date_scoped = fields.Datetime("Scope Confirmed", **MOMENT)
    date_handed = fields.Datetime("List Handed Over", **MOMENT)
    date_approved = fields.Datetime("Approved by the Brand", **MOMENT)
    date_first_notice = fields.Datetime("First Notice", **MOMENT)
    date_all_notified = fields.Datetime("All Notified", **MOMENT)
    date_balanced = fields.Datetime("Balance Closed", **MOMENT)
    date_closed = fields.Datetime("Closed", **MOMENT)
    hours_to_freeze = fields.Float(
        compute="_compute_hours", store=True, aggregator="avg", digits=(16, 2)
    )
    hours_to_list = fields.Float(
        "Hours to the List",
        compute="_compute_hours",
        store=True,
        aggregator="avg",
        digits=(16, 2),
        help="From the request until the brand had the list of customers.",
    )
    hours_to_balance = fields.Float(
        compute="_compute_hours", store=True, aggregator="avg", digits=(16, 2)
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {*CLOCKS, "deadline_ids"}

    @api.depends("deadline_ids.date_due", "deadline_ids.date_met")
    def _compute_date_due(self):
        for recall in self:
            waiting = recall.deadline_ids.filtered(
                lambda deadline: deadline.date_due and not deadline.date_met
            )
            recall.date_due = min(waiting.mapped("date_due"), default=False)

    @api.depends("deadline_ids.state")
    def _compute_deadline_state(self):
        for recall in self:
            states = set(recall.deadline_ids.mapped("state"))
            recall.deadline_state = next(
                (state for state in ("late", "open", "met") if state in states), "none"
            )

    @api.depends("date_requested", "date_frozen", "date_handed", "date_balanced")
    def _compute_hours(self):
        ends = (
            ("hours_to_freeze", "date_frozen"),
            ("hours_to_list", "date_handed"),
            ("hours_to_balance", "date_balanced"),
        )
        for recall in self:
            for name, end in ends:
                reached = recall[end] and recall.date_requested
                recall[name] = (
                    (recall[end] - recall.date_requested).total_seconds() / 3600 if reached else 0.0
                )

    def write(self, vals):
        res = super().write(vals)
        if "regime_id" in vals:
            for recall in self.filtered(lambda recall: recall.state == "confirmed"):
                recall._set_regime()
        return res

    def _confirm(self):
        res = super()._confirm()
        self._start_deadline("start", self.line_ids, self.date_requested, self.reason)
        self._meet_deadlines()
        return res

    def _stamp(self, name, event=None):
        """Stop the clock ``name``, once; what was due by it is met.

        A second time it stays as it was, and only deadlines that began later are met.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if not self[name]:
            self.sudo()[name] = now
            if event:
                self.env["stock.lot.audit"]._log(self, event, new_value=str(now))
        self.deadline_ids.sudo()._meet(name, now)

    def _start_deadline(self, kind, lines, start, reason):
        """Begin a deadline for ``lines``; without a regime it only dates the extension."""
        regime = self.regime_id if kind == "start" or self.regime_id.restarts else None
        deadline = (
            self.env["stock.lot.recall.deadline"]
            .sudo()
            .create(
                {
                    "recall_id": self.id,
                    "kind": kind,
                    "date_start": start,
                    "reason": reason,
                    **self._get_due_values(regime, start),
                }
            )
        )
        lines.sudo().write({"deadline_id": deadline.id})
        return deadline

    def _get_due_values(self, regime, start):
        return {
            "regime_id": regime.id if regime else False,
            "goal": regime.goal if regime else False,
            "date_due": regime._get_due(start, self.company_id) if regime else False,
        }

    def _meet_deadlines(self):
        """The clocks that have stopped already meet what is due by them."""
        for deadline in self.deadline_ids.filtered(lambda deadline: deadline.kind == "start"):
            if deadline.goal and self[deadline.goal]:
                deadline.sudo()._meet(deadline.goal, self[deadline.goal])

    def _set_regime(self):
        """Other rules apply: what is not met yet is due by them."""
        for deadline in self.deadline_ids.filtered(lambda deadline: not deadline.date_met):
            old = str(deadline.date_due or "")
            deadline.sudo().write(self._get_due_values(self.regime_id, deadline.date_start))
            self.env["stock.lot.audit"]._log(
                self,
                "recall.deadline",
                old_value=old,
                new_value=str(deadline.date_due or ""),
                reason=self.regime_id.name,
            )
        self._meet_deadlines()

    def action_hand_over(self):
        """The brand has the list of customers. Lot QA only."""
        self._check_running()
        self._stamp("date_handed", "recall.handed")

    def _check_running(self):
        """QA works on one running recall.

        :raises AccessError: the user is not in the QA group.
        :raises UserError: the recall is a draft, cancelled or closed.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "confirmed":
            raise UserError(self.env._("Recall %(name)s is not running.", name=self.name))
