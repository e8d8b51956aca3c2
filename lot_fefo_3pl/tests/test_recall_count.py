from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_recall import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallCount(RecallCommon):
    """R4: what the system says is here is looked for, place by place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        result = cls.recalls.start(cls.lot.ids, "Metal", is_mock=True)
        cls.recall = cls.recalls.browse(result["recall_id"])
        cls.first, cls.second = cls.recall.stock_ids.sorted("quantity", reverse=True)

    def _count(self, stock, quantity, note=None, user=None):
        return stock.with_user(user or self.operator).record_count(quantity, note)

    def test_count_shows_the_gap_and_stops_the_clock_at_the_last_place(self):
        """R4, D2: missing units are a gap of their own, never hidden in the balance."""
        self.assertEqual(self._count(self.first, 68, "two broken"), -2)
        self.assertFalse(self.recall.date_counted)
        self._count(self.second, 5)
        self.assertTrue(self.recall.date_counted)
        self.assertEqual((self.recall.quantity_counted, self.recall.physical_gap), (73, 2))
        self.assertEqual(self.first.count_user_id, self.operator)
        self.assertEqual(self.trace.mass_balance(self.lot.ids)[0]["unexplained"], 0)

    def test_second_count_replaces_the_first_and_both_are_on_record(self):
        """B26: old and new value, who and why."""
        self._count(self.first, 68)
        self._count(self.first, 70, "found behind", user=self.qa)
        entries = self.env["stock.lot.audit"].search([("event", "=", "recall.count")], order="id")
        self.assertEqual(
            [(entry.old_value or "", entry.new_value, entry.user_id) for entry in entries],
            [("", "68", self.operator), ("68.0", "70", self.qa)],
        )

    def test_count_is_for_operators_and_for_running_recalls(self):
        with self.assertRaises(AccessError):
            self._count(self.first, 1, user=self.stock_user)
        with self.assertRaises(AccessError):
            self.first.with_user(self.operator).write({"counted": 1})
        with self.assertRaises(UserError):
            self._count(self.first, -1)
        self.recall.sudo().state = "cancelled"
        with self.assertRaises(UserError):
            self._count(self.first, 1)

    def test_dialog_counts(self):
        wizard = (
            self.env["stock.lot.recall.count"]
            .with_user(self.operator)
            .create({"stock_id": self.first.id, "quantity": 70})
        )
        wizard.action_count()
        self.assertEqual((self.first.counted, self.first.difference), (70, 0))

    def test_pull_list_names_open_deliveries_and_bins(self):
        """R4: packed but not shipped first, then every bin with its barcode."""
        picking = self._delivery([(self.vitamin, 15)], partner=self.retailer)
        picking.action_assign()
        report = self.env.ref("lot_fefo_3pl.stock_lot_recall_pull_report")
        html = report.with_user(self.qa)._render_qweb_html(report.report_name, self.recall.ids)[0]
        for text in (picking.name, self.bin_1.complete_name, "TPL-A-01", "A-100"):
            self.assertIn(text.encode(), html)
