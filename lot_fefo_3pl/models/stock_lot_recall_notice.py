from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

METHODS = [("email", "E-mail"), ("letter", "Letter"), ("phone", "Phone"), ("visit", "Visit")]
# A customer in one of these states has been told.
NOTIFIED = ("sent", "reminded", "answered")
# The others wait for their letter.
WAITING = ("to_send", "queued", "outgoing", "failed")
# What QA may correct of a customer; the rest is the recall's own copy.
EDITABLE_FIELDS = frozenset({"notice_email", "note"})


class StockLotRecallNotice(models.Model):
    """One message to one customer: when, how, to which address and what became of it.

    The unique index makes it impossible that two workers write to a customer twice.
    """

    _name = "stock.lot.recall.notice"
    _description = "Recall Notice"
    _order = "id desc"

    consignee_id = fields.Many2one(
        "stock.lot.recall.consignee", "Customer", required=True, ondelete="cascade", index=True
    )
    recall_id = fields.Many2one(related="consignee_id.recall_id", store=True, index=True)
    kind = fields.Selection(
        [("notice", "Notice"), ("reminder", "Reminder")], required=True, default="notice"
    )
    round = fields.Integer(required=True, default=1)
    attempt = fields.Integer(required=True, default=1)
    method = fields.Selection(METHODS, required=True, default="email")
    address = fields.Char("Sent to")
    date = fields.Datetime("Prepared", required=True, default=fields.Datetime.now)
    date_sent = fields.Datetime("Sent on")
    state = fields.Selection(
        [("queued", "In the mail queue"), ("sent", "Sent"), ("failed", "Failed")],
        required=True,
        default="queued",
        index=True,
    )
    failure = fields.Char()
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null")
    user_id = fields.Many2one("res.users", "By", default=lambda self: self.env.user)
    note = fields.Char()

    _once = models.UniqueIndex(
        "(consignee_id, round, attempt)", "This customer has been written to already."
    )


class StockLotRecallConsignee(models.Model):
    _inherit = "stock.lot.recall.consignee"

    notice_state = fields.Selection(
        [
            ("to_send", "To send"),
            ("queued", "Queued"),
            ("outgoing", "In the mail queue"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("reminded", "Reminded"),
            ("answered", "Answered"),
        ],
        "Notice",
        default="to_send",
        readonly=True,
        index=True,
    )
    notice_email = fields.Char(
        "Corrected E-mail", help="Where the notice goes instead of the address on file."
    )
    notice_ids = fields.One2many("stock.lot.recall.notice", "consignee_id", "Messages")
    notified_on = fields.Datetime(readonly=True)
    notified_by = fields.Selection(METHODS, "Notified by", readonly=True)
    last_notice_on = fields.Datetime("Last Message", readonly=True)
    failure = fields.Char(readonly=True)
    reminder_count = fields.Integer("Reminders", readonly=True)
    note = fields.Char()
    access_token = fields.Char(
        copy=False, readonly=True, groups="lot_fefo_3pl.lot_fefo_3pl_group_qa"
    )

    _recall_notice_idx = models.Index("(recall_id, notice_state)")
    _token_uniq = models.UniqueIndex("(access_token) WHERE access_token IS NOT NULL")

    def write(self, vals):
        if not self.env.su and vals.keys() - EDITABLE_FIELDS:
            raise AccessError(self.env._("What a recall says of a customer is set by the system."))
        if not self.env.su:
            self.recall_id._check_not_closed()
        return super().write(vals)

    def _get_notice_email(self):
        self.ensure_one()
        return (self.notice_email or self.email or "").strip()

    def _next_attempt(self):
        self.ensure_one()
        same = self.notice_ids.filtered(lambda notice: notice.round == self.round)
        return max(same.mapped("attempt"), default=0) + 1

    def action_note_contact(self):
        """Open the dialog for a letter, call or visit that took place. Lot QA only."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Posted or Called"),
            "res_model": "stock.lot.recall.contact",
            "view_mode": "form",
            "target": "new",
            "context": {"default_consignee_id": self.id},
        }

    def _record_contact(self, method, note):
        """A letter was posted, or somebody called: the customer is notified. Lot QA only.

        :raises UserError: before the brand has agreed.
        """
        self.ensure_one()
        self.recall_id._check_may_send()
        now = fields.Datetime.now()
        consignee = self.sudo()
        self.env["stock.lot.recall.notice"].sudo().create(
            {
                "consignee_id": self.id,
                "kind": "reminder" if self.notified_on else "notice",
                "round": self.round,
                "attempt": consignee._next_attempt(),
                "method": method,
                "address": {"letter": self.address, "phone": self.phone}.get(method),
                "state": "sent",
                "date_sent": now,
                "user_id": self.env.uid,
                "note": note,
            }
        )
        consignee._ensure_tokens()
        consignee._note_sent(now, method)

    def _note_sent(self, now, method="email"):
        """These customers have been told; the clocks of their recall follow."""
        fresh = self.filtered(
            lambda consignee: (
                consignee.notice_state not in NOTIFIED and not consignee.reminder_count
            )
        )
        for consignee in self:
            state = consignee.notice_state
            if state != "answered":
                told = state in NOTIFIED or consignee.reminder_count
                state = "reminded" if told else "sent"
            consignee.write(
                {
                    "notice_state": state,
                    "notified_on": consignee.notified_on or now,
                    "notified_by": consignee.notified_by or method,
                    "last_notice_on": now,
                    "failure": False,
                }
            )
        for recall in self.recall_id:
            recall._note_notified(is_first=recall in fresh.recall_id)


class StockLotRecall(models.Model):
    _inherit = "stock.lot.recall"

    notice_ids = fields.One2many("stock.lot.recall.notice", "recall_id", "Notices")
    reminder_days = fields.Integer(
        "Remind after (days)", default=3, help="0: nobody is reminded automatically."
    )
    reminder_max = fields.Integer(
        "At Most", default=3, help="How many reminders; then QA gets a task to call."
    )
    to_notify_count = fields.Integer("To Notify", compute="_compute_notices")
    queued_count = fields.Integer("Queued", compute="_compute_notices")
    notified_count = fields.Integer("Notified", compute="_compute_notices")
    answered_count = fields.Integer("Answered", compute="_compute_notices")
    failed_count = fields.Integer("Failed", compute="_compute_notices")
    unreachable_count = fields.Integer("Without E-mail", compute="_compute_notices")
    notice_progress = fields.Float("Notified (%)", compute="_compute_notices")

    @api.depends("consignee_ids.notice_state")
    def _compute_notices(self):
        groups = self.env["stock.lot.recall.consignee"]._read_group(
            [("recall_id", "in", self.ids)], ["recall_id", "notice_state"], ["__count"]
        )
        counts = {}
        for recall, state, count in groups:
            counts.setdefault(recall.id, {})[state or "to_send"] = count
        silent = dict(
            self.env["stock.lot.recall.consignee"]._read_group(
                [
                    ("recall_id", "in", self.ids),
                    ("notice_state", "in", ("to_send", False)),
                    ("email", "in", ("", False)),
                    ("notice_email", "in", ("", False)),
                ],
                ["recall_id"],
                ["__count"],
            )
        )
        for recall in self:
            states = counts.get(recall.id, {})
            total = sum(states.values())
            recall.to_notify_count = states.get("to_send", 0)
            recall.queued_count = states.get("queued", 0) + states.get("outgoing", 0)
            recall.failed_count = states.get("failed", 0)
            recall.answered_count = states.get("answered", 0)
            recall.notified_count = sum(states.get(state, 0) for state in NOTIFIED)
            recall.unreachable_count = silent.get(recall, 0)
            recall.notice_progress = 100 * recall.notified_count / total if total else 0.0

    def _note_notified(self, is_first):
        """Somebody has been told, and perhaps now all have been.

        :param bool is_first: for the first time in this round, not by a reminder.
        """
        self.ensure_one()
        if is_first:
            self._stamp("date_first_notice", "recall.first_notice")
        waiting = self.env["stock.lot.recall.consignee"].search_count(
            [("recall_id", "=", self.id), ("notice_state", "in", WAITING)], limit=1
        )
        if not waiting:
            self._stamp("date_all_notified", "recall.all_notified")

    def action_send_notices(self):
        """Put a letter to every customer not written to yet in the queue. Lot QA only.

        They go out in batches in the background; what failed is tried again.
        """
        self._check_may_send()
        waiting = self.consignee_ids.filtered(
            lambda consignee: (
                consignee.notice_state in ("to_send", "failed", False)
                and consignee._get_notice_email()
            )
        )
        if not waiting:
            raise UserError(
                self.env._(
                    "Nobody is left to be written to by e-mail. Customers without an address:"
                    " print the letters or call them, and note it with Posted or Called."
                )
            )
        waiting.sudo()._queue_notices()
        self.env["stock.lot.audit"]._log(self, "recall.send", new_value=str(len(waiting)))

    def action_open_consignees(self):
        """Show the customers of this recall with their notices and answers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers of %(name)s", name=self.name),
            "res_model": "stock.lot.recall.consignee",
            "view_mode": "list,form",
            "domain": [("recall_id", "=", self.id)],
            "context": {**self.env.context, "default_recall_id": self.id},
        }

    def action_test_send(self):
        """Send me the letters to a business and to a consumer, and nobody else. Lot QA only."""
        self._check_running()
        self._check_templates()
        if not self.env.user.email:
            raise UserError(self.env._("Enter your own e-mail address in your preferences first."))
        for sample, subject, _body in self._get_sample_letters():
            mail = sample._make_mail(
                {
                    "email_to": self.env.user.email_formatted,
                    "subject": self.env._("[TEST] %(subject)s", subject=subject),
                    "auto_delete": True,
                }
            )
            mail.send()
            if mail.exists().state == "exception":
                raise UserError(
                    self.env._(
                        "The test did not leave the house, and neither would the letters: %(why)s",
                        why=mail.failure_reason or self.env._("no mail server answers"),
                    )
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Sent to %(address)s.", address=self.env.user.email),
            },
        }
