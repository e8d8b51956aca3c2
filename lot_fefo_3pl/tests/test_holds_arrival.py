from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestHoldsArrival(LotControlCommon):
    """Promise 3 and 5: goods that are still to come are held when they arrive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("lot_fefo_3pl.hold_reason_investigation")
        cls.holds = cls.env["stock.lot.hold"].with_user(cls.qa)
        cls.first = cls._lot(cls.vitamin, "A-1", days=100)
        cls.other = cls._lot(cls.magnesium, "M-1", days=100)

    def _receipt(self, *lines):
        """A confirmed receipt; a line is (product, ordered, lot or None, place)."""
        picking = self._picking(
            self.warehouse.in_type_id, self.supplier_location, self.stock, owner=self.brand_a
        )
        for product, ordered, lot, place in lines:
            move = self._move(picking, product, ordered, lot=lot)
            move.move_line_ids.location_dest_id = place
        picking.action_confirm()
        return picking

    def _announce(self, name):
        return self.holds.create(
            {"product_id": self.vitamin.id, "lot_name": name, "reason_id": self.reason.id}
        )

    # By receipt -------------------------------------------------------------------------------

    def test_done_receipt_is_held_with_all_its_lots(self):
        """R1: hold by receipt, every lot of it at once."""
        second = self._lot(self.vitamin, "A-2", days=100)
        picking = self._receipt(
            (self.vitamin, 5, self.first, self.bin_1),
            (self.vitamin, 5, second, self.bin_2),
            (self.magnesium, 5, self.other, self.bin_3),
        )
        self._validate(picking)
        delivery = self._delivery([(self.vitamin, 2)])
        self.assertTrue(delivery.move_line_ids)
        dialog = (
            self.env["stock.lot.hold.start"]
            .with_user(self.qa)
            .with_context(**picking.action_hold_receipt()["context"])
            .create({"reason_id": self.reason.id, "note": "Truck was too warm"})
        )
        dialog.action_hold()
        self.assertTrue(self.first.is_held and second.is_held and self.other.is_held)
        self.assertFalse(delivery.move_line_ids, "un-reserved in the same step")
        self.assertEqual(picking.lot_hold_count, 3)
        self.assertEqual(len(self.holds.search(picking.action_view_lot_holds()["domain"])), 3)

    def test_lots_still_to_come_on_the_receipt_are_held_on_arrival(self):
        picking = self._receipt(
            (self.vitamin, 5, self.first, self.bin_1), (self.magnesium, 9, None, self.bin_3)
        )
        self.holds._hold_receipt(picking, self.reason, note="Truck was too warm")
        self.assertTrue(self.first.is_held)
        self.assertFalse(self.other.is_held, "other goods of the product stay free")
        self._receive(self._lot(self.magnesium, "M-0", days=90), 5, self.bin_4)
        delivery = self._delivery([(self.magnesium, 2)])
        self.assertEqual(delivery.move_line_ids.lot_id.name, "M-0")
        later = picking.move_ids.filtered(lambda move: move.product_id == self.magnesium)
        later.move_line_ids.unlink()
        later.move_line_ids = [
            (0, 0, {**later._prepare_move_line_vals(), "lot_id": self.other.id, "quantity": 9})
        ]
        later.move_line_ids.location_dest_id = self.bin_3
        picking.move_ids.picked = True
        picking.with_user(self.operator).button_validate()
        self.assertTrue(self.other.is_held)
        hold = self.other.hold_ids
        self.assertEqual((hold.user_id, hold.note), (self.qa, "Truck was too warm"))
        self.assertIn("M-1 came in on hold", picking.message_ids[0].body)

    def test_lots_of_the_back_order_are_held_too(self):
        picking = self._receipt((self.vitamin, 10, self.first, self.bin_1))
        picking.move_line_ids.quantity = 4
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        rest = picking.backorder_ids
        self.holds._hold_receipt(picking, self.reason)
        second = self._lot(self.vitamin, "A-2", days=100)
        rest.move_line_ids.unlink()
        rest.move_ids.move_line_ids = [
            (0, 0, {**rest.move_ids._prepare_move_line_vals(), "lot_id": second.id, "quantity": 6})
        ]
        rest.move_line_ids.location_dest_id = self.bin_2
        rest.move_ids.picked = True
        rest.button_validate()
        self.assertTrue(second.is_held)

    def test_holding_a_receipt_is_for_qa(self):
        picking = self._receipt((self.vitamin, 5, self.first, self.bin_1))
        with self.assertRaises(AccessError):
            self.holds.with_user(self.supervisor)._hold_receipt(picking, self.reason)

    # Announced numbers --------------------------------------------------------------------------

    def test_lot_that_looks_like_an_announced_one_is_held_and_says_why(self):
        """R1: 'lot 1O' for 'LOT10' is not let in silently."""
        announced = self._announce("LOT10")
        alike = self._lot(self.vitamin, "lot 1O", days=100)
        self.assertTrue(alike.is_held)
        self.assertIn('announced lot "LOT10"', alike.hold_ids.note)
        picking = self._receive(alike, 5, self.bin_1)
        self.assertIn('announced lot "LOT10"', picking.message_ids[0].body)
        self.assertFalse(self._delivery([(self.vitamin, 1)]).move_line_ids)
        self.assertEqual(announced.scope, "announced", "the announced lot may still come")
        exact = self._lot(self.vitamin, "LOT10", days=100)
        self.assertEqual(announced.lot_id, exact)

    def test_other_numbers_and_other_products_are_let_in(self):
        self._announce("LOT10")
        self.assertFalse(self._lot(self.vitamin, "LOT11", days=100).is_held)
        self.assertFalse(self._lot(self.magnesium, "LOT10", days=100).is_held)

    def test_lot_of_the_announced_number_that_is_here_already_is_held(self):
        alike = self._lot(self.vitamin, "a-I", days=100)
        self._receive(self.first, 5, self.bin_1)
        hold = self._announce("A-1")
        self.assertEqual(hold.lot_id, self.first)
        self.assertTrue(alike.is_held)
        self.assertFalse(self._delivery([(self.vitamin, 1)]).move_line_ids)

    def test_lot_that_gets_the_announced_number_by_a_correction_is_held(self):
        self._announce("LOT10")
        self._receive(self.first, 5, self.bin_1)
        self.first.with_user(self.qa)._correct({"name": "L0T10"}, "Misread label")
        self.assertTrue(self.first.is_held)

    def test_reason_that_blocks_receiving_keeps_the_look_alike_out(self):
        """S17: an announced lot that must not come in does not come in under another spelling."""
        reason = self.reason.copy({"name": "Do not receive", "block_receive": True})
        self.holds.create(
            {"product_id": self.vitamin.id, "lot_name": "LOT10", "reason_id": reason.id}
        )
        with self.assertRaisesRegex(ValidationError, "lot 10.*may not come in"):
            self._receive(self._lot(self.vitamin, "lot 10", days=100), 5, self.bin_1)

    def test_released_announcement_holds_nothing(self):
        self._announce("LOT10")._release("Came to another warehouse")
        self.assertFalse(self._lot(self.vitamin, "LOT 10", days=100).is_held)
