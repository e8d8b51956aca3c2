from odoo.tests import HttpCase, tagged

from .test_station_receive import OTHER_SSCC, SSCC, StationReceiveCommon

HEADER = "reference;line;brand;gtin;quantity;sscc;lot;expiry;expected_date\n"


class StationAsnCommon(StationReceiveCommon):
    @classmethod
    def _announce(cls, *rows):
        """Import the announcement of a shipment; the result of the import."""
        text = HEADER + "\n".join(";".join(map(str, row)) for row in rows) + "\n"
        return cls.warehouse.with_user(cls.operator).lot_import_asn(text, "asn.csv")

    @classmethod
    def _row(cls, line, product, quantity, sscc="", lot="", days=None, reference="ASN-7"):
        expiry = cls._day_of(days).isoformat() if days is not None else ""
        expected = cls._day_of(3).isoformat()
        return (reference, line, "Brand A", product.barcode, quantity, sscc, lot, expiry, expected)

    @classmethod
    def _day_of(cls, days):
        return cls._day(cls, days)


@tagged("post_install", "-at_install")
class TestStationAsn(StationAsnCommon):
    """Promise 1: what a brand announced is compared with what comes, pallet by pallet."""

    def setUp(self):
        super().setUp()
        result = self._announce(
            self._row(1, self.vitamin, 48, SSCC, "A-1", 300),
            self._row(2, self.vitamin, 24, OTHER_SSCC, "A-2", 330),
            self._row(3, self.magnesium, 12, "", "M-1", 200),
        )
        self.assertEqual(result["counts"], {"accepted": 3}, result["result_csv"])
        [name] = result["documents"]
        self.receipt = self.env["stock.picking"].search([("name", "=", name)])

    def test_announcement_makes_an_expected_receipt_and_no_stock(self):
        """S19: nothing comes in, no lot exists before it comes."""
        self.assertEqual((self.receipt.state, self.receipt.origin), ("assigned", "ASN-7"))
        self.assertEqual(self.receipt.owner_id, self.brand_a)
        expected = self.warehouse._get_lot_day(self.receipt.scheduled_date)
        self.assertEqual(expected, self._day(3))
        demand = {move.product_id: move.product_uom_qty for move in self.receipt.move_ids}
        self.assertEqual(demand, {self.vitamin: 72, self.magnesium: 12})
        self.assertFalse(self.env["stock.lot"].search([("name", "in", ("A-1", "A-2", "M-1"))]))
        [head] = [
            one for one in self.station.receive_list()["receipts"] if one["id"] == self.receipt.id
        ]
        self.assertEqual((head["expected"], head["pallets"]), (3, 2))
        self.assertEqual({row["kinds"][0] for row in self._rows()}, {"missing"})

    def _rows(self):
        return self.station.receive_open(self.receipt.id)["rows"]

    def test_lines_are_recognised_and_bad_ones_refused(self):
        """R20: the same file twice announces nothing twice; each bad line says why."""
        again = self._announce(self._row(1, self.vitamin, 48, SSCC, "A-1", 300))
        self.assertEqual(again["already_imported"], 1)
        self._lot(self.vitamin, "K-1", days=100)
        result = self._announce(
            self._row(11, self.vitamin, 48, SSCC, "A-9", 300, "ASN-8"),
            self._row(12, self.vitamin, 48, "123", "A-9", 300, "ASN-8"),
            self._row(13, self.vitamin, 48, "", "K-1", 300, "ASN-8"),
            self._row(14, self.vitamin, 0, "", "A-9", 300, "ASN-8"),
            self._row(15, self.vitamin, 1, "", "A-9", -1, "ASN-8"),
            ("ASN-8", 16, "Brand A", "09520123456818", 1, "", "", "", ""),
            ("ASN-8", 17, "Brand A", self.vitamin.barcode, 1, "", "A-9", "05/01/2028", ""),
            ("ASN-8", 18, "Brand A", self.cream.barcode, 1, "", "A-9", "", ""),
        )
        self.assertEqual(
            [line["code"] for line in result["lines"]],
            [
                "pallet_known",
                "sscc",
                "expiry_conflict",
                "quantity",
                "expired",
                "unknown_product",
                "date",
                "other_brand",
            ],
            result["result_csv"],
        )
        self.assertFalse(result["documents"])

    def test_pallet_is_received_by_its_number_after_confirming_it(self):
        """S19: pallet, yes, bin."""
        none = self.env["stock.picking"]
        answer = self._call(f"]C100{SSCC}", picking=none)
        self._assert_answer(answer, "ask", "confirm_pallet", "48 Units", "A-1")
        self.assertEqual(answer["picking_id"], self.receipt.id)
        answer = self._say(pallet=True)
        self.assertEqual((answer["step"], answer["goods"]["lot"]), ("bin", "A-1"))
        self._assert_answer(self._scan(self.bin_1.barcode), "ok", "received", "48")
        self._assert_answer(self._scan(f"]C100{SSCC}"), "refused", "already_done", "A-01")
        self._validate_receipt()
        quant = self.env["stock.quant"].search([("location_id", "=", self.bin_1.id)])
        self.assertEqual((quant.lot_id.name, quant.quantity), ("A-1", 48))
        self.assertEqual(quant.package_id.name, SSCC)
        day = self.warehouse._get_lot_day(quant.lot_id.expiration_date)
        self.assertEqual(day, self._day(300))

    def test_back_order_still_knows_the_announced_pallets(self):
        self._scan(f"]C100{SSCC}")
        self._say(pallet=True)
        self._scan(self.bin_1.barcode)
        answer = self._validate_receipt()
        none = self.env["stock.picking"]
        self.load = None
        asked = self._call(f"]C100{OTHER_SSCC}", picking=none)
        self._assert_answer(asked, "ask", "confirm_pallet", "A-2")
        self.assertEqual(asked["picking_id"], answer["backorder"]["id"])

    def test_back_order_lists_what_is_still_to_come_as_announced(self):
        """The pallet with its number, lot and date; what was announced loose by its product."""
        self._scan(f"]C100{SSCC}")
        self._say(pallet=True)
        self._scan(self.bin_1.barcode)
        later = self._validate_receipt()["backorder"]["id"]
        [head] = [one for one in self.station.receive_list()["receipts"] if one["id"] == later]
        self.assertEqual(head["pallets"], 1)
        rows = self.station.receive_open(later)["rows"]
        announced = [(r["sscc"], r["announced"]["lot"], r["announced"]["quantity"]) for r in rows]
        self.assertEqual(announced, [(OTHER_SSCC, "A-2", 24), ("", "", 12)])
        self.assertEqual(rows[0]["announced"]["expiry"], self._day(330).isoformat())

        self.receipt, self.load = self.receipt.browse(later), None
        self._scan(f"]C100{OTHER_SSCC}")
        self._say(pallet=True)
        self._scan(self.bin_2.barcode)
        kinds = {row["sscc"]: row["kinds"] for row in self._rows()}
        self.assertEqual(kinds, {OTHER_SSCC: [], "": ["missing"]})

    def test_pallet_of_several_lots_is_received_as_a_whole(self):
        """S19: every part of it with its own lot and date."""
        mixed = "106141412345678922"
        self._announce(
            self._row(1, self.vitamin, 5, mixed, "X-1", 300, "ASN-9"),
            self._row(2, self.magnesium, 7, mixed, "X-2", 250, "ASN-9"),
        )
        none = self.env["stock.picking"]
        answer = self._call(f"]C100{mixed}", picking=none)
        self._assert_answer(answer, "ask", "confirm_pallet", "X-1", "X-2")
        self.receipt = self.env["stock.picking"].browse(answer["picking_id"])
        self._say(pallet=True)
        self._assert_answer(self._scan(self.bin_2.barcode), "ok", "received", "X-1, X-2")
        self._validate_receipt()
        lots = {quant.lot_id.name: quant.quantity for quant in self.bin_2.quant_ids}
        self.assertEqual(lots, {"X-1": 5, "X-2": 7})

    def test_label_that_says_otherwise_is_asked_about_and_shown(self):
        """S19 R6: other lot, other date, fewer: received as it is, listed as a difference."""
        answer = self._scan(self._label(lot="A-77", days=310, count=40, sscc=SSCC))
        self._assert_answer(answer, "ask", "confirm_difference", "announced", "lot A-77")
        self.assertEqual(self._say(differs_confirmed=True)["step"], "bin")
        self._scan(self.bin_1.barcode)
        [row] = [row for row in self._rows() if row["sscc"] == SSCC]
        self.assertEqual(row["kinds"], ["short", "other_lot", "other_date"])
        self.assertEqual((row["announced"]["lot"], row["received"]["lot"]), ("A-1", "A-77"))
        self.assertIn("other lot", self.receipt.lot_differences)

    def test_same_lot_with_another_date_is_asked_about(self):
        """E03: an announced date that the label contradicts."""
        answer = self._scan(self._label(lot="A-1", days=310, count=48, sscc=SSCC))
        self._assert_answer(answer, "ask", "confirm_difference", "expiry")

    def test_label_of_an_announced_pallet_needs_no_quantity(self):
        """S19: what nobody contradicts is taken from the announcement."""
        answer = self._scan(self._label(lot="A-1", days=300, sscc=SSCC, count=48))
        self.assertEqual((answer["step"], answer["goods"]["quantity"]), ("bin", 48))

    def test_announced_look_alike_is_asked_about(self):
        """E05: the brand announced A-1, the label reads A-l."""
        answer = self._scan(self._label(lot="A-l", days=300, count=48, sscc=SSCC))
        self._assert_answer(answer, "ask", "confirm_lot", "looks like lot A-1")

    def test_more_than_announced_is_refused(self):
        answer = self._scan(self._label(lot="A-1", days=300, count=73))
        self._assert_answer(answer, "refused", "over_receipt", "72 are expected")

    def test_differences_after_all_came(self):
        """R6: as announced, missing, too many, not announced."""
        self.policy.over_receipt = "any"
        self._scan(f"]C100{SSCC}")
        self._say(pallet=True)
        self._scan(self.bin_1.barcode)
        self._receive_pallet(
            lot="M-1", days=200, count=14, product=self.magnesium, place=self.bin_2
        )
        self._receive_pallet(lot="N-1", days=200, count=1, place=self.bin_3)
        kinds = {(row["product_name"], row["sscc"]): row["kinds"] for row in self._rows()}
        self.assertEqual(
            kinds,
            {
                ("Vitamin C", SSCC): [],
                ("Vitamin C", OTHER_SSCC): ["missing"],
                ("Vitamin C", ""): ["not_announced"],
                ("Magnesium", ""): ["over"],
            },
        )


@tagged("post_install", "-at_install")
class TestAsnDocument(StationAsnCommon, HttpCase):
    """Promise 1: the differences leave the system as a file."""

    def test_differences_as_csv_and_workbook(self):
        """B26: for who may read the receipt, nobody else."""
        result = self._announce(self._row(1, self.vitamin, 48, SSCC, "A-1", 300))
        receipt = self.env["stock.picking"].search([("name", "=", result["documents"][0])])
        url = f"/lot_fefo_3pl/receipt/{receipt.id}/differences."
        self.authenticate(self.operator.login, self.operator.login)
        text = self.url_open(url + "csv").text
        self.assertIn(SSCC, text)
        self.assertIn("did not come", text)
        self.assertEqual(self.url_open(url + "xlsx").content[:2], b"PK")
        self.assertEqual(self.url_open(url + "exe").status_code, 404)
        self.authenticate(self.employee.login, self.employee.login)
        self.assertEqual(self.url_open(url + "csv").status_code, 403)
