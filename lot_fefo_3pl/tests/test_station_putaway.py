from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestStationPutaway(LotControlCommon):
    """Promise 2: goods go from the dock to a bin where they may lie, by scan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.reception_steps = "two_steps"
        cls.input = cls.warehouse.wh_input_stock_loc_id
        cls.lot_a = cls._lot(cls.vitamin, "A-1", days=300)
        cls.lot_b = cls._lot(cls.vitamin, "A-2", days=300)
        cls.station = cls.env["stock.lot.station"].with_user(cls.operator)
        cls._receive(cls.lot_a, 10, cls.input)
        cls.transfer = cls._get_storage(cls.lot_a)

    @classmethod
    def _get_storage(cls, lot):
        return (
            cls.env["stock.move.line"]
            .search([("lot_id", "=", lot.id), ("state", "=", "assigned")])
            .picking_id
        )

    def setUp(self):
        super().setUp()
        self.load = None

    def _call(self, barcode=None, values=None, uid=None):
        answer = self.station.putaway_scan(self.load, barcode, values, uid, "dock")
        self.load = answer["load"]
        return answer

    def _assert_answer(self, answer, status, code, *words):
        self.assertEqual((answer["status"], answer["code"]), (status, code), answer["message"])
        self.assertRegex(answer["message"], "(?s)" + ".*".join([*words, ""]))
        return answer

    def test_received_goods_wait_and_are_put_away_in_two_scans(self):
        """A16 S15: label, then the proposed bin; the last line posts the transfer."""
        [line] = self.station.putaway_list()["lines"]
        self.assertEqual((line["lot"], line["from"]), ("A-1", self.input.display_name))
        answer = self._call(self._label(self.lot_a))
        self._assert_answer(answer, "ok", "read", "scan the bin")
        self.assertEqual(answer["bin"]["barcode"], self.bin_1.barcode)
        answer = self._call(answer["bin"]["barcode"])
        self._assert_answer(answer, "ok", "put_away", "10", "A-1", "A-01")
        self.assertTrue(answer["posted"])
        self.assertEqual(self.transfer.state, "done")
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 10)
        self.assertFalse(self.station.putaway_list()["lines"])

    def _label(self, lot):
        return f"]C101{lot.product_id.barcode.zfill(14)}10{lot.name}"

    def test_bin_of_another_lot_is_refused_with_the_nearest_free_one(self):
        """A01: and the goods stay in hand."""
        self._call("A-1")
        self._call(self.bin_1.barcode)
        self._receive(self.lot_b, 5, self.input)
        self._call(self._label(self.lot_b))
        answer = self._call(self.bin_1.barcode)
        self._assert_answer(answer, "refused", "wrong_bin", "lot A-1", "A-02")
        self.assertEqual((answer["step"], answer["bin"]["id"]), ("bin", self.bin_2.id))
        self._assert_answer(self._call(self.bin_3.barcode), "ok", "put_away", "A-03")
        self.assertEqual(self._quantity(self.lot_b, self.bin_3), 5)

    def test_goods_that_have_to_leave_a_mixed_bin_wait_here(self):
        """A mixed bin from before the switch is put right with the handheld."""
        self.warehouse.lot_control = False
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 2, self.bin_1)
        self.warehouse.lot_control = True
        self.env.cr.flush()
        self.bin_1.with_user(self.supervisor).action_propose_repair()
        from_bin = [
            (line["lot"], line["from"])
            for line in self.station.putaway_list()["lines"]
            if line["from"] != self.input.display_name
        ]
        self.assertEqual(from_bin, [("A-2", self.bin_1.display_name)])
        answer = self._call(self._label(self.lot_b))
        self._assert_answer(answer, "ok", "read", "A-02")
        answer = self._call(self.bin_2.barcode)
        self.assertTrue(answer["posted"], answer["message"])
        self.env.cr.flush()
        self.assertFalse(self.bin_1.segregation_pending)
        self.assertEqual(self.bin_1.lot_segregation_effective, "product")

    def test_goods_for_which_no_bin_has_room_go_to_the_overflow_and_stay_there(self):
        """A19: said plainly, and no way leads in circles."""
        for bin_, number in zip(self.bins, range(4), strict=True):
            self._receive(self._lot(self.vitamin, f"V-{number}", days=300), 1, bin_)
        overflow = self.warehouse.lot_overflow_location_id
        overflow.barcode = "TPL-OVERFLOW"
        answer = self._call("A-1")
        self._assert_answer(answer, "ok", "read", "No bin has room", "Overflow")
        answer = self._call(self.bin_1.barcode)
        self._assert_answer(answer, "refused", "wrong_bin", "lot A-1", "lot V-0", "Overflow")
        self._assert_answer(self._call(overflow.barcode), "ok", "put_away", "Overflow")
        answer = self._call("A-1")
        self._assert_answer(answer, "refused", "not_allowed", "No bin has room", "Leave it")
        self.assertEqual(answer["step"], "goods")
        self.assertFalse(self._get_storage(self.lot_a))

    def test_bin_scanned_before_the_goods_is_told_apart_from_them(self):
        answer = self._call(self.bin_1.barcode)
        self._assert_answer(answer, "refused", "not_this_order", "A-01 is a bin", "goods first")

    def test_part_goes_to_another_bin(self):
        """S15: four here, six there; both are posted together."""
        self._call("A-1")
        answer = self._call(values={"quantity": 4})
        self.assertEqual(answer["step"], "bin")
        answer = self._call(self.bin_2.barcode)
        self._assert_answer(answer, "ok", "put_away", "4")
        self.assertEqual((answer["left"], answer["posted"]), (1, False))
        self._call("A-1")
        self.assertTrue(self._call(self.bin_3.barcode)["posted"])
        self.assertEqual(self._quantity(self.lot_a, self.bin_2), 4)
        self.assertEqual(self._quantity(self.lot_a, self.bin_3), 6)

    def test_part_is_posted_and_the_rest_goes_on_waiting(self):
        self._call("A-1")
        self._call(values={"quantity": 4})
        self._call(self.bin_2.barcode)
        answer = self.station.putaway_validate(self.transfer.id)
        self._assert_answer(answer, "ok", "validated")
        self.assertTrue(answer["backorder"])
        self.assertEqual(self._quantity(self.lot_a, self.bin_2), 4)
        self.assertEqual([line["quantity"] for line in self.station.putaway_list()["lines"]], [6])

    def test_wrong_quantities_bins_and_goods(self):
        """E16: each says what to do next, and nothing moves."""
        self._assert_answer(self._call("NOTHING"), "refused", "not_this_order", "Receive it first")
        self._assert_answer(self._call(""), "refused", "unreadable")
        self._call("A-1")
        for quantity in (0, -1, 11, "x"):
            answer = self._call(values={"quantity": quantity})
            self._assert_answer(answer, "refused", "bad_quantity", "Between 1 and 10")
        self._assert_answer(self._call("NOWHERE"), "refused", "unknown_barcode", "no bin")
        self.input.barcode = "TPL-IN"
        self._assert_answer(self._call("TPL-IN"), "refused", "wrong_bin", "outside", "A-01")
        self.assertEqual(self.transfer.state, "assigned")

    def test_same_scan_counts_once(self):
        self._call("A-1")
        first = self._call(self.bin_1.barcode, uid="put-1")
        again = self._call(self.bin_1.barcode, uid="put-1")
        self.assertEqual(first["scan_id"], again["scan_id"])
        scan = self.env["stock.lot.scan"].browse(first["scan_id"])
        self.assertEqual((scan.result, scan.quantity, scan.device), ("put_away", 10, "dock"))
        self.assertEqual(scan.picking_ref, self.transfer.id)

    def test_frozen_goods_stay_where_they_are(self):
        """S17: a hold that blocks moving is told before somebody carries the goods."""
        self.env["stock.lot.hold"]._hold(
            self.lot_a, self.env.ref("lot_fefo_3pl.hold_reason_frozen")
        )
        self.transfer.action_assign()
        self._assert_answer(self._call("A-1"), "refused", "held", "Frozen")

    def test_pallet_is_put_away_by_its_number(self):
        """S15: the pallet goes as a whole."""
        package = self.env["stock.package"].create({"name": "106141412345678908"})
        line = self.transfer.move_line_ids
        line.result_package_id = package
        answer = self._call("]C100106141412345678908")
        self._assert_answer(answer, "ok", "read")
        self._call(answer["bin"]["barcode"])
        self.assertEqual(package.location_id, self.bin_1)

    def test_goods_in_the_overflow_are_put_away_without_a_transfer(self):
        """A19: what had no room is put away when there is: a transfer is made for it."""
        overflow = self.warehouse.lot_overflow_location_id
        self._receive(self.lot_b, 5, overflow)
        answer = self._call(self._label(self.lot_b))
        self._assert_answer(answer, "ok", "read")
        self.assertEqual(answer["lines"][0]["from"], overflow.display_name)
        answer = self._call(answer["bin"]["barcode"])
        self.assertTrue(answer["posted"])
        self.assertEqual(self._quantity(self.lot_b, self.stock), 5)
        self.assertEqual(self._quantity(self.lot_b, overflow), 0)

    def test_rights(self):
        """D02: the station is for Lot Operators."""
        for user in (self.employee, self.stock_user):
            station = self.station.with_user(user)
            for call in (
                station.putaway_list,
                lambda station=station: station.putaway_scan({}, "A-1"),
                lambda station=station: station.putaway_validate(self.transfer.id),
            ):
                with self.assertRaises(AccessError):
                    call()
