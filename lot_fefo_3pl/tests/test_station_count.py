from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_count import CountCommon

GTIN = "09520123456788"


class StationCountCommon(CountCommon):
    def setUp(self):
        super().setUp()
        self.station = self.env["stock.lot.station"].with_user(self.operator)

    def _start(self, location=None):
        answer = self.station.count_start((location or self.bin_1).barcode)
        self.assertEqual(answer["code"], "bin", answer["message"])
        return answer["count"]["id"]

    def _scan(self, count_id, barcode, code="counted", **options):
        answer = self.station.count_scan(count_id, barcode, **options)
        self.assertEqual(answer["code"], code, answer["message"])
        return answer


@tagged("post_install", "-at_install")
class TestStationCount(StationCountCommon):
    def test_count_by_label(self):
        """Bin, label, finished; the label counts one, a quantity counts that many."""
        count_id = self._start()
        answer = self._scan(count_id, f"]C101{GTIN}10A1")
        self.assertEqual((answer["line"]["lot"], answer["line"]["quantity"]), ("A1", 1))
        answer = self._scan(count_id, f"]C101{GTIN}10A1", quantity=9)
        self.assertEqual(answer["line"]["quantity"], 10)
        answer = self.station.count_finish(count_id)
        self.assertEqual((answer["status"], answer["code"]), ("ok", "count_done"))

    def test_label_with_a_count(self):
        """Our own carton label says how many are in it."""
        count_id = self._start()
        answer = self._scan(count_id, f"]C101{GTIN}3010\x1d10A1")
        self.assertEqual(answer["line"]["quantity"], 10)

    def test_product_then_lot(self):
        """An EAN says no lot: it is asked for, then a plain lot label or typing is enough."""
        count_id = self._start()
        answer = self._scan(count_id, "9520123456788", code="ask_lot")
        answer = self._scan(count_id, "A1", product_id=answer["product"]["id"])
        self.assertEqual(answer["line"]["lot"], "A1")

    def test_plain_lot(self):
        """A lot number that only one product has is enough."""
        self.assertEqual(self._scan(self._start(), "A1")["line"]["lot"], "A1")
        self._lot(self.magnesium, "A1", 50)
        self._scan(self._start(), "A1", code="ask_product")

    def test_nothing_tells_what_is_expected(self):
        """Blind: no answer says a quantity or a lot that was not counted."""
        self._receive(self.lot_b, 4, self.bin_2)
        count_id = self._start()
        answers = [
            self._scan(count_id, "A1", quantity=3),
            self.station.count_finish(count_id),
            self.station.count_start(self.bin_1.barcode),
            self.station.count_list(),
        ]
        self.assertEqual(answers[1]["code"], "recount")
        for answer in answers:
            for word in ("10.0", "10 Units", "expected", "difference"):
                self.assertNotIn(word, str(answer))
        self.assertEqual(answers[2]["count"]["lines"], [], "the second count begins afresh")

    def test_difference_is_recounted_and_posted(self):
        """Three instead of ten, twice: then the book says three."""
        for code in ("recount", "count_done"):
            count_id = self._start()
            self._scan(count_id, "A1", quantity=3)
            self.assertEqual(self.station.count_finish(count_id)["code"], code)
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 3)

    def test_same_scan_again_counts_once(self):
        """The connection was lost: the same id gets the first answer, one unit is counted."""
        count_id = self._start()
        first = self._scan(count_id, "A1", uid="u1")
        again = self._scan(count_id, "A1", uid="u1")
        self.assertEqual(first, again)
        self.assertEqual(self.station.count_load(count_id)["lines"][0]["quantity"], 1)
        done = self.station.count_finish(count_id, uid="u2")
        self.assertEqual(self.station.count_finish(count_id, uid="u2"), done)

    def test_each_scan_is_evidence(self):
        """What was scanned, by whom, in which bin, for which count."""
        count_id = self._start()
        answer = self._scan(count_id, f"]C101{GTIN}10A1", device="Zebra 7")
        scan = self.env["stock.lot.scan"].browse(answer["scan_id"])
        self.assertRecordValues(
            scan,
            [
                {
                    "user_id": self.operator.id,
                    "device": "Zebra 7",
                    "result": "counted",
                    "lot_id": self.lot_a.id,
                    "location_id": self.bin_1.id,
                    "quantity": 1,
                    "picking_name": answer["count"]["name"],
                }
            ],
        )

    def test_unknown_lot_is_confirmed_and_dated(self):
        """A lot that nobody knows: asked, asked for its date, then counted and made."""
        expiry = fields.Date.to_string(fields.Date.today() + timedelta(days=99))
        for code in ("recount", "count_done"):
            count_id = self._start()
            self._scan(count_id, "A1", quantity=10)
            label = f"]C101{GTIN}10NEW1"
            answer = self._scan(count_id, label, code="confirm_lot")
            self.assertEqual(answer["new_lot"]["name"], "NEW1")
            self._scan(count_id, label, code="ask_date", lot_name="NEW1")
            self._scan(count_id, label, lot_name="NEW1", expiry=expiry)
            self.bin_1.lot_segregation = "mixed"
            self.assertEqual(self.station.count_finish(count_id)["code"], code)
        lot = self.env["stock.lot"].search([("name", "=", "NEW1")])
        self.assertEqual(self._quantity(lot, self.bin_1), 1)
        self.assertEqual(
            fields.Date.to_string(self.warehouse._get_lot_day(lot.expiration_date)), expiry
        )

    def test_new_lot_is_confirmed_once_in_a_count(self):
        """Sixty units of a new lot are sixty scans and one question, with one date."""
        count_id = self._start()
        expiry = fields.Date.today() + timedelta(days=99)
        label = f"]C101{GTIN}17{expiry:%y%m%d}10NEW1"
        self._scan(count_id, label, code="confirm_lot")
        self._scan(count_id, label, lot_name="NEW1")
        for _unit in range(2):
            answer = self._scan(count_id, label)
            self.assertFalse(answer.get("new_lot"))
        self.assertEqual(answer["line"]["quantity"], 3)
        self._scan(count_id, f"]C101{GTIN}1730013110NEW1", code="wrong_date")
        self._scan(count_id, f"]C101{GTIN}10NEW2", code="confirm_lot")

    def test_look_alike_lot(self):
        """E05: A1 read as a1: the operator is shown the lot it looks like."""
        answer = self._scan(self._start(), f"]C101{GTIN}10a1", code="confirm_lot")
        self.assertEqual(answer["new_lot"]["alike"], "A1")

    def test_lost_separator_is_asked_about(self):
        """G3: a lot that ends like a date is not taken for a new lot."""
        self._scan(self._start(), f"]C101{GTIN}10A117280131", code="suspect_separator")

    def test_label_with_another_date(self):
        """E03: the label of a known lot with another expiry is refused."""
        self._scan(self._start(), f"]C101{GTIN}1730013110A1", code="wrong_date")

    def test_other_bin_while_counting(self):
        """Another bin is scanned by mistake: refused, the count goes on."""
        count_id = self._start()
        answer = self._scan(count_id, self.bin_2.barcode, code="wrong_bin")
        self.assertIn("Finish it first", answer["message"])
        self._scan(count_id, "A1")

    def test_no_bin(self):
        """Something that is no bin to begin with, and a bin without lot control."""
        self.assertEqual(self.station.count_start("A1")["code"], "wrong_bin")
        self.warehouse.lot_control = False
        self.assertEqual(self.station.count_start(self.bin_1.barcode)["code"], "wrong_bin")

    def test_refused_barcodes(self):
        """Damaged, unknown, unknown package: each says what to do."""
        count_id = self._start()
        self._scan(count_id, "]C10109520123456789", code="unreadable")
        self._scan(count_id, "NOTHING", code="unknown_barcode")
        answer = self._scan(count_id, "]C100095201230000000028", code="unknown_barcode")
        self.assertIn("loose goods", answer["message"])

    def test_goods_in_a_package(self):
        """Package first, then its goods; the bin again for what lies loose."""
        package = self.env["stock.package"].create({"name": "095201230000000028"})
        receipt = self._picking(self.warehouse.in_type_id, self.supplier_location, self.bin_1)
        self._move(receipt, self.vitamin, 5, lot=self.lot_a)
        receipt.move_line_ids.result_package_id = package
        self._validate(receipt)
        count_id = self._start()
        answer = self._scan(count_id, "]C100095201230000000028", code="package")
        self._scan(count_id, "A1", quantity=5, package_id=answer["package"]["id"])
        self._scan(count_id, self.bin_1.barcode, code="bin")
        self._scan(count_id, "A1", quantity=10)
        self.assertEqual(self.station.count_finish(count_id)["code"], "count_done")

    def test_pallet_label_counts_the_pallet(self):
        """One scan of our pallet label: package, lot and count."""
        package = self.env["stock.package"].create({"name": "095201230000000028"})
        receipt = self._picking(self.warehouse.in_type_id, self.supplier_location, self.bin_2)
        self._move(receipt, self.vitamin, 48, lot=self.lot_b)
        receipt.move_line_ids.result_package_id = package
        self._validate(receipt)
        [label] = package._get_lot_labels()
        scanned = "]d2" + label["matrix"]["data"][1:].replace("\xf1", "\x1d")
        count_id = self._start(self.bin_2)
        answer = self._scan(count_id, scanned)
        self.assertEqual(
            (answer["line"]["package"], answer["line"]["quantity"]), (package.name, 48)
        )
        self.assertEqual(self.station.count_finish(count_id)["code"], "count_done")

    def test_serial_number_twice(self):
        """A serial number is one piece: the second scan is refused."""
        self.comb.tracking = "serial"
        self._lot(self.comb, "SN1")
        count_id = self._start(self.bin_3)
        self._scan(count_id, "SN1")
        self._scan(count_id, "SN1", code="already_done")

    def test_correct_an_entry(self):
        """Typed too many: the line is set to what is there."""
        count_id = self._start()
        line = self._scan(count_id, "A1", quantity=100)["line"]
        answer = self.station.count_set(count_id, line["id"], 10)
        self.assertEqual(answer["line"]["quantity"], 10)
        self.assertEqual(self.station.count_set(count_id, line["id"], -1)["code"], "bad_quantity")
        self.assertEqual(self.station.count_finish(count_id)["code"], "count_done")

    def test_found_lot_is_put_aside(self):
        """A lot that may not lie in the bin is taken to the place for such goods."""
        self.bin_1.lot_segregation = "lot"
        self.warehouse.count_problem_location_id = self.bin_4
        for _round in range(2):
            count_id = self._start()
            self._scan(count_id, "A1", quantity=10)
            self._scan(count_id, "B1", quantity=2)
            answer = self.station.count_finish(count_id)
        self.assertEqual(answer["code"], "count_review")
        [problem] = answer["problems"]
        self.assertEqual((problem["lot"], answer["place"]["id"]), ("B1", self.bin_4.id))
        wrong = self.station.count_put_aside(count_id, problem["id"], "NOWHERE")
        self.assertEqual(wrong["code"], "wrong_bin")
        answer = self.station.count_put_aside(count_id, problem["id"], self.bin_4.barcode)
        self.assertEqual(answer["code"], "count_done")
        self.assertEqual(self._quantity(self.lot_b, self.bin_4), 2)

    def test_goods_are_put_aside_later_by_who_found_them_or_a_supervisor(self):
        """The handheld is laid down with the goods in hand; part of the count is posted."""
        for number, user in enumerate((self.operator, self.supervisor)):
            place, free = (self.bin_2, self.bin_3) if number else (self.bin_1, self.bin_4)
            place.lot_segregation = "lot"
            self._receive(self.lot_a, 1, place)
            for _round in range(2):
                count_id = self._start(place)
                self._scan(count_id, "A1", quantity=20)
                self._scan(count_id, "B1", quantity=2)
                self.station.count_finish(count_id)
            with self.assertRaisesRegex(UserError, "waits for a supervisor"):
                self.station.with_user(self.other).count_start(place.barcode)
            answer = self.station.with_user(user).count_start(place.barcode)
            self.assertEqual(answer["code"], "count_review")
            [problem] = answer["problems"]
            station = self.station.with_user(user)
            answer = station.count_put_aside(count_id, problem["id"], free.barcode)
            self.assertEqual(answer["code"], "count_done", answer["message"])
            self.assertEqual(self._quantity(self.lot_b, free), 2)

    def test_list_shows_what_this_user_may_count(self):
        """Planned for me or anybody, not for others, not what somebody else counts or I may not."""
        self.warehouse.count_recount = "other"
        mine = self._plan(self.bin_1)
        counts = self.env["stock.lot.count"]
        counts._plan(self.bin_2, user=self.other)
        self.assertEqual([row["id"] for row in self.station.count_list()], mine.ids)
        self._count(mine, [])
        self.assertEqual(self.station.count_list(), [])
        theirs = self.station.with_user(self.other).count_list()
        self.assertEqual([row["state"] for row in theirs], ["recount", "draft"])

    def test_count_of_somebody_else_is_not_begun(self):
        """Planned for another operator: scanning the bin does not take it away from them; a
        supervisor may count any, and the second count is for whoever has not counted."""
        counts = self.env["stock.lot.count"]
        counts._plan(self.bin_1, user=self.other)
        with self.assertRaisesRegex(UserError, self.other.name):
            self.station.count_start(self.bin_1.barcode)
        self.warehouse.count_recount = "other"
        theirs = self.station.with_user(self.other)
        count_id = theirs.count_start(self.bin_1.barcode)["count"]["id"]
        self.assertEqual(theirs.count_finish(count_id)["code"], "recount")
        self.assertIn(count_id, [row["id"] for row in self.station.count_list()])
        self._start()
        counts._plan(self.bin_2, user=self.other)
        boss = self.station.with_user(self.supervisor)
        self.assertEqual(boss.count_start(self.bin_2.barcode)["code"], "bin")

    def test_other_user_cannot_scan_into_my_count(self):
        """Somebody else's count: refused with the name of who counts."""
        count_id = self._start()
        with self.assertRaisesRegex(UserError, "is counting"):
            self.station.with_user(self.other).count_scan(count_id, "A1")
        self.assertFalse(self.station.with_user(self.other).count_load(count_id))

    def test_operators_only(self):
        """A stock user without the operator group, an employee: no count."""
        count_id = self._start()
        for user in (self.stock_user, self.employee):
            station = self.station.with_user(user)
            calls = {
                "count_list": (),
                "count_start": (self.bin_1.barcode,),
                "count_load": (count_id,),
                "count_scan": (count_id, "A1"),
                "count_set": (count_id, 1, 1),
                "count_finish": (count_id,),
                "count_put_aside": (count_id, 1, "X"),
            }
            for method, arguments in calls.items():
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(station, method)(*arguments)

    def test_other_company(self):
        """A count of another company is no count of mine."""
        count_id = self._start()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.other.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            self.station.with_user(self.other).count_scan(count_id, "A1")
