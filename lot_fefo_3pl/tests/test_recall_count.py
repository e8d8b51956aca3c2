from lxml import html

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
            [("", "68", self.operator), ("68", "70", self.qa)],
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

    def test_units_found_elsewhere_are_not_missing(self):
        """R4, D2: a place of its own, with who and when; they make up for what is missing."""
        self._count(self.first, 66)
        self._count(self.second, 5)
        self.assertEqual(self.recall._get_balance()["missing"], 4)
        action = self.recall.with_user(self.operator).action_found_elsewhere()
        model = self.env[action["res_model"]].with_user(self.operator)
        dialog = model.with_context(**action["context"]).create({"location_id": self.bin_3.id})
        with self.assertRaisesRegex(UserError, "how many units"):
            dialog.action_confirm()
        dialog.write({"quantity": 3, "note": "behind the rack"})
        dialog.action_confirm()
        found = self.recall.stock_ids - self.first - self.second
        self.assertEqual(
            (found.location_id, found.quantity, found.counted, found.count_user_id),
            (self.bin_3, 0, 3, self.operator),
        )
        self.assertEqual(self.recall._get_balance()["missing"], 1)
        self.assertEqual(self.recall.physical_gap, 1)
        self.assertEqual(self.recall.quantity_on_hand, 75, "the system's figure stays")
        with self.assertRaisesRegex(UserError, "in the list already"):
            dialog.action_confirm()

    def test_other_lots_are_not_found_for_a_recall(self):
        stock = self.env["stock.lot.recall.stock"]
        other = self._lot(self.vitamin, "A-900", days=90)
        with self.assertRaisesRegex(UserError, "not part of this recall"):
            stock.with_user(self.operator)._record_found(self.recall, other, self.bin_3, 1, "")
        with self.assertRaises(AccessError):
            recall = self.recall.with_user(self.stock_user)
            stock.with_user(self.stock_user)._record_found(recall, self.lot, self.bin_3, 1, "")

    def test_pull_list_keeps_its_columns_where_something_is_empty(self):
        """R4: a row without package or owner has as many cells as the others."""
        stock = self.env["stock.lot.recall.stock"].with_user(self.operator)
        stock._record_found(self.recall, self.lot, self.bin_3, 1, "")
        report = self.env.ref("lot_fefo_3pl.stock_lot_recall_pull_report")
        page = report.with_user(self.qa)._render_qweb_html(report.report_name, self.recall.ids)[0]
        rows = html.fromstring(page).xpath("//table[last()]/tbody/tr")
        self.assertEqual([len(row.xpath("td")) for row in rows], [7, 7, 7])
        self.assertTrue(all(row.xpath(".//img[contains(@src, 'data:image/png')]") for row in rows))

    def test_pull_list_names_open_deliveries_and_bins(self):
        """R4: packed but not shipped first, then every bin with its barcode."""
        picking = self._delivery([(self.vitamin, 15)], partner=self.retailer)
        picking.action_assign()
        report = self.env.ref("lot_fefo_3pl.stock_lot_recall_pull_report")
        page = report.with_user(self.qa)._render_qweb_html(report.report_name, self.recall.ids)[0]
        for text in (picking.name, self.bin_1.complete_name, "TPL-A-01", "A-100"):
            self.assertIn(text.encode(), page)
