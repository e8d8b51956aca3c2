from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("draft", "Planned"),
    ("counting", "Being counted"),
    ("recount", "To be counted again"),
    ("review", "To be decided"),
    ("done", "Done"),
    ("cancel", "Cancelled"),
]
OPEN_STATES = ("draft", "counting", "recount", "review")
SUPERVISOR = "lot_fefo_3pl.lot_fefo_3pl_group_supervisor"


class StockLotCount(models.Model):
    """One bin counted lot by lot by somebody who is not told what should be there.

    The supervisor plans counts, or an operator begins one by scanning a bin. What was counted is
    compared with the book when the operator says that the bin is finished. A difference is posted
    only when a second count says the same; two counts that disagree, and goods that the rules keep
    out of the bin, are left to the supervisor. Nobody writes a count by hand: its methods do.
    """

    _name = "stock.lot.count"
    _description = "Lot Count"
    _order = "id desc"

    name = fields.Char("Number", required=True, readonly=True, default="/", copy=False)
    origin = fields.Char("Reason", help="Why this bin is counted: a plan, or who asked for it.")
    state = fields.Selection(STATES, required=True, default="draft", index=True)
    location_id = fields.Many2one(
        "stock.location",
        "Bin",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("usage", "=", "internal")],
    )
    warehouse_id = fields.Many2one(related="location_id.warehouse_id", store=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    assigned_user_id = fields.Many2one("res.users", "For", ondelete="restrict")
    planned_date = fields.Date(default=fields.Date.context_today)
    round = fields.Integer("Times Counted", default=0, help="How often the bin was counted.")
    round_start = fields.Datetime("This Count Since", readonly=True)
    first_user_id = fields.Many2one("res.users", "First Count by", ondelete="restrict")
    second_user_id = fields.Many2one("res.users", "Last Count by", ondelete="restrict")
    date_done = fields.Datetime("Settled on", readonly=True, index=True)
    problem = fields.Text("To Decide", help="What keeps the count from being posted.")
    line_ids = fields.One2many(
        "stock.lot.count.line",
        "count_id",
        "Goods",
        groups="lot_fefo_3pl.lot_fefo_3pl_group_supervisor,lot_fefo_3pl.lot_fefo_3pl_group_qa",
    )
    is_partly_posted = fields.Boolean(
        readonly=True, copy=False, help="The book was changed before all of it was settled."
    )
    exact = fields.Boolean(
        compute="_compute_exact", store=True, help="What was counted is what the book said."
    )

    _one_open_idx = models.UniqueIndex(
        "(location_id) WHERE state IN ('draft', 'counting', 'recount', 'review')",
        "This bin is being counted already.",
    )

    @api.depends("state", "line_ids.exact")
    def _compute_exact(self):
        for count in self:
            count.exact = count.state == "done" and all(count.line_ids.mapped("exact"))

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()
        vals_list = [
            {**vals, "name": sequence.next_by_code("stock.lot.count")} for vals in vals_list
        ]
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A count stays on record. Cancel it instead of deleting it."))

    @api.model
    def _plan(self, locations, origin=None, user=None, date=None):
        """Plan a count of each of ``locations`` that has none open.

        :return: the open counts of all of them.
        """
        counts = self.sudo()
        open_counts = counts._get_open(locations)
        return open_counts | counts.create(
            [
                {
                    "location_id": location.id,
                    "company_id": (location.company_id or self.env.company).id,
                    "origin": origin,
                    "assigned_user_id": user.id if user else False,
                    "planned_date": date or fields.Date.context_today(self),
                }
                for location in locations - open_counts.location_id
            ]
        )

    @api.model
    def _get_open(self, locations):
        return self.search(
            [("location_id", "in", locations.ids), ("state", "in", list(OPEN_STATES))]
        )

    # Rounds ----------------------------------------------------------------------------------

    def _begin(self):
        """Begin the next count of the bin, as the current user.

        :raises UserError: when somebody else counts it, or should.
        """
        self.ensure_one()
        if self.state == "review":
            raise UserError(
                self.env._(
                    "%(bin)s was counted and waits for a supervisor. Count another bin.",
                    bin=self.location_id.display_name,
                )
            )
        if self.state == "counting":
            self._check_counter()
            return
        self._check_assigned()
        if self.state == "recount" and self._needs_other_user() and self._was_counted_by_me():
            raise UserError(
                self.env._(
                    "You have counted %(bin)s. Somebody else has to count it again; count another"
                    " bin.",
                    bin=self.location_id.display_name,
                )
            )
        self._begin_round()

    def _begin_round(self):
        again = self.round > 0
        if self.round > 1:
            # The last count becomes the one that the next is compared with.
            for line in self.line_ids:
                line.write({"first_qty": line.second_qty})
            self.first_user_id = self.second_user_id
        # What the last count left undecided says nothing of this one.
        self.line_ids.write({"second_qty": 0.0, "problem": False, "posted": False})
        self.write(
            {
                "state": "counting",
                "round": self.round + 1,
                "round_start": fields.Datetime.now(),
                "second_user_id" if again else "first_user_id": self.env.uid,
            }
        )

    def _needs_other_user(self):
        return self.warehouse_id.count_recount == "other"

    def _was_counted_by_me(self):
        return self.env.user in (self.first_user_id | self.second_user_id)

    def _is_for_me(self):
        """Whether the current user may begin this count without asking anybody."""
        again = self.state == "recount" and self._needs_other_user()
        return self._is_planned_for_me() and not (again and self._was_counted_by_me())

    def _is_planned_for_me(self):
        """Whether it is planned for the current user or for nobody; the second count by somebody
        else is for everybody when who it was planned for has counted already."""
        planned_for = self.assigned_user_id
        if self.state == "recount" and self._needs_other_user():
            planned_for -= self.first_user_id | self.second_user_id
        return not planned_for or planned_for == self.env.user

    def _check_assigned(self):
        if self._is_planned_for_me() or self.env.user.has_group(SUPERVISOR):
            return
        raise UserError(
            self.env._(
                "The count of %(bin)s is planned for %(user)s. Count another bin, or ask a"
                " supervisor.",
                bin=self.location_id.display_name,
                user=self.assigned_user_id.name,
            )
        )

    def _get_counter(self):
        """Who is counting now."""
        return self.second_user_id if self.round > 1 else self.first_user_id

    def _check_counter(self):
        counter = self._get_counter()
        if self.state != "counting" or counter != self.env.user:
            raise UserError(
                self.env._(
                    "%(user)s is counting %(bin)s. Count another bin.",
                    user=counter.name,
                    bin=self.location_id.display_name,
                )
                if self.state == "counting"
                else self.env._(
                    "The count of %(bin)s is not running. Scan the bin to begin.",
                    bin=self.location_id.display_name,
                )
            )

    # Decisions -------------------------------------------------------------------------------

    def action_count_again(self):
        """Have the bins counted once more before anything is posted.

        :raises AccessError: when the user is no Lot Supervisor.
        """
        self._check_supervisor()
        counts = self.sudo().filtered(lambda count: count.state in ("counting", "review"))
        counts.write({"state": "recount", "problem": False})
        counts._log("count.again")

    def action_post(self):
        """Post what the last count says, although the counts disagree.

        :return: the action that says what the rules still refuse, or None.
        :raises AccessError: when the user is no Lot Supervisor.
        """
        self._check_supervisor()
        counts = self.sudo().filtered(lambda count: count.state == "review")
        for count in counts:
            count._log("count.decide", reason=count.problem)
            count._post()
        left = counts.filtered(lambda count: count.state == "review")
        return left._show_problems() if left else None

    def _show_problems(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not all of it can be posted"),
                "message": "\n".join(self.mapped("problem")),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_cancel(self):
        """Give the count up: nothing is posted.

        :raises AccessError: when the user is no Lot Supervisor.
        :raises UserError: when a part is posted: the book would lack the rest.
        """
        self._check_supervisor()
        counts = self.sudo().filtered(lambda count: count.state in OPEN_STATES)
        for count in counts.filtered("is_partly_posted"):
            raise UserError(
                self.env._(
                    "A part of %(count)s is posted. Put the rest aside, or have %(bin)s counted"
                    " again.",
                    count=count.name,
                    bin=count.location_id.display_name,
                )
            )
        counts.write({"state": "cancel"})
        counts._log("count.cancel")

    def _may_put_aside(self):
        """Whether goods of this count wait to be put aside, and the user may say where they are."""
        is_supervisor = self.env.user.has_group(SUPERVISOR)
        waits = self.state == "review" and bool(self.line_ids.filtered("problem"))
        return waits and (is_supervisor or self._was_counted_by_me())

    def _check_supervisor(self):
        self.check_access("read")
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Only a Lot Supervisor decides about counts."))

    def _log(self, event, **values):
        for count in self:
            self.env["stock.lot.audit"]._log(count, event, company_id=count.company_id.id, **values)
