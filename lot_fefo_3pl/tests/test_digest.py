import io
import re
from datetime import date, timedelta

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import format_date, mute_logger

from ..tools.digest import period_start, read_days
from .portal_common import PortalCommon

ADDRESS = "/my/lots/alerts"


@tagged("post_install", "-at_install")
class TestDigestTools(TransactionCase):
    """When a digest is due, and which days count."""

    def test_periods(self):
        wednesday = date(2026, 9, 30)
        self.assertEqual(period_start("daily", wednesday), wednesday)
        self.assertEqual(period_start("weekly", wednesday), date(2026, 9, 28))
        self.assertEqual(period_start("monthly", wednesday), date(2026, 9, 1))

    def test_days(self):
        self.assertEqual(read_days(["60", " 30 ", "", "60"]), [30, 60])
        for texts in ([], ["", " "], ["0"], ["-1"], ["soon"], ["1", "2", "3", "4"], ["99999"]):
            with self.subTest(texts=texts), self.assertRaises(ValueError):
                read_days(texts)


class DigestCommon(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).lot_digest = False
        cls.env.company.lot_digest = True
        cls.env["res.partner"].search([]).lot_digest_frequency = "off"
        (cls.brand_a | cls.brand_b).lot_digest_frequency = "weekly"
        cls.lot_near = cls._lot(cls.vitamin, "A-NEAR", days=10)
        cls.lot_later = cls._lot(cls.vitamin, "A-LATER", days=45)
        cls.lot_far = cls._lot(cls.vitamin, "A-FAR", days=300)
        cls.lot_b = cls._lot(cls.cream, "B-SECRET", days=20)
        for lot, quantity in (
            (cls.lot_near, 7),
            (cls.lot_later, 5),
            (cls.lot_far, 3),
            (cls.lot_b, 11),
        ):
            cls._receive(lot, quantity, cls.floor)

    def setUp(self):
        super().setUp()
        # The job commits after each brand; a test's transaction must not.
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1.0)

    def _send(self):
        before = self.env["mail.mail"].search([])
        self.env["res.partner"]._send_lot_digests()
        return self.env["mail.mail"].search([]) - before

    def _sheet(self, mail):
        book = load_workbook(io.BytesIO(mail.attachment_ids.raw))
        return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


@tagged("post_install", "-at_install")
class TestDigest(DigestCommon):
    """A brand is told what expires: once in its period, its own lots only, with a workbook."""

    def test_each_brand_gets_its_own_lots_with_a_workbook(self):
        mails = self._send()
        by_brand = {mail.recipient_ids: mail for mail in mails}
        self.assertEqual(set(by_brand), {self.brand_a, self.brand_b})
        mail = by_brand[self.brand_a]
        self.assertEqual(mail.state, "outgoing")
        self.assertTrue(mail.auto_delete)
        self.assertIn("expiring lots of Brand A (2)", mail.subject)
        for text in ("A-NEAR", "A-LATER", "0-30 days", "/my/lots/alerts"):
            self.assertIn(text, mail.body_html)
        self.assertNotIn("B-SECRET", mail.body_html)
        self.assertNotIn("A-FAR", mail.body_html)
        lots = [row[2] for row in self._sheet(mail)[1:]]
        self.assertEqual(lots, ["A-NEAR", "A-LATER"])
        self.assertEqual(mail.attachment_ids.mimetype[-5:], "sheet")

    def test_second_run_in_the_period_sends_nothing(self):
        self.assertEqual(len(self._send()), 2)
        self.assertFalse(self._send())
        # The stock changes, the period does not.
        self._receive(self._lot(self.vitamin, "A-NEW", days=5), 1, self.floor)
        self.assertFalse(self._send())

    def test_next_period_sends_again(self):
        now = fields.Datetime.now()
        monday = (now + timedelta(days=7 - now.weekday())).replace(hour=12)
        self._send()
        with freeze_time(monday):
            self.assertEqual(len(self._send()), 2)
        self.brand_a.lot_digest_frequency = "daily"
        with freeze_time(monday + timedelta(days=1)):
            self.assertEqual(self._send().recipient_ids, self.brand_a)

    def test_nothing_expires_nothing_is_sent(self):
        self.brand_a.lot_digest_days = "5"
        self.assertEqual(self._send().recipient_ids, self.brand_b)
        self.assertFalse(self.brand_a.lot_digest_date)
        self.assertTrue(self.brand_a.lot_digest_period)

    def test_brand_chooses_the_days(self):
        self.brand_a.lot_digest_days = "15"
        mail = self._send().filtered(lambda mail: mail.recipient_ids == self.brand_a)
        self.assertEqual([row[2] for row in self._sheet(mail)[1:]], ["A-NEAR"])
        self.assertIn("0-15 days", mail.body_html)
        with self.assertRaises(ValidationError):
            self.brand_a.lot_digest_days = "soon"

    def test_last_day_of_a_step_counts(self):
        """A step of 10 days holds what expires in exactly 10 days, and nothing of the 11th."""
        today = self.warehouse._get_lot_today()
        self.lot_near.sudo().expiration_date = self.warehouse._get_lot_day_end(
            today + timedelta(days=10)
        )
        self.lot_later.sudo().expiration_date = self.warehouse._get_lot_day_end(
            today + timedelta(days=11)
        )
        scope = self.user_a._get_lot_scope()
        digest = self.env["stock.lot.report.digest"]._get_digest(scope, [10])
        self.assertEqual([row["lot"] for row in digest["rows"]], ["A-NEAR"])
        buckets = [(bucket["lots"], bucket["units"]) for bucket in digest["buckets"]]
        self.assertEqual(buckets, [(0, 0.0), (1, 7.0)])

    def test_off_and_no_address(self):
        self.brand_b.lot_digest_frequency = "off"
        self.brand_a.email = False
        self.assertFalse(self._send())
        self.brand_a.email = "qa@brand-a.example"
        self.assertEqual(self._send().recipient_ids, self.brand_a)
        self.env.company.lot_digest = False
        self.brand_b.lot_digest_frequency = "daily"
        self.assertFalse(self._send())

    def test_contacts_of_another_company_never_get_it(self):
        colleague = self.colleague_a.partner_id
        colleague.email = "colleague@brand-a.example"
        self.brand_a.lot_digest_partner_ids = colleague | self.brand_b
        mail = self._send().filtered(lambda mail: "A-NEAR" in mail.body_html)
        self.assertEqual(mail.recipient_ids, colleague)

    def test_mail_speaks_the_brands_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.brand_a.lang = "fr_FR"
        mail = self._send().filtered(lambda mail: "A-NEAR" in mail.body_html)
        day = self.warehouse._get_lot_day(self.lot_near.expiration_date)
        words = format_date(self.env, day, lang_code="fr_FR", date_format="dd MMM y")
        self.assertIn(words, mail.body_html)


@tagged("post_install", "-at_install")
class TestPortalAlerts(DigestCommon):
    """Promise 6: the brand chooses for itself, and for nobody else."""

    def _token(self, user):
        page = self._get(ADDRESS, user).text
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]

    def _post(self, user, **values):
        data = {"csrf_token": self._token(user), "frequency": "daily", "days": ["14", "40"]}
        return self.url_open(ADDRESS, data={**data, **values})

    def test_brand_chooses_how_often_which_days_and_who(self):
        colleague = self.colleague_a.partner_id
        colleague.email = "colleague@brand-a.example"
        page = self._post(self.user_a, contacts=[str(colleague.id)])
        self.assertIn("Saved.", page.text)
        self.assertEqual(self.brand_a.lot_digest_frequency, "daily")
        self.assertEqual(self.brand_a.lot_digest_days, "14,40")
        self.assertEqual(self.brand_a.lot_digest_partner_ids, colleague)
        self.assertRegex(page.text, r'checked="checked"[^>]*|value="14"')

    def test_nonsense_is_refused_in_words(self):
        page = self._post(self.user_a, days=["0"])
        self.assertIn("at least one number of days", page.text)
        self._post(self.user_a, frequency="hourly")
        self.assertEqual(self.brand_a.lot_digest_frequency, "weekly")
        self.assertEqual(self.brand_a.lot_digest_days, "30,60,90")

    def test_nobody_chooses_for_another_brand(self):
        """G10: tampered ids reach neither another brand nor its contacts."""
        secret = self.env["res.partner"].create(
            {"name": "Secret contact", "parent_id": self.brand_a.id, "email": "s@brand-a.example"}
        )
        page = self._post(
            self.user_b,
            contacts=[str(secret.id), str(self.brand_a.id)],
            brand_id=str(self.brand_a.id),
            partner_id=str(self.brand_a.id),
        )
        self.assertNotIn("Secret contact", page.text)
        self.assertEqual(self.brand_a.lot_digest_frequency, "weekly")
        self.assertEqual(self.brand_b.lot_digest_frequency, "daily")
        self.assertFalse(self.brand_b.lot_digest_partner_ids)

    def test_without_goods_there_is_nothing_to_choose(self):
        self._login(self.user_none)
        self.assertIn("nothing here yet", self._get(ADDRESS).text)
        token = self._token_of_another_page()
        self.url_open(ADDRESS, data={"csrf_token": token, "frequency": "daily", "days": ["5"]})
        self.assertEqual(self.consumer.lot_digest_frequency, "off")

    def _token_of_another_page(self):
        return re.search(r'csrf_token: "([^"]+)"', self.url_open("/my/account").text)[1]

    @mute_logger("odoo.http")
    def test_public_visitor_cannot_read_or_save(self):
        self.assertIn("/web/login", self.url_open(ADDRESS).url)
        response = self.url_open(ADDRESS, data={"frequency": "off", "days": ["5"]})
        self.assertNotIn("Saved", response.text)
        self.assertEqual(self.brand_a.lot_digest_frequency, "weekly")

    @mute_logger("odoo.http")
    def test_forged_form_without_token_is_refused(self):
        self._login(self.user_a)
        response = self.url_open(ADDRESS, data={"frequency": "off", "days": ["5"]})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.brand_a.lot_digest_frequency, "weekly")
