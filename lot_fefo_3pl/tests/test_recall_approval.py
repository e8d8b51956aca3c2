from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .recall_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestRecallApproval(NoticeCommon):
    """R11: nobody writes to the brand's customers before the brand has agreed."""

    def test_nothing_is_sent_before_the_brand_approves(self):
        for state in ("none", "asked", "changes"):
            if state == "asked":
                self.recall.action_ask_approval()
            if state == "changes":
                self.recall.sudo()._answer_approval(False, "Name the hazard")
            with self.subTest(state=state), self.assertRaisesRegex(UserError, "not approved"):
                self.assertEqual(self.recall.approval_state, state)
                self.recall.action_send_notices()
            with self.assertRaisesRegex(UserError, "not approved"):
                self.rita._record_contact("phone", "called")
        self.assertFalse(self.recall.notice_ids)
        self.assertFalse(self.recall.consignee_ids.filtered("access_token"))

    def test_brand_is_asked_by_mail_and_sees_the_list(self):
        self.recall.action_ask_approval()
        mail = self.env["mail.mail"].search([("model", "=", "stock.lot.recall")], limit=1)
        self.assertEqual(mail.recipient_ids, self.brand_a)
        self.assertIn(f"/my/lots/recalls/{self.recall.id}", mail.body_html)
        self.assertTrue(self.recall.date_handed)

    def test_approval_tells_who_and_when(self):
        self.recall.action_ask_approval()
        self.recall.with_user(self.supervisor).sudo()._answer_approval(True, "")
        self.assertEqual(self.recall.approval_user_id, self.supervisor)
        self.assertTrue(self.recall.approval_date)
        self.assertEqual(self.recall.date_approved, self.recall.approval_date)
        entry = self.env["stock.lot.audit"].search([("event", "=", "recall.approval.approved")])
        self.assertEqual((entry.user_id, entry.res_id), (self.supervisor, self.recall.id))

    def test_changes_are_wanted_with_words_and_make_a_task(self):
        self.recall.action_ask_approval()
        with self.assertRaisesRegex(UserError, "what should be changed"):
            self.recall.sudo()._answer_approval(False, " ")
        self.recall.sudo()._answer_approval(False, "Name the hazard")
        self.assertEqual(self.recall.approval_note, "Name the hazard")
        self.assertIn("Name the hazard", self.recall.activity_ids.note)
        self.assertFalse(self.recall.date_approved)
        self.recall.action_ask_approval()
        self.assertFalse(self.recall.activity_ids, "asked again: nothing is left to do")

    def test_qa_reminds_at_once_whoever_has_not_answered(self):
        """R12: by hand, without waiting for the days to pass; answered ones are left alone."""
        with self.assertRaisesRegex(UserError, "not approved"):
            self.rita.action_remind()
        self._send()
        self._answer(self.carla, on_hand=10)
        with self.assertRaises(AccessError):
            self.rita.with_user(self.supervisor).action_remind()
        with self.assertRaisesRegex(UserError, "have not answered"):
            self.carla.action_remind()
        (self.rita + self.carla).action_remind()
        self._work_off()
        self.assertEqual(self._letters(), ["rita@retail.example"])
        self.assertEqual((self.rita.notice_state, self.rita.reminder_count), ("reminded", 1))
        self.assertEqual(self.rita.notice_ids[:1].kind, "reminder")
        subject = self.rita.notice_ids[:1].sudo().mail_id.subject
        self.assertRegex(subject, "^Reminder: URGENT: FOOD RECALL")
        self.assertEqual(len(self.carla.notice_ids), 1)

    def test_mails_of_a_recall_do_not_wait_for_the_hourly_queue(self):
        """R10: neither the question to the brand nor the letters."""
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"]

        def count():
            return triggers.search_count([("cron_id", "=", queue.id)])

        before = count()
        self._approve()
        self.assertEqual(count(), before + 1)
        self.recall.action_send_notices()
        self.env["stock.lot.recall.consignee"]._take_batch()._write_notices()
        self.assertEqual(count(), before + 2)

    def test_change_of_the_letter_voids_the_approval(self):
        """What was approved is what is sent: letter, class, depth and template alike."""
        template = self.recall.letter_template_id.sudo()
        for change in (
            lambda: self.recall.write({"letter_hazard": "Cuts"}),
            lambda: self.recall.write({"recall_class": "class_1"}),
            lambda: template.write({"body_html": f"{template.body_html}<p>More</p>"}),
            lambda: template.write({"reply_to": "somebody@example.com"}),
            lambda: template.write({"attachment_ids": [(0, 0, {"name": "ad.pdf", "raw": b"x"})]}),
            lambda: self.recall.write({"user_id": self.supervisor.id}),
        ):
            self._approve()
            change()
            with self.assertRaisesRegex(UserError, "not approved|changed after"):
                self.recall.action_send_notices()
        self._send()
        self.assertEqual(set(self.recall.consignee_ids.mapped("notice_state")), {"sent"})

    def test_letter_is_reset_to_the_wording_of_the_addon(self):
        """R10: an update keeps the letters as they are; Odoo's reset brings the shipped wording."""
        template = self.recall.letter_template_id.sudo()
        shipped = str(template.body_html)
        self._approve()
        template.body_html = "<p>Mine</p>"
        reset = self.env["mail.template.reset"].create({"template_ids": template.ids})
        reset.reset_template()
        self.assertEqual(str(template.body_html), shipped)
        self.assertFalse(self.recall.letter_changed, "it is what the brand approved")

    def test_brand_that_needs_no_approval(self):
        self.brand_a.lot_recall_approval = "not_required"
        self.recall.action_ask_approval()
        self.assertEqual(self.recall.approval_state, "not_needed")
        self._send()
        self.assertEqual(self.recall.notified_count, 2)

    def test_template_is_not_sent_past_the_approval(self):
        """R11: Odoo lets any user send a mail template; a recall letter is refused."""
        for user in (self.stock_user, self.supervisor, self.qa):
            template = self.recall.letter_template_id.with_user(user).sudo(False)
            with self.assertRaisesRegex(AccessError, "from the recall"):
                template.send_mail(self.rita.id, email_values={"email_to": "x@example.com"})

    def test_reply_key_in_letters_is_for_qa(self):
        """Who may look at a recall does not find the key by which a customer answers."""
        self._send()
        key = self.rita.sudo().access_token
        messages = self.env["mail.message"]
        domain = [("model", "=", self.rita._name), ("res_id", "=", self.rita.id)]
        self.assertIn(key, str(messages.with_user(self.qa).search(domain).mapped("body")))
        report = "lot_fefo_3pl.stock_lot_recall_letter_document"
        for user in (self.stock_user, self.supervisor):
            self.assertFalse(messages.with_user(user).search(domain))
            with self.assertRaises(AccessError):
                messages.with_user(user).browse(messages.search(domain).ids).read(["body"])
            reports = self.env["ir.actions.report"].with_user(user)
            html, _kind = reports._render_qweb_html(report, self.rita.ids)
            self.assertNotIn(key.encode(), html)
            self.assertNotIn(key, self.rita.with_user(user).sudo(False)._get_reply_url())

    def test_who_edits_contacts_does_not_waive_the_approval(self):
        """R11: only QA and administrators say that a brand is not asked."""
        clerk = self.employee
        clerk.group_ids |= self.env.ref("base.group_partner_manager")
        with self.assertRaisesRegex(AccessError, "Only Lot QA"):
            self.brand_a.with_user(clerk).lot_recall_approval = "not_required"
        self.brand_a.with_user(clerk).write({"phone": "1", "lot_recall_approval": "required"})
        domain = [("event", "=", "brand.recall_approval"), ("res_id", "=", self.brand_a.id)]
        self.assertFalse(self.env["stock.lot.audit"].search(domain), "nothing was changed")
        self.qa.group_ids |= self.env.ref("base.group_partner_manager")
        self.brand_a.with_user(self.qa).lot_recall_approval = "not_required"
        entry = self.env["stock.lot.audit"].search(domain)
        self.assertEqual((entry.user_id, entry.new_value), (self.qa, "not_required"))

    def test_who_adds_contacts_does_not_waive_the_approval(self):
        """R11: neither a value, nor a default, nor a copy makes a brand that is not asked."""
        clerk = self.employee
        clerk.group_ids |= self.env.ref("base.group_partner_manager")
        partners = self.env["res.partner"].with_user(clerk)
        waived = {"lot_recall_approval": "not_required"}
        for model, values in (
            (partners, {"name": "Brand C", **waived}),
            (partners.with_context(default_lot_recall_approval="not_required"), {"name": "C"}),
        ):
            with self.assertRaisesRegex(AccessError, "Only Lot QA"):
                model.create(values)
        self.brand_a.lot_recall_approval = "not_required"
        copied = self.brand_a.with_user(clerk).copy()
        self.assertEqual(copied.lot_recall_approval, "required")
        self.qa.group_ids |= self.env.ref("base.group_partner_manager")
        allowed = partners.with_user(self.qa).create({"name": "Brand D", **waived})
        self.assertEqual(allowed.lot_recall_approval, "not_required")

    def test_qa_overrides_with_a_reason_on_record(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.recall._override_approval(" ")
        with self.assertRaises(AccessError):
            self.recall.with_user(self.supervisor)._override_approval("Hurry")
        action = self.recall.action_override_approval()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.qa)
            .with_context(**action["context"])
            .create({"reason": "The brand cannot be reached"})
        )
        wizard.action_confirm()
        self.assertEqual(self.recall.approval_state, "overridden")
        entry = self.env["stock.lot.audit"].search([("event", "=", "recall.approval.overridden")])
        self.assertEqual((entry.reason, entry.user_id), ("The brand cannot be reached", self.qa))
        self._send()
        self.assertEqual(self.recall.notified_count, 2)

    def test_exercise_writes_to_nobody(self):
        recall = self._start(is_mock=True)
        self._approve(recall)
        with self.assertRaisesRegex(UserError, "exercise"):
            recall.action_send_notices()
