import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

BATCH = 100
TOKEN_BYTES = 32


class StockLotRecallConsignee(models.Model):
    """The queue of letters: batches, each in one transaction, each customer exactly once.

    A letter is an Odoo mail and an entry of the log, made in the same transaction that takes the
    customer out of the queue. What breaks off in between is rolled back and comes again; two
    workers skip each other's rows, and the unique index of the log has the last word.
    """

    _inherit = "stock.lot.recall.consignee"

    def _queue_notices(self):
        self._ensure_tokens()
        self.write({"notice_state": "queued", "failure": False})
        self.env.ref("lot_fefo_3pl.ir_cron_recall_notices")._trigger()

    def _ensure_tokens(self):
        """The key of each customer's reply page: 256 random bits that nobody can guess."""
        for consignee in self.sudo().filtered(lambda consignee: not consignee.access_token):
            consignee.access_token = secrets.token_urlsafe(TOKEN_BYTES)

    def _get_reply_url(self):
        """Where this customer answers; in previews, and for all but QA, it leads nowhere."""
        self.ensure_one()
        hidden = self.env.context.get("lot_fefo_3pl_preview") or not self._may_see_reply_key()
        token = "preview" if hidden else None
        token = token or self.sudo().access_token or "preview"
        return f"{self.get_base_url()}/recall/reply/{token}"

    @api.model
    def _run_queue(self):
        """Cron: turn queued customers into mails, batch by batch."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count([("notice_state", "=", "queued")]))
        while batch := self._take_batch():
            batch._write_notices()
            if not cron._commit_progress(len(batch)):
                break

    @api.model
    def _take_batch(self):
        """The next customers in the queue that no other worker has taken."""
        self.flush_model(["notice_state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM stock_lot_recall_consignee
                WHERE notice_state = 'queued' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                BATCH,
            )
        )
        return self.browse(row[0] for row in rows)

    def _write_notices(self):
        """One mail and one log entry per customer of the batch."""
        for recall, consignees in self.grouped("recall_id").items():
            if recall.state != "confirmed" or not recall._is_letter_as_approved():
                consignees.write({"notice_state": "to_send"})
                recall._remind_responsible(
                    self.env._("Letters are waiting"),
                    self.env._("The letter changed after the approval, or the recall has ended."),
                )
                continue
            consignees._write_mails()
            recall._hurry_mails()
        self.env.flush_all()

    def _write_mails(self):
        now = fields.Datetime.now()
        notices = []
        for consignee in self:
            attempt = consignee._next_attempt()
            kind = "reminder" if consignee.notified_on and attempt > 1 else "notice"
            mail = consignee._make_mail(consignee._get_mail_values(kind))
            notices.append(
                {
                    "consignee_id": consignee.id,
                    "kind": kind,
                    "round": consignee.round,
                    "attempt": attempt,
                    "address": consignee._get_notice_email(),
                    "date": now,
                    "mail_id": mail.id,
                }
            )
        self.env["stock.lot.recall.notice"].create(notices)
        self.write({"notice_state": "outgoing", "last_notice_on": now})

    def _get_mail_values(self, kind):
        """A reminder says that it is one; its text is the approved letter."""
        if kind != "reminder":
            return {}
        told = self.with_context(lang=self.lang or self.env.lang)
        return {"subject": told.env._("Reminder: %(subject)s", subject=self._render_subject())}

    def _make_mail(self, values):
        """The mail to this customer, in Odoo's queue.

        The recall's own list says where it goes, whatever recipients a template names.
        """
        self.ensure_one()
        values = {
            "email_to": self._get_notice_email(),
            "email_cc": False,
            "recipient_ids": [fields.Command.clear()],
            **values,
        }
        mail_id = self._get_template().sudo().send_mail(self.id, email_values=values)
        return self.env["mail.mail"].sudo().browse(mail_id)

    def action_remind(self):
        """Write to these customers again now, where they have not answered. Lot QA only.

        :raises UserError: the letters may not go out, or nobody of them waits for a reminder.
        """
        for recall in self.recall_id:
            recall._check_may_send()
        silent = self.filtered(
            lambda consignee: (
                consignee.notice_state in ("sent", "reminded") and consignee._get_notice_email()
            )
        )
        if not silent:
            raise UserError(
                self.env._(
                    "Only customers that got the letter by e-mail and have not answered are"
                    " reminded."
                )
            )
        for recall, consignees in silent.sudo().grouped("recall_id").items():
            recall._remind(consignees)
            self.env["stock.lot.audit"]._log(
                recall.sudo(False), "recall.remind", new_value=", ".join(consignees.mapped("name"))
            )

    @api.model
    def _run_reminders(self):
        """Cron: remind those who have not answered; when that does not help, QA calls."""
        recalls = self.env["stock.lot.recall"].search(
            [("state", "=", "confirmed"), ("is_mock", "=", False), ("reminder_days", ">", 0)]
        )
        for recall in recalls:
            silent = self.search(
                [
                    ("recall_id", "=", recall.id),
                    ("notice_state", "in", ("sent", "reminded")),
                    (
                        "last_notice_on",
                        "<=",
                        fields.Datetime.now() - relativedelta(days=recall.reminder_days),
                    ),
                ]
            )
            again = silent.filtered(
                lambda consignee, recall=recall: (
                    consignee.reminder_count < recall.reminder_max and consignee._get_notice_email()
                )
            )
            recall._remind(again)
            recall._escalate(silent - again)


class StockLotRecall(models.Model):
    _inherit = "stock.lot.recall"

    def _hurry_mails(self):
        """Odoo's mail queue runs once an hour by itself: letters of a recall do not wait for it."""
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _remind(self, consignees):
        if not consignees or not self._is_letter_as_approved():
            return
        for count, same in consignees.grouped("reminder_count").items():
            same.write({"reminder_count": count + 1})
        consignees._queue_notices()

    def _escalate(self, consignees):
        """Nobody answers letters: one task for QA to call them, not one per day."""
        summary = self.env._("Call customers who do not answer")
        open_tasks = self.activity_ids.filtered(lambda activity: activity.summary == summary)
        if consignees and not open_tasks:
            names = ", ".join(consignees[:20].mapped("name"))
            self._remind_responsible(summary, names)
