from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.gs1 import GS, element_string
from .common import LotControlCommon

SSCC, OTHER_SSCC = "106141412345678908", "106141412345678915"


class StationReceiveCommon(LotControlCommon):
    """An operator at the dock with a scanner; ``self._scan`` keeps the goods in hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.warehouse._get_lot_today()
        cls.policy = cls.env["stock.lot.policy"].search([("warehouse_id", "=", cls.warehouse.id)])
        cls.station = cls.env["stock.lot.station"].with_user(cls.operator)
        cls.count = 0

    def setUp(self):
        super().setUp()
        self.receipt = self.station._create_receipt(self.warehouse, self.brand_a)
        self.load = None

    def _label(self, product=None, lot=None, days=None, count=None, sscc=None, made=None):
        pairs = [("00", sscc)] if sscc else []
        pairs.append(("02" if sscc else "01", (product or self.vitamin).barcode.zfill(14)))
        if made is not None:
            pairs.append(("11", self._day(made).strftime("%y%m%d")))
        if days is not None:
            pairs.append(("17", self._day(days).strftime("%y%m%d")))
        if count:
            pairs.append(("37" if sscc else "30", str(count)))
        if lot:
            pairs.append(("10", lot))
        return element_string(pairs)

    def _day(self, days):
        return self.today + timedelta(days=days)

    def _call(self, barcode=None, values=None, uid=None, picking=None):
        type(self).count += 1
        answer = self.station.receive_scan(
            (self.receipt if picking is None else picking).id,
            self.load,
            barcode=barcode,
            values=values,
            uid=uid or f"uid-{type(self).__name__}-{self.count}",
            device="dock",
        )
        self.load = answer["load"]
        return answer

    def _scan(self, *barcodes):
        """Scan one after the other; the last answer."""
        for barcode in barcodes:
            answer = self._call(barcode)
        return answer

    def _say(self, **values):
        return self._call(values=values)

    def _assert_answer(self, answer, status, code, *words):
        self.assertEqual((answer["status"], answer["code"]), (status, code), answer["message"])
        self.assertRegex(answer["message"], "(?s)" + ".*".join([*words, ""]))
        return answer

    def _receive_pallet(self, lot="A-1", days=300, count=10, place=None, **label):
        answer = self._scan(
            self._label(lot=lot, days=days, count=count, **label), (place or self.bin_1).barcode
        )
        return self._assert_answer(answer, "ok", "received")

    def _validate_receipt(self, backorder=True):
        answer = self.station.receive_validate(self.receipt.id, backorder)
        self.assertEqual(answer["code"], "validated", answer["message"])
        return answer

    def _expect(self, product, quantity):
        self._move(self.receipt, product, quantity)
        self.receipt.action_confirm()


@tagged("post_install", "-at_install")
class TestStationReceive(StationReceiveCommon):
    """Promise 1: every lot is captured at receiving, by scan, with its expiry and its bin."""

    # Green -----------------------------------------------------------------------------------

    def test_pallet_of_one_lot_in_three_scans(self):
        """S19: label, bin, done: lot, expiry, owner, pallet and bin without typing."""
        answer = self._scan(self._label(lot="A-1", days=300, count=48, sscc=SSCC))
        self._assert_answer(answer, "ok", "read", "scan the bin")
        self.assertEqual(answer["step"], "bin")
        self.assertEqual(answer["bin"]["id"], self.bin_1.id)
        day = self._day(300)
        self.assertEqual(answer["goods"]["day"], f"{day:%d} {f'{day:%b}'.upper()} {day:%Y}")
        answer = self._scan(answer["bin"]["barcode"])
        self._assert_answer(answer, "ok", "received", "48", "A-1", "A-01")
        self.assertEqual(answer["load"], {})
        self.assertFalse(self.station.receive_open(self.receipt.id)["rows"][0]["announced"])
        self._validate_receipt()
        quant = self.env["stock.quant"].search([("location_id", "=", self.bin_1.id)])
        self.assertEqual((quant.lot_id.name, quant.quantity), ("A-1", 48))
        self.assertEqual((quant.owner_id, quant.package_id.name), (self.brand_a, SSCC))
        self.assertEqual(
            quant.lot_id.expiration_date, self.warehouse._get_lot_day_end(self._day(300))
        )

    def test_every_scan_is_evidence_and_counts_once(self):
        """B28: raw barcode, user, device and answer are kept; the same id receives once."""
        label = self._label(lot="A-1", days=300, count=10)
        first = self._call(label, uid="same-1")
        self.load = None
        self.assertEqual(self._call(label, uid="same-1")["scan_id"], first["scan_id"])
        done = self._call(self.bin_1.barcode, uid="same-2")
        again = self._call(self.bin_1.barcode, uid="same-2")
        self.assertEqual(done["scan_id"], again["scan_id"])
        self.assertEqual(len(self.receipt.move_line_ids), 1)
        scans = self.env["stock.lot.scan"].search([("picking_ref", "=", self.receipt.id)])
        self.assertEqual(scans.mapped("result"), ["received", "read"])
        self.assertEqual(scans[1].barcode, label)
        self.assertEqual((scans[0].user_id, scans[0].device), (self.operator, "dock"))
        self.assertEqual((scans[0].quantity, scans[0].lot_id.name), (10, "A-1"))

    def test_another_users_id_is_not_answered(self):
        """B26: an id that somebody else used tells nothing and is refused by the database."""
        self._call(self._label(lot="A-1", days=300, count=10), uid="mine")
        other = self.station.with_user(self.supervisor)
        self.assertFalse(other._get_earlier_answer("mine"))

    def test_carton_code_and_serial_numbers_count_their_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env["product.uom"].create(
            {"product_id": self.vitamin.id, "uom_id": dozen.id, "barcode": "19520123456785"}
        )
        day = self._day(300).strftime("%y%m%d")
        answer = self._scan(f"]C1011952012345678517{day}30004{GS}10C-1")
        self.assertEqual(answer["goods"]["quantity"], 48)

    def test_scan_without_receipt_opens_the_right_one_or_a_new_one(self):
        """S19: the label of a brand's goods starts a receipt for that brand."""
        self.receipt.action_cancel()
        none = self.env["stock.picking"]
        answer = self._call(self._label(lot="A-1", days=300, count=10), picking=none)
        receipt = self.env["stock.picking"].browse(answer["picking_id"])
        self.assertEqual((receipt.owner_id, receipt.state), (self.brand_a, "draft"))
        self.assertEqual(answer["step"], "bin")
        self.load = None
        self._move(receipt, self.vitamin, 5)
        receipt.action_confirm()
        again = self._call(self._label(lot="A-2", days=300, count=2), picking=none)
        self.assertEqual(again["picking_id"], receipt.id)
        self.assertEqual(self._call(receipt.name, picking=none)["picking_id"], receipt.id)

    def test_name_of_a_receipt_opens_it_and_is_no_goods(self):
        self._move(self.receipt, self.vitamin, 5)
        for picking in (self.env["stock.picking"], self.receipt):
            answer = self._call(self.receipt.name, picking=picking)
            self.assertEqual((answer["status"], answer["code"]), ("ok", "read"))
            self.assertEqual(answer["picking_id"], self.receipt.id)
            self.assertIn("is open", answer["message"])

    def test_goods_for_which_no_bin_has_room_go_to_the_overflow(self):
        """A19: the answer says so, before and after somebody tries another bin."""
        for bin_, number in zip(self.bins, range(4), strict=True):
            self._receive(self._lot(self.vitamin, f"V-{number}", days=300), 1, bin_)
        overflow = self.warehouse.lot_overflow_location_id
        overflow.barcode = "TPL-OVERFLOW"
        answer = self._call(self._label(lot="A-1", days=300, count=10))
        self.assertRegex(answer["message"], "No bin has room.*Overflow")
        self.assertEqual(answer["bin"]["id"], overflow.id)
        answer = self._call(self.bin_1.barcode)
        self.assertEqual((answer["status"], answer["code"]), ("refused", "wrong_bin"))
        self.assertRegex(answer["message"], "A-01 cannot take .*lot A-1.*lot V-0.*/Overflow")
        self.assertEqual(answer["bin"]["id"], overflow.id)
        self.assertEqual(self._call(overflow.barcode)["code"], "received")

    def test_refused_goods_leave_no_heap_of_empty_receipts(self):
        self.receipt.action_cancel()
        none = self.env["stock.picking"]
        found = set()
        for lot in ("X-1", "X-2"):
            self.load = None
            answer = self._call(self._label(lot=lot, days=-1, count=10), picking=none)
            self._assert_answer(answer, "refused", "expired")
            found.add(answer["picking_id"])
        self.assertEqual(len(found), 1)

    def test_untracked_goods_need_no_lot(self):
        self.flyer.barcode = "09520123456825"
        self._scan("09520123456825")
        answer = self._say(quantity=100)
        self.assertEqual(answer["step"], "bin")
        self._assert_answer(self._scan(self.bin_1.barcode), "ok", "received", "100")
        self._validate_receipt()
        self.assertEqual(self.bin_1.quant_ids.quantity, 100)

    def test_serial_number_is_one_unit(self):
        self.magnesium.tracking = "serial"
        day = self._day(300).strftime("%y%m%d")
        answer = self._scan(f"]d201{self.magnesium.barcode.zfill(14)}17{day}21SN-1")
        self.assertEqual((answer["goods"]["lot"], answer["goods"]["quantity"]), ("SN-1", 1))
        self._assert_answer(self._scan(self.bin_1.barcode), "ok", "received")
        self._validate_receipt()

    def test_known_lot_without_date_gets_it_from_the_label_on_record(self):
        """E06 B26: an empty date is filled in with who, when and where it was read."""
        lot = self._lot(self.vitamin, "U-1")
        lot.expiration_date = False
        self._receive(lot, 5, self.bin_1)
        self._scan(self._label(lot="U-1", days=300, count=5))
        self._assert_answer(self._scan(self.bin_1.barcode), "ok", "received")
        self.assertEqual(self.warehouse._get_lot_day(lot.expiration_date), self._day(300))
        entry = self.env["stock.lot.audit"].search(
            [("lot_id", "=", lot.id), ("event", "=", "lot.change")], limit=1
        )
        self.assertEqual(entry.user_id, self.operator)
        self.assertIn(self.receipt.name, entry.reason)

    def test_two_open_receipts_are_a_choice(self):
        for _number in range(2):
            receipt = self.station._create_receipt(self.warehouse, self.brand_a)
            self._move(receipt, self.vitamin, 5)
            receipt.action_confirm()
        none = self.env["stock.picking"]
        answer = self._call(self._label(lot="A-1", days=300), picking=none)
        self._assert_answer(answer, "ask", "ask_product", "Which receipt")
        self.assertEqual(len(answer["choices"]), 2)

    # Asked -----------------------------------------------------------------------------------

    def test_missing_lot_expiry_and_quantity_are_asked_for(self):
        """E01 E15 G18: an EAN names the product; nothing is invented, nothing is skipped."""
        answer = self._scan("9520123456788")
        self._assert_answer(answer, "ask", "ask_lot", "lot of Vitamin C")
        self.assertEqual(answer["ask"]["field"], "lot")
        self._assert_answer(self._say(lot="A-1"), "ask", "ask_date", "A-1 expires")
        self._assert_answer(self._say(expiry_text="31 DEC 2027"), "ask", "ask_quantity")
        answer = self._say(quantity=12)
        self.assertEqual((answer["step"], answer["goods"]["day"]), ("bin", "31 DEC 2027"))
        self._assert_answer(self._scan(self.bin_1.barcode), "ok", "received")

    def test_bin_is_not_taken_for_a_lot_and_nothing_is_received_without_lot(self):
        """E16: while something is missing, the bin's scan does not end it."""
        self._scan("9520123456788")
        answer = self._scan(self.bin_1.barcode)
        self._assert_answer(answer, "ask", "ask_lot")
        self.assertFalse(self.receipt.move_line_ids)

    def test_manufacture_date_proposes_an_expiry_to_be_confirmed(self):
        """E01 E02: AI 11 plus the shelf life is a proposal, never the date."""
        answer = self._scan(self._label(lot="A-1", made=-60, count=10))
        self._assert_answer(answer, "ask", "confirm_date", "360 days of life")
        [proposed, other] = answer["ask"]["options"]
        self.assertEqual(proposed["value"], self._day(300).isoformat())
        self.assertFalse(other["value"])
        self.assertFalse(self.receipt.move_line_ids)
        answer = self._say(expiry_text=proposed["value"])
        self.assertEqual(answer["step"], "bin")

    def test_manufacture_date_without_shelf_life_asks(self):
        """E02: plain Odoo makes such goods expire the day they come."""
        self.vitamin.expiration_time = 0
        answer = self._scan(self._label(lot="A-1", made=-60, count=10))
        self._assert_answer(answer, "ask", "ask_date")

    def test_ambiguous_day_and_month_are_asked(self):
        """E10: 05/01/2028 is a question with two unmistakable answers."""
        self._scan(self._label(lot="A-1", count=10))
        answer = self._say(expiry_text="05/01/2028")
        self._assert_answer(answer, "ask", "confirm_date", "several ways")
        self.assertEqual(
            [option["label"] for option in answer["ask"]["options"]], ["05 JAN 2028", "01 MAY 2028"]
        )
        self.assertEqual(self._say(expiry_text="2028-01-05")["goods"]["day"], "05 JAN 2028")

    def test_what_is_no_date_is_refused(self):
        """E09: a bad date is neither dropped nor a part of the lot's number."""
        self._scan(self._label(lot="A-1", count=10))
        answer = self._say(expiry_text="31/02/2028")
        self._assert_answer(answer, "refused", "bad_date", "31/02/2028 is no date")
        self.assertEqual(answer["ask"]["field"], "expiry_text")

    def test_lost_separator_is_asked_about(self):
        """E13 G3: the lot that swallowed the date is not received under that name."""
        scan = f"]C101{self.vitamin.barcode.zfill(14)}10ABC12317{self._day(300):%y%m%d}"
        answer = self._scan(scan)
        self._assert_answer(answer, "ask", "suspect_separator", "could be lot ABC123")
        self.assertEqual(answer["ask"]["options"][0]["value"], "ABC123")
        self._say(lot="ABC123", lot_confirmed=True)
        self._assert_answer(self._say(expiry_text="2028-12-31"), "ask", "ask_quantity")

    def test_look_alike_lot_is_asked_about(self):
        """E05: L0T1 beside LOT1."""
        self._lot(self.vitamin, "LOT1", days=300)
        answer = self._scan(self._label(lot="L0T1", days=300, count=5))
        self._assert_answer(answer, "ask", "confirm_lot", "looks like lot LOT1")
        self.assertEqual([o["value"] for o in answer["ask"]["options"]], ["LOT1", "L0T1"])
        answer = self._say(lot="L0T1", lot_confirmed=True)
        self.assertEqual((answer["step"], answer["goods"]["lot"]), ("bin", "L0T1"))

    def test_number_sign_and_damaged_labels_are_refused(self):
        """E14 G6 G7: the label is refused with what is wrong, and the next scan goes on."""
        for scan in (
            "]C10109520123456788" + "10AB#C",
            "]d201095201234567881727023010BAD",
            "]d201095201234567891727123110ABC123",
        ):
            with self.subTest(scan=scan):
                self._assert_answer(self._scan(scan), "refused", "unreadable", "trusted")
        self._receive_pallet()

    def test_same_lot_name_of_two_products_is_two_lots(self):
        """E18: the product of the label decides."""
        self._receive_pallet(lot="SAME")
        self._receive_pallet(lot="SAME", product=self.magnesium, place=self.bin_2)
        lots = self.receipt.move_line_ids.lot_id
        self.assertEqual(lots.product_id, self.vitamin | self.magnesium)

    # Refused ---------------------------------------------------------------------------------

    def test_conflicting_expiry_of_a_known_lot_stops(self):
        """E03: plain Odoo drops the second date."""
        self._lot(self.vitamin, "A-1", days=100)
        answer = self._scan(self._label(lot="A-1", days=300, count=10))
        self._assert_answer(answer, "refused", "wrong_date", "A-1 is known to expire")
        self.assertEqual((answer["load"], answer["step"]), ({}, "goods"))

    def test_two_labels_that_contradict_each_other_stop(self):
        """E03 G15: lot, date or quantity that changes while the goods are in hand."""
        self._scan(self._label(lot="A-1", days=300, count=10))
        for label in (
            self._label(lot="A-2", days=300, count=10),
            self._label(lot="A-1", days=301, count=10),
            self._label(lot="A-1", days=300, count=11),
        ):
            with self.subTest(label=label):
                self._assert_answer(self._scan(label), "refused", "contradiction")
        self.assertEqual(self.load["lot"], "A-1")

    def test_expired_goods_are_refused_on_the_day_after(self):
        answer = self._scan(self._label(lot="A-1", days=-1, count=10))
        self._assert_answer(answer, "refused", "expired", "tell Brand A")
        self.assertEqual(self._scan(self._label(lot="A-2", days=0, count=10))["step"], "bin")

    def test_unknown_product_says_what_to_do(self):
        """E16: no dead end, and nothing is created."""
        answer = self._scan("]C101095201234568181727063010A-1")
        self._assert_answer(answer, "refused", "unknown_barcode", "09520123456818", "supervisor")
        self.assertEqual(answer["step"], "goods")

    def test_other_brands_goods_are_refused(self):
        """E07 E08: goods come in for their brand only."""
        answer = self._scan(self._label(self.cream, lot="A-1", days=300, count=10))
        self._assert_answer(answer, "refused", "other_owner", "belongs to Brand B")

    def test_receipt_without_owner_gets_the_brand(self):
        """E07: plain Odoo would receive for nobody."""
        self.receipt.owner_id = False
        self._receive_pallet()
        self.assertEqual(self.receipt.owner_id, self.brand_a)
        self.assertEqual(self.receipt.move_line_ids.owner_id, self.brand_a)

    def test_second_lot_in_a_bin_is_refused_with_the_nearest_free_bin(self):
        """A01: the bin of another lot, also when that lot is only on its way."""
        self._receive_pallet()
        self._scan(self._label(lot="A-2", days=300, count=5))
        answer = self._scan(self.bin_1.barcode)
        self._assert_answer(answer, "refused", "wrong_bin", "lot A-1", "nearest free bin is .*A-02")
        self.assertEqual(answer["step"], "bin")
        self._assert_answer(self._scan(self.bin_2.barcode), "ok", "received")
        self._validate_receipt()

    def test_full_bin_and_place_outside_are_refused(self):
        category = self.env["stock.storage.category"].create(
            {
                "name": "Shelf",
                "product_capacity_ids": [(0, 0, {"product_id": self.vitamin.id, "quantity": 8})],
            }
        )
        self.bin_1.storage_category_id = category
        self.warehouse.wh_output_stock_loc_id.write({"active": True, "barcode": "TPL-OUT"})
        self._scan(self._label(lot="A-1", days=300, count=10))
        answer = self._scan(self.bin_1.barcode)
        self._assert_answer(answer, "refused", "wrong_bin", "room for 8", "A-02")
        self._assert_answer(self._scan("TPL-OUT"), "refused", "wrong_bin", "outside", "A-02")
        self._assert_answer(self._scan("NOWHERE"), "refused", "unknown_barcode", "no bin")

    def test_other_owner_in_the_bin_is_refused(self):
        """S16: a bin of one owner."""
        self.bin_1.owner_segregation = "owner"
        self._receive(self._lot(self.cream, "B-1", days=300), 5, self.bin_1)
        self._scan(self._label(lot="A-1", days=300, count=10))
        answer = self._scan(self.bin_1.barcode)
        self._assert_answer(answer, "refused", "wrong_bin", "of Brand B", "A-02")

    def test_short_life_is_refused_asked_or_held_by_policy(self):
        """S9: days and percent; exactly the asked days are enough."""
        self.policy.write({"inbound_action": "refuse", "inbound_min_days": 90})
        answer = self._scan(self._label(lot="A-1", days=89, count=10))
        self._assert_answer(answer, "refused", "short_dated", "89 days of life left")
        self.assertEqual(self._scan(self._label(lot="A-0", days=90, count=10))["step"], "bin")
        self.load = None
        self.policy.write(
            {"inbound_action": "warn", "inbound_min_days": 0, "inbound_min_percent": 25}
        )
        answer = self._scan(self._label(lot="A-1", days=89, count=10))
        self._assert_answer(answer, "ask", "confirm_life", "Receive it all the same")
        self.assertEqual(self._say(short_confirmed=True)["step"], "bin")
        self.load = None
        self.policy.inbound_action = "hold"
        answer = self._scan(self._label(lot="A-2", days=89, count=10))
        self.assertRegex(answer["goods"]["notes"][0], "on hold")
        self._assert_answer(self._scan(self.bin_1.barcode), "ok", "received", "on hold")
        self._validate_receipt()
        self.assertTrue(self._lot(self.vitamin, "A-2").is_held)

    def test_announced_hold_is_told_and_kept(self):
        """S17: a lot number that was held before it came stays held."""
        self.env["stock.lot.hold"].create(
            {
                "product_id": self.vitamin.id,
                "lot_name": "BAD-1",
                "reason_id": self.env.ref("lot_fefo_3pl.hold_reason_recall").id,
            }
        )
        answer = self._scan(self._label(lot="BAD-1", days=300, count=10))
        self.assertRegex(answer["goods"]["notes"][0], "On hold for Recall")
        self._scan(self.bin_1.barcode)
        self._validate_receipt()
        self.assertTrue(self._lot(self.vitamin, "BAD-1").is_held)

    def test_hold_that_blocks_receiving_refuses(self):
        """S17: such goods do not come in at all."""
        lot = self._lot(self.vitamin, "BAD-1", days=300)
        reason = self.env.ref("lot_fefo_3pl.hold_reason_recall")
        reason.block_receive = True
        self.env["stock.lot.hold"]._hold(lot, reason)
        answer = self._scan(self._label(lot="BAD-1", days=300, count=10))
        self._assert_answer(answer, "refused", "held", "ask QA")

    def test_more_than_expected_is_refused_beyond_the_tolerance(self):
        """S9: the quantity is asked for again, with what may come."""
        self._expect(self.vitamin, 10)
        self.policy.over_receipt_percent = 10
        answer = self._scan(self._label(lot="A-1", days=300, count=12))
        self._assert_answer(
            answer, "refused", "over_receipt", "more than the 11", "10 are expected"
        )
        self.assertEqual(answer["ask"]["field"], "quantity")
        self.assertEqual(self._say(quantity=11)["step"], "bin")
        self._scan(self.bin_1.barcode)
        answer = self._scan(self._label(lot="A-1", days=300, count=1))
        self._assert_answer(answer, "refused", "over_receipt", "12 Units")
        self._validate_receipt()

    def test_unexpected_product_is_asked_about(self):
        self._expect(self.vitamin, 10)
        answer = self._scan(self._label(self.magnesium, lot="M-1", days=300, count=5))
        self._assert_answer(answer, "ask", "confirm_product", "not expected")
        self.assertEqual(self._say(unexpected_confirmed=True)["step"], "bin")

    def test_damaged_goods_come_in_on_hold_in_a_bin_of_their_own(self):
        """S17: the reason is kept; good units of the lot are not held with them."""
        self._receive_pallet()
        self._validate_receipt()
        self.receipt = self.station._create_receipt(self.warehouse, self.brand_a)
        quarantine = self.env["stock.location"].create(
            {
                "name": "Quarantine",
                "location_id": self.warehouse.view_location_id.id,
                "usage": "internal",
                "not_for_orders": True,
                "barcode": "TPL-Q",
            }
        )
        self._scan(self._label(lot="A-1", days=300, count=3))
        answer = self._say(damaged="Carton wet")
        self.assertEqual(answer["bin"]["id"], quarantine.id)
        answer = self._scan(self.bin_1.barcode)
        self._assert_answer(answer, "refused", "wrong_bin", "Damaged goods do not", "Quarantine")
        self._assert_answer(self._scan("TPL-Q"), "ok", "received", "Carton wet")
        self.assertFalse(self.env["stock.lot.hold"].search([("product_id", "=", self.vitamin.id)]))
        self._validate_receipt()
        hold = self.env["stock.lot.hold"].search([("product_id", "=", self.vitamin.id)])
        self.assertEqual((hold.location_id, hold.note), (quarantine, "Carton wet"))
        delivery = self._delivery([(self.vitamin, 10)])
        self.assertEqual(delivery.move_line_ids.location_id, self.bin_1)

    # Two steps -------------------------------------------------------------------------------

    def test_two_step_receipt_needs_no_bin_and_waits_to_be_put_away(self):
        """A16: the label receives into the input zone; damaged goods go aside at once."""
        self.warehouse.reception_steps = "two_steps"
        self.receipt = self.station._create_receipt(self.warehouse, self.brand_a)
        answer = self._scan(self._label(lot="A-1", days=300, count=10))
        self._assert_answer(answer, "ok", "received", "10", "Input")
        self._scan(self._label(lot="A-1", days=300))
        self._say(damaged="Broken")
        answer = self._say(quantity=2)
        self.assertEqual(answer["step"], "bin")
        self._assert_answer(self._scan("Overflow"), "ok", "received", "Broken")
        self.assertTrue(self._validate_receipt()["next"])
        lines = self.station.putaway_list()["lines"]
        self.assertEqual([(line["lot"], line["quantity"]) for line in lines], [("A-1", 10)])
        lot = self._lot(self.vitamin, "A-1")
        self.assertEqual(self._quantity(lot, self.warehouse.lot_overflow_location_id), 2)
        self.assertEqual(lot.hold_ids.location_id, self.warehouse.lot_overflow_location_id)
        [line] = lines
        self.assertFalse(line["held"])

    # Finish ----------------------------------------------------------------------------------

    def test_back_order_or_not(self):
        """The rest is kept or given up; what was not scanned is never taken for received."""
        for backorder in (True, False):
            with self.subTest(backorder=backorder):
                self.receipt = self.station._create_receipt(self.warehouse, self.brand_a)
                self._expect(self.vitamin, 10)
                answer = self.station.receive_validate(self.receipt.id, backorder)
                self.assertEqual((answer["status"], answer["code"]), ("refused", "not_allowed"))
                self.assertRegex(answer["message"], "Nothing was scanned")
                self._receive_pallet(lot=f"BO-{backorder}", count=6, place=self.bins[backorder])
                rows = self.station.receive_open(self.receipt.id)["rows"]
                self.assertEqual([row["kinds"] for row in rows], [["short"]])
                answer = self._validate_receipt(backorder)
                self.assertEqual(bool(answer["backorder"]), backorder)
                self.assertEqual(sum(self.receipt.move_ids.mapped("quantity")), 6)

    def test_two_moves_of_one_product_are_filled_one_after_the_other(self):
        """What was expected twice and came twice leaves no back-order."""
        self._expect(self.vitamin, 10)
        later = self._move(self.receipt, self.vitamin, 20)
        later._action_confirm(merge=False)
        self._receive_pallet(count=20)
        self._receive_pallet(count=10)
        self.assertEqual(len(self.receipt.move_ids), 2)
        self.assertFalse(self._validate_receipt()["backorder"])

    def test_line_is_taken_back(self):
        self._expect(self.vitamin, 10)
        self._receive_pallet(count=10)
        [line] = self.station.receive_open(self.receipt.id)["lines"]
        state = self.station.receive_undo(self.receipt.id, line["id"])
        self.assertFalse(state["lines"])
        self._receive_pallet(count=10)
        self._validate_receipt()
        with self.assertRaisesRegex(UserError, "cannot be taken back"):
            self.station.receive_undo(self.receipt.id, self.receipt.move_line_ids.id)

    def test_rights(self):
        """D02: the station is for Lot Operators, and for receipts only."""
        for user in (self.employee, self.stock_user):
            station = self.station.with_user(user)
            for call in (
                station.receive_list,
                lambda station=station: station.receive_open(self.receipt.id),
                lambda station=station: station.receive_scan(self.receipt.id, {}, "X"),
                lambda station=station: station.receive_validate(self.receipt.id),
                lambda station=station: station.receive_undo(self.receipt.id, 1),
                lambda station=station: station.receive_start(self.brand_a.id, self.warehouse.id),
            ):
                with self.assertRaises(AccessError):
                    call()
        delivery = self._delivery([(self.vitamin, 1)])
        with self.assertRaisesRegex(UserError, "no receipt"):
            self.station.receive_open(delivery.id)

    def test_list_and_new_receipt(self):
        found = self.station.receive_list()
        self.assertIn(self.receipt.id, [one["id"] for one in found["receipts"]])
        self.assertIn(self.brand_b.id, [one["id"] for one in found["brands"]])
        vals = (self.brand_b.id, self.warehouse.id, "SHIP-9")
        first = self.station.receive_start(*vals, uid="new-1")
        again = self.station.receive_start(*vals, uid="new-1")
        self.assertEqual(first["receipt"]["id"], again["receipt"]["id"])
        self.assertEqual(first["receipt"]["owner"], "Brand B")
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        with self.assertRaisesRegex(UserError, "into your warehouses"):
            self.station.receive_start(self.brand_b.id, plain.id)
