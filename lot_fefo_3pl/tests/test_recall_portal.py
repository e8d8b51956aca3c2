import io
import re

from openpyxl import load_workbook

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .portal_common import PortalCommon
from .recall_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestRecallPortal(NoticeCommon, PortalCommon):
    """Promise 6, R11: the brand reads letter and list, and decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.url = f"/my/lots/recalls/{cls.recall.id}"

    def _decide(self, user=None, url=None, **form):
        self._login(user or self.user_a)
        text = self.url_open("/my/lots/recalls").text
        match = re.search(r'csrf_token: "([^"]+)"', text)
        return self.url_open(f"{url or self.url}/approval", data={"csrf_token": match[1], **form})

    def test_letter_is_shown_when_the_brand_is_asked(self):
        self.assertNotIn("Approve letters", self._get(self.url, self.user_a).text)
        self.recall.action_ask_approval()
        text = self._get(self.url).text
        for word in (
            "Approve letters and list",
            "URGENT: FOOD RECALL",
            "Letter to consumers",
            "Letter to businesses",
            "/recall/reply/preview",
            "Retailer Rita",
        ):
            self.assertIn(word, text)

    def test_brand_approves_and_the_warehouse_sends(self):
        self.recall.action_ask_approval()
        response = self._decide(decision="approve")
        self.assertIn("may send the letters now", response.text)
        self.assertEqual(
            (self.recall.approval_state, self.recall.approval_user_id), ("approved", self.user_a)
        )
        self.assertTrue(self.recall.date_approved)
        self._send()
        self.assertEqual(self.recall.notified_count, 2)
        entry = self.env["stock.lot.audit"].search([("event", "=", "recall.approval.approved")])
        self.assertEqual(entry.user_id, self.user_a)

    def test_brand_asks_for_changes_in_words(self):
        self.recall.action_ask_approval()
        self.assertIn("Please say what", self._decide(decision="changes", note=" ").text)
        self.assertEqual(self.recall.approval_state, "asked")
        self.assertIn("Nothing is sent", self._decide(decision="changes", note="Bolder").text)
        self.assertEqual(
            (self.recall.approval_state, self.recall.approval_note), ("changes", "Bolder")
        )

    def test_second_answer_and_changed_letter_are_refused(self):
        self.recall.action_ask_approval()
        template = self.recall.letter_template_id.sudo()
        template.body_html = f"{template.body_html}<p>More</p>"
        self.assertIn("was not taken", self._decide(decision="approve").text)
        self.recall.action_ask_approval()
        self._decide(decision="approve")
        self.assertIn("was not taken", self._decide(decision="changes", note="No!").text)
        self.assertEqual(self.recall.approval_state, "approved")

    @mute_logger("odoo.http")
    def test_nobody_else_reads_or_approves(self):
        """G10: every route of the recall, asked by everybody else."""
        self.recall.action_ask_approval()
        routes = ["", ".csv", "/letter.pdf", "/status.pdf", "/status.xlsx"]
        for user in (self.user_b, self.user_none, self.employee):
            self._login(user)
            for route in routes:
                with self.subTest(user=user.login, route=route):
                    self.assertEqual(self.url_open(self.url + route).status_code, 404)
            response = self._decide(user, decision="approve")
            self.assertEqual(response.status_code, 404)
        self.assertEqual(self.recall.approval_state, "asked")
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(self.url + "/status.xlsx").url)

    def test_brand_downloads_letter_and_status(self):
        self.recall.action_ask_approval()
        self._login(self.user_a)
        for name, word in (("letter.pdf", "Stop selling"), ("status.pdf", "Retailer Rita")):
            content = self._get(f"{self.url}/{name}").content
            pages = PdfFileReader(io.BytesIO(content)).pages
            text = " ".join(" ".join(page.extract_text() for page in pages).split())
            self.assertIn(word, text)
        book = load_workbook(io.BytesIO(self._get(f"{self.url}/status.xlsx").content))
        self.assertEqual(book["Customers"].max_row, 3)

    def test_closed_recall_hands_out_what_was_frozen(self):
        self.recall._close("Handed over")
        self._login(self.user_a)
        for document in self.recall.document_ids:
            content = self._get(f"{self.url}/{document.kind}").content
            self.assertEqual(content, document.attachment_id.raw)
        self.assertIn(self.recall.document_ids[0].sha256, self._get(self.url).text)

    def test_progress_is_shown(self):
        self._send()
        self._answer(self.rita, on_hand=20)
        text = " ".join(self._get(self.url, self.user_a).text.split())
        self.assertIn("Customers notified", text)
        rows = self._page(url=self.url)
        self.assertEqual(
            {row["name"]: (row["notice_state"], row["told_on_hand"]) for row in rows},
            {"Retailer Rita": ("Answered", "20"), "Consumer Carla": ("Sent", "")},
        )
