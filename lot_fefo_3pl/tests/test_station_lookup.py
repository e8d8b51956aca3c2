from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_count import CountCommon


@tagged("post_install", "-at_install")
class TestStationLookup(CountCommon):
    def setUp(self):
        super().setUp()
        self.station = self.env["stock.lot.station"].with_user(self.operator)

    def _look_up(self, barcode):
        answer = self.station.lookup_scan(barcode)
        self.assertEqual(answer["status"], "ok", answer["message"])
        return answer["cards"]

    def test_bin(self):
        """A bin: its rule, what lies there, what came and went."""
        [card] = self._look_up(self.bin_1.barcode)
        self.assertEqual((card["model"], card["id"]), ("stock.location", self.bin_1.id))
        [row] = card["stock"]
        self.assertEqual((row["name"], row["quantity"]), ("A1", 10))
        self.assertEqual((row["model"], row["id"]), ("stock.lot", self.lot_a.id))
        self.assertTrue(card["history"][0]["what"].startswith("10 Units"))

    def test_lot_by_label_says_holds_and_places(self):
        """A lot: expiry, hold with reason and who, bins, history with scans."""
        reason = self.env.ref("lot_fefo_3pl.hold_reason_damaged")
        self.env["stock.lot.hold"]._hold(self.lot_a, reason, note="wet")
        for barcode in ("]C1010952012345678810A1", "A1"):
            [card] = self._look_up(barcode)
            self.assertEqual((card["model"], card["id"]), ("stock.lot", self.lot_a.id))
            self.assertIn(reason.name, card["chips"][0]["text"])
            self.assertEqual(card["chips"][0]["tone"], "bad")
            self.assertIn("wet", str(card["facts"]))
            [row] = card["stock"]
            self.assertEqual((row["model"], row["id"]), ("stock.location", self.bin_1.id))
            self.assertEqual((row["name"], row["quantity"]), (self.bin_1.display_name, 10))

    def test_product(self):
        """A product: brand, on hand, its lots, the first to expire first."""
        self._receive(self.lot_b, 4, self.bin_2)
        [card] = self._look_up("9520123456788")
        self.assertEqual(card["model"], "product.product")
        self.assertEqual([row["name"] for row in card["stock"]], ["A1", "B1"])
        self.assertIn(["Brand", "Brand A"], card["facts"])
        self.assertIn(["On hand", "14 Units"], card["facts"])

    def test_package_by_sscc(self):
        """A pallet: where it is and what is on it, by its label with brackets, FNC1 or digits."""
        package = self.env["stock.package"].create({"name": "095201230000000028"})
        receipt = self._picking(self.warehouse.in_type_id, self.supplier_location, self.bin_2)
        self._move(receipt, self.vitamin, 5, lot=self.lot_b)
        receipt.move_line_ids.result_package_id = package
        self._validate(receipt)
        for barcode in ("]C100095201230000000028", "095201230000000028", "(00)095201230000000028"):
            [card] = self._look_up(barcode)
            self.assertEqual((card["model"], card["id"]), ("stock.package", package.id))
            self.assertIn(["Where", self.bin_2.display_name], card["facts"])
            self.assertEqual(card["stock"][0]["name"], "B1")

    def test_transfer(self):
        """A delivery: state, lines, scans."""
        delivery = self._delivery([(self.vitamin, 4)])
        self._verify(delivery)
        [card] = self._look_up(delivery.name)
        self.assertEqual(card["model"], "stock.picking")
        self.assertEqual(card["stock"][0]["quantity"], 4)
        self.assertIn("Verified", card["history"][0]["what"])
        self.assertTrue(card["can_pick"])
        self._validate(delivery)
        [card] = self._look_up(delivery.name)
        self.assertFalse(card["can_pick"], "picking is not offered any more")

    def test_number_that_is_several_things(self):
        """One number, two products' lots: both are offered."""
        self._lot(self.magnesium, "A1", 50)
        self.assertEqual(len(self._look_up("A1")), 2)

    def test_unknown_and_damaged(self):
        """Nothing known, a damaged label: red, with the reason."""
        answer = self.station.lookup_scan("NOTHING-1")
        self.assertEqual((answer["status"], answer["code"]), ("refused", "unknown_barcode"))
        answer = self.station.lookup_scan("]C10109520123456789")
        self.assertEqual((answer["status"], answer["code"]), ("refused", "unreadable"))

    def test_looking_changes_nothing(self):
        """A look-up may be answered by a replica: it writes nothing."""
        scans = self.env["stock.lot.scan"].search_count([])
        self._look_up("A1")
        self.assertEqual(self.env["stock.lot.scan"].search_count([]), scans)
        for method in ("lookup_scan", "lookup_open"):
            self.assertTrue(getattr(self.env.registry["stock.lot.station"], method)._readonly)

    def test_counts_stay_blind(self):
        """While a bin is counted its quantities are shown to supervisors only."""
        self._plan().with_user(self.operator).sudo()._begin()
        for barcode in (self.bin_1.barcode, "A1", "9520123456788"):
            [row] = self._look_up(barcode)[0]["stock"]
            self.assertIs(row["quantity"], False, barcode)
        supervisor = self.station.with_user(self.supervisor)
        self.assertEqual(supervisor.lookup_scan("A1")["cards"][0]["stock"][0]["quantity"], 10)

    def test_hold_from_the_card(self):
        """QA holds the lot in its hands; an operator is not offered it and is refused."""
        [card] = self._look_up("A1")
        self.assertEqual(card["reasons"], [])
        reason = self.env.ref("lot_fefo_3pl.hold_reason_damaged")
        with self.assertRaises(AccessError):
            self.station.lookup_hold(self.lot_a.id, reason.id)
        station = self.station.with_user(self.qa)
        [card] = station.lookup_scan("A1")["cards"]
        self.assertIn(reason.id, [one["id"] for one in card["reasons"]])
        card = station.lookup_hold(self.lot_a.id, reason.id, note="crushed")
        self.assertIn(reason.name, card["chips"][0]["text"])
        self.assertTrue(self.lot_a.is_held)

    def test_only_what_may_be_looked_up(self):
        """No other model is opened by this route, and nobody else's company."""
        with self.assertRaises(UserError):
            self.station.lookup_open("res.users", self.operator.id)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.lot_b.company_id = self.warehouse.company_id
        self.other.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        theirs = self.station.with_user(self.other)
        with self.assertRaises(AccessError):
            theirs.lookup_open("stock.lot", self.lot_b.id)
        self.assertEqual(theirs.lookup_scan("B1")["code"], "unknown_barcode")
        self.assertEqual(theirs.lookup_scan(self.bin_1.barcode)["code"], "unknown_barcode")

    def test_operators_only(self):
        """Employees and stock users without the group look nothing up."""
        for user in (self.stock_user, self.employee):
            station = self.station.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    station.lookup_scan("A1")
                with self.assertRaises(AccessError):
                    station.lookup_open("stock.lot", self.lot_a.id)
                with self.assertRaises(AccessError):
                    station.lookup_hold(self.lot_a.id, 1)
