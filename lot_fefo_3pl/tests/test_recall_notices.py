from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .recall_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestRecallNotices(NoticeCommon):
    """R10: the letters, and what became of each."""

    def test_letter_says_what_the_rule_asks_for(self):
        """R10, 21 CFR 7.49: marking, product, lot, reason, hazard, what to do, how to answer."""
        self.recall.write(
            {
                "letter_hazard": "Cuts in mouth and throat",
                "letter_instructions": "Send it back, postage paid.",
                "letter_contact": "Quality, +1 555 0199",
            }
        )
        self._send()
        mail = self.rita.notice_ids.mail_id.sudo()
        for text in (
            "URGENT: FOOD RECALL",
            "Brand A",
            "Vitamin C",
            "09520123456788",
            "A-100",
            "Metal splinters",
            "Cuts in mouth and throat",
            "Stop selling",
            "Send it back, postage paid.",
            "Tell the customers",
            "+1 555 0199",
            f"/recall/reply/{self.rita.access_token}",
            "SO002",
        ):
            self.assertIn(text, mail.body_html)
        self.assertIn("URGENT: FOOD RECALL", mail.subject)
        self.assertNotIn("Carla", mail.body_html)
        self.assertNotIn(self.carla.access_token, mail.body_html)

    def test_letters_write_the_month_in_letters(self):
        """A reader in Leeds and one in Boston read the same day."""
        self._send()
        day = fields.Date.to_date(self.lot.expiration_date).strftime("%d %b %Y")
        for customer in (self.rita, self.carla):
            self.assertIn(day, customer.notice_ids.mail_id.sudo().body_html)

    def test_consumer_reads_plain_words(self):
        """R10: private persons get a letter of their own."""
        self._send()
        body = self.carla.notice_ids.mail_id.sudo().body_html
        self.assertIn("you bought something", body)
        self.assertNotIn("Tell the customers", body)

    def test_class_and_exercise_decide_the_marking(self):
        cases = {
            "class_1": "URGENT: FOOD RECALL",
            "class_3": "FOOD RECALL",
            "withdrawal": "FOOD MARKET WITHDRAWAL",
        }
        for recall_class, marking in cases.items():
            self.recall.recall_class = recall_class
            self.assertEqual(self.recall._get_marking(), marking)

    def test_every_customer_is_written_to_once(self):
        self._send()
        self.assertEqual(self._letters(), ["carla@example.com", "rita@retail.example"])
        self.assertEqual(set(self.recall.consignee_ids.mapped("notice_state")), {"sent"})
        self.assertEqual(set(self.recall.notice_ids.mapped("state")), {"sent"})
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            self.recall.action_send_notices()
        self._work_off()
        self.assertFalse(self._letters())

    def test_clocks_stop_at_the_first_and_the_last_notice(self):
        """D1: t7 and t8."""
        self._approve()
        self.carla._record_contact("letter", "registered")
        self.assertTrue(self.recall.date_first_notice)
        self.assertFalse(self.recall.date_all_notified)
        self._send()
        self.assertTrue(self.recall.date_all_notified)
        self.assertEqual((self.carla.notified_by, self.rita.notified_by), ("letter", "email"))

    def test_failed_letter_says_why_and_is_sent_again_to_the_corrected_address(self):
        self.rita.sudo().email = "not an address"
        self._send()
        self.assertEqual(self.rita.notice_state, "failed")
        self.assertTrue(self.rita.failure)
        self.assertEqual(self.carla.notice_state, "sent")
        self.assertFalse(self.recall.date_all_notified)
        self.rita.notice_email = "new@retail.example"
        self._send()
        self.assertEqual(self.rita.notice_state, "sent")
        self.assertEqual(self.rita.notice_ids.mapped("state"), ["sent", "failed"])
        self.assertTrue(self.recall.date_all_notified)

    def test_customer_without_address_is_told_by_post(self):
        self.carla.sudo().email = False
        self._send()
        self.assertEqual((self.carla.notice_state, self.recall.unreachable_count), ("to_send", 1))
        report = self.env.ref("lot_fefo_3pl.stock_lot_recall_letter_report")
        html = report.with_user(self.qa)._render_qweb_html(report.report_name, self.carla.ids)[0]
        self.assertIn(b"URGENT: FOOD RECALL", html)
        self.assertIn(self.carla.access_token.encode(), html, "printed letters can be answered too")
        action = self.carla.action_note_contact()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.qa)
            .with_context(**action["context"])
            .create({"method": "letter", "note": "RR123"})
        )
        wizard.action_confirm()
        self.assertEqual((self.carla.notice_state, self.carla.notified_by), ("sent", "letter"))
        self.assertTrue(self.recall.date_all_notified)

    def test_test_letter_goes_to_me_alone_and_leads_nowhere(self):
        with self.mock_mail_gateway():
            self.recall.action_test_send()
        self.assertEqual(
            {address for mail in self._mails for address in mail["email_to"]},
            {self.qa.email_formatted},
        )
        self.assertEqual(len(self._mails), 2)
        for mail in self._mails:
            self.assertIn("[TEST]", mail["subject"])
            self.assertIn("/recall/reply/preview", mail["body"])
        self.assertEqual(set(self.recall.consignee_ids.mapped("notice_state")), {"to_send"})
        self.assertFalse(self.recall.notice_ids)

    def test_preview_is_what_is_sent(self):
        self._send()
        preview = (
            self.env["stock.lot.recall.preview"]
            .with_user(self.qa)
            .create({"recall_id": self.recall.id, "consignee_id": self.rita.id})
        )
        mail = self.rita.notice_ids.mail_id.sudo()
        self.assertEqual(preview.subject, mail.subject)
        self.assertNotIn(self.rita.access_token, preview.body)
        shown = preview.body.replace("/preview", f"/{self.rita.access_token}")
        self.assertEqual(shown, mail.body_html)

    def test_letter_changed_while_it_waits_is_not_sent(self):
        self._approve()
        self.recall.action_send_notices()
        template = self.recall.letter_template_id.sudo()
        template.body_html = f"{template.body_html}<p>More</p>"
        self._work_off()
        self.assertFalse(self._letters())
        self.assertEqual(set(self.recall.consignee_ids.mapped("notice_state")), {"to_send"})

    def test_batches_carry_on_where_they_broke_off(self):
        """Restartable: what was rolled back comes again, and nobody is written to twice."""
        recall = self._many(5)
        self._approve(recall)
        recall.action_send_notices()
        consignees = self.env["stock.lot.recall.consignee"]
        batch = consignees._take_batch()[:2]
        batch._write_notices()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            consignees._take_batch()[:2]._write_notices()
            raise ZeroDivisionError
        self.env.invalidate_all()
        self._work_off()
        self.assertEqual(len(recall.notice_ids), 5)
        self.assertEqual(len(recall.notice_ids.consignee_id), 5)
        self.assertEqual(len(self._letters()), 5)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_the_same_letter_twice(self):
        """K09: the unique index has the last word."""
        self._send()
        notice = self.rita.notice_ids.sudo()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            notice.copy({"mail_id": False})
            self.env.flush_all()

    def test_silent_customers_are_reminded_and_then_called(self):
        """R12: escalation, n days apart, a limited number of times."""
        self.recall.write({"reminder_days": 2, "reminder_max": 2})
        self._send()
        self._answer(self.carla, on_hand=10)
        start = self.rita.last_notice_on
        for day, count in ((1, 0), (3, 1), (4, 1), (6, 2), (9, 2), (10, 2)):
            with freeze_time(start + timedelta(days=day)):
                self.env["stock.lot.recall.consignee"]._run_reminders()
                self._work_off()
                self.assertEqual((day, self.rita.reminder_count), (day, count))
        self.assertEqual(self.rita.notice_state, "reminded")
        self.assertEqual(self.rita.notice_ids.mapped("kind"), ["reminder", "reminder", "notice"])
        self.assertEqual(len(self.carla.notice_ids), 1)
        tasks = self.recall.activity_ids.filtered(lambda task: "Call customers" in task.summary)
        self.assertEqual(len(tasks), 1)
        self.assertIn("Retailer Rita", tasks.note)

    def test_reminders_can_be_switched_off(self):
        self.recall.reminder_days = 0
        self._send()
        with freeze_time(self.rita.last_notice_on + timedelta(days=30)):
            self.env["stock.lot.recall.consignee"]._run_reminders()
        self.assertEqual(set(self.recall.consignee_ids.mapped("notice_state")), {"sent"})

    def test_log_and_states_are_not_written_by_hand(self):
        self._send()
        for values in ({"notice_state": "answered"}, {"told_on_hand": 1}, {"access_token": "x"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.rita.write(values)
        with self.assertRaises(AccessError):
            self.rita.notice_ids.write({"state": "sent"})
        with self.assertRaises(AccessError):
            self.rita.with_user(self.operator).read(["access_token"])
        with self.assertRaises(AccessError):
            self.rita.with_user(self.operator).note = "x"
