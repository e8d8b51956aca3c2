import csv
import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .loose_common import LooseCommon


@tagged("post_install", "-at_install")
class TestRecallPossible(LooseCommon):
    """R7: what nobody can tell is listed apart in the case, in every list, and never dropped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._receive(cls.lot, 100, cls.bin_1)
        cls._ship(cls.lot, 10, cls.retailer)
        cls.recalls = cls.env["stock.lot.recall"].with_user(cls.qa)

    def _start(self, **values):
        self._ship_without_lot(3, self.consumer)
        result = self.recalls.start(self.lot.ids, "Metal", **values)
        return self.recalls.browse(result["recall_id"])

    def test_case_lists_deliveries_without_lot_apart(self):
        """R7: they are in no figure, nobody is written to because of them, and they are there."""
        recall = self._start()
        row = recall.possible_ids
        self.assertEqual((row.consignee, row.net, row.lot), ("Consumer Carla", 3, ""))
        self.assertEqual(recall.possible_count, 1)
        self.assertEqual(recall.shipment_ids.mapped("consignee"), ["Retailer Rita"])
        self.assertEqual(recall.consignee_ids.mapped("name"), ["Retailer Rita"])
        self.assertEqual((recall.quantity_shipped, recall.quantity_net), (10, 10))
        self.assertIn("may contain recalled units: 1.", " ".join(recall._get_open_points()))

    def test_list_is_a_copy_that_nobody_writes(self):
        """B26: as the deliveries with a lot."""
        recall = self._start()
        self._ship_without_lot(4, self.consumer)
        self.assertEqual(recall.possible_count, 1)
        for change in (
            lambda: recall.write({"possible_ids": [(5, 0, 0)]}),
            lambda: recall.possible_ids.write({"quantity": 0}),
            lambda: recall.possible_ids.unlink(),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_every_paper_carries_them(self):
        """R7: Excel and the exercise on a sheet of their own, CSV with a mark, PDF apart."""
        recall = self._start(is_mock=True)
        for name in ("list.xlsx", "exercise.xlsx", "status.xlsx"):
            book = load_workbook(io.BytesIO(recall._get_document(name)))
            sheet = book["Possibly affected"]
            header = [cell.value for cell in sheet[1]]
            row = dict(zip(header, (cell.value for cell in sheet[2]), strict=True))
            self.assertEqual((row["consignee"], row["net"]), ("Consumer Carla", 3), name)
        content = recall._get_document("list.csv").decode("utf-8-sig")
        rows = [
            (row["certainty"], row["consignee"], row["lot"])
            for row in csv.DictReader(io.StringIO(content))
        ]
        self.assertEqual(
            rows,
            [("", "Retailer Rita", "A-100"), ("Possibly affected", "Consumer Carla", "")],
        )
        for xml_id in ("stock_lot_recall_report", "stock_lot_recall_authority_report"):
            report = self.env.ref(f"lot_fefo_3pl.{xml_id}").with_user(self.qa)
            html = report._render_qweb_html(report.report_name, recall.ids)[0].decode()
            self.assertRegex(html, "Possibly affected|without a lot may contain")

    def test_extension_adds_only_those_that_are_new(self):
        """R17: a delivery is in doubt once, whichever lots make it doubtful."""
        recall = self._start()
        second = self._lot(self.vitamin, "A-101", days=100)
        self._receive(second, 10, self.bin_3)
        self._ship_without_lot(5, self.store)
        recall.extend(second.ids, "Same pallet")
        self.assertEqual(
            sorted(recall.possible_ids.mapped(lambda row: (row.consignee, row.quantity))),
            [("Consumer Carla", 3), ("Retailer Rita", 5)],
        )
