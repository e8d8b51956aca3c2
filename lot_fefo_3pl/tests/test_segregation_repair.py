from odoo.exceptions import UserError
from odoo.tests import tagged

from .segregation_common import SegregationCommon


@tagged("post_install", "-at_install")
class TestSegregationRepair(SegregationCommon):
    """Promise 2: a warehouse with a history can be switched on, and is put right bin by bin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.lot_control = False
        cls._receive(cls.lot_a, 5, cls.bin_1)
        cls._receive(cls.lot_b, 9, cls.bin_1)
        cls._receive(cls.lot_b, 4, cls.bin_2)
        cls.warehouse.lot_control = True
        cls.env.cr.flush()

    def _propose(self):
        action = self.bin_1.with_user(self.supervisor).action_propose_repair()
        return self.env["stock.picking"].search(action["domain"])

    def test_switch_lists_the_mixed_location_and_holds_everywhere_else(self):
        self.assertEqual(self.warehouse.segregation_pending_count, 1)
        pending = self.env["stock.location"].search(
            self.warehouse.action_view_segregation_pending()["domain"]
        )
        self.assertEqual(pending, self.bin_1)
        self.assertIn("lot A-100", self.bin_1.segregation_conflict)
        self.assertIn("lot A-200", self.bin_1.segregation_conflict)
        with self._assert_refused("A-100", "A-200"):
            self._receive(self.lot_a, 1, self.bin_2)

    def test_nothing_new_comes_into_a_location_that_waits(self):
        with self._assert_refused("moved apart first"):
            self._receive(self._lot(self.magnesium, "M-1", days=9), 1, self.bin_1)
        receipt = self._picking(self.warehouse.in_type_id, self.supplier_location, self.stock)
        self._move(receipt, self.magnesium, 5)
        receipt.action_confirm()
        self.assertEqual(receipt.move_line_ids.location_dest_id, self.bin_3)

    def test_proposed_transfer_moves_the_smaller_lot_out_and_the_rule_holds(self):
        picking = self._propose()
        line = picking.move_line_ids
        self.assertEqual((line.lot_id, line.quantity), (self.lot_a, 5))
        self.assertEqual(line.location_id, self.bin_1)
        self.assertEqual(line.location_dest_id, self.bin_3)
        self._validate(picking)
        self.env.cr.flush()
        self.assertFalse(self.bin_1.segregation_pending)
        self.assertEqual(self.bin_1.lot_segregation_effective, "product")
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 9)
        with self._assert_refused("A-100", "A-200"):
            self._receive(self.lot_a, 1, self.bin_1)

    def test_goods_that_leave_by_themselves_repair_the_location(self):
        delivery = self._delivery([(self.vitamin, 5)])
        delivery.action_assign()
        self.assertEqual(delivery.move_line_ids.lot_id, self.lot_a)
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_1, -5, lot_id=self.lot_a, owner_id=self.brand_a
        )
        self.env.cr.flush()
        self.assertFalse(self.bin_1.segregation_pending)

    def test_only_supervisors_propose_and_nothing_twice(self):
        with self.assertRaises(UserError):
            self.bin_1.with_user(self.operator).action_propose_repair()
        self._propose()
        with self.assertRaisesRegex(UserError, "reserved"):
            self._propose()

    def test_switch_off_forgets_what_was_to_repair(self):
        self.warehouse.lot_control = False
        self.assertFalse(self.bin_1.segregation_pending)
        self.assertEqual(self.warehouse.segregation_pending_count, 0)

    def test_rule_of_a_location_that_waits_cannot_be_tightened_before_the_repair(self):
        with self._assert_refused("Move the goods apart first", "A-01 holds", "A-100", "A-200"):
            self.bin_1.lot_segregation = "lot"
        self.assertTrue(self.bin_1.segregation_pending)
        self._validate(self._propose())
        self.env.cr.flush()
        self.bin_1.lot_segregation = "lot"
        self.assertEqual(self.bin_1.lot_segregation_effective, "lot")

    def test_rule_of_the_zone_cannot_be_tightened_against_what_lies_in_its_bins(self):
        self._receive(self._lot(self.magnesium, "M-1", days=9), 1, self.bin_2)
        with self._assert_refused("Move the goods apart first", "A-02 holds", "A-200", "M-1"):
            self.stock.lot_segregation = "lot"
        self.bin_1.owner_segregation = "mixed"
        self._receive(self._lot(self.cream, "F-1", days=9), 1, self.bin_2)
        with self._assert_refused("A-02 holds", "Brand A", "Brand B"):
            self.stock.owner_segregation = "owner"

    def test_rule_that_suits_the_goods_ends_the_waiting(self):
        self.bin_1.lot_segregation = "mixed"
        self.assertFalse(self.bin_1.segregation_pending)
        self._receive(self.lot_a, 1, self.bin_1)
