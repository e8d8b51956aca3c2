import io
from datetime import timedelta

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from .closing_common import ClosingCommon


@tagged("post_install", "-at_install")
class TestRecallStatus(ClosingCommon, HttpCase):
    """R14: exactly the points of 21 CFR 7.53(b)."""

    def test_status_counts_what_the_rule_asks_for(self):
        self.recall.check_level = "A"
        self.recall.date_estimated = "2027-01-31"
        self.recall.action_draw_sample()
        self._send()
        self.rita._record_check("effective", "Mr. Ring")
        self._answer(self.rita, on_hand=6, returned=5, destroyed=4, sold=3, remarks="2 lost")
        status = self.recall._get_status()
        expected = {
            "customers": 2,
            "notified": 2,
            "methods": {"E-mail": 2},
            "answered": 1,
            "on_hand": 6,
            "silent": 1,
            "silent_names": ["Consumer Carla"],
            "returned": 5,
            "destroyed": 4,
            "sold": 3,
            "accounted": 18,
            "unaccounted": 12,
            "percent": 60.0,
            "check_size": 2,
            "checked": 1,
            "check_results": {"Got the notice and acted on it": 1},
            "estimated": fields.Date.to_date("2027-01-31"),
        }
        self.assertEqual({name: status[name] for name in expected}, expected)
        self.assertTrue(status["first_notice"] and status["all_notified"])

    def test_answers_of_before_an_extension_count(self):
        """R14, R17: who got more since has still told of what came before."""
        self._send()
        self._answer(self.rita, on_hand=12, sold=3, returned=5)
        second = self._lot(self.vitamin, "A-101", days=210)
        self._receive(second, 50, self.bin_3)
        self._ship(second, 6, self.store, source=self.bin_3)
        self.recall.extend(second.ids, "Same pallet")
        status = self.recall._get_status()
        self.assertEqual((status["answered"], status["on_hand"], status["sold"]), (0, 12, 3))
        self.assertEqual((status["accounted"], status["unaccounted"]), (20, 10 + 6))

    def test_files_carry_figures_customers_and_trail(self):
        self._send()
        self._answer(self.rita, on_hand=20)
        self.authenticate("lot_qa", "lot_qa")
        pdf = self.url_open(self.recall.action_status_pdf()["url"])
        pages = PdfFileReader(io.BytesIO(pdf.content)).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        for word in (
            *("URGENT: FOOD RECALL", "Retailer Rita", "Recall notices sent", "21 CFR 7.53"),
            *("Mass balance", "Unexplained", "By the system"),
        ):
            self.assertIn(word, text)
        book = load_workbook(
            io.BytesIO(self.url_open(self.recall.action_status_xlsx()["url"]).content)
        )
        self.assertEqual(
            book.sheetnames[:6], ["Status", "Customers", "Messages", "Answers", "Clocks", "Trail"]
        )
        self.assertEqual(book["Clocks"].max_row, 12)
        self.assertEqual(book["Answers"].max_row, 2)
        self.assertTrue(self.recall.date_status)

    def test_frozen_file_is_downloaded_byte_by_byte(self):
        self.recall._close("Handed over")
        self.authenticate("lot_qa", "lot_qa")
        for document in self.recall.document_ids:
            content = self.url_open(document.action_download()["url"]).content
            self.assertEqual(content, document.attachment_id.raw)
            self.assertEqual(len(content), document.size)

    def test_next_report_makes_one_task(self):
        start = self.recall.date_frozen
        for day, tasks in ((13, 0), (15, 1), (16, 1)):
            with freeze_time(start + timedelta(days=day)):
                self.env["stock.lot.recall"]._run_status_reminders()
                self.assertEqual(
                    len(
                        self.recall.activity_ids.filtered(
                            lambda task: task.summary == "Status report is due"
                        )
                    ),
                    tasks,
                )
