from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestHolds(LotControlCommon):
    """Promise 3 and 5: held goods are not promised, not picked and not shipped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.early = cls._lot(cls.vitamin, "EARLY", days=60)
        cls.late = cls._lot(cls.vitamin, "LATE", days=300)
        cls._receive(cls.early, 10, cls.bin_1)
        cls._receive(cls.late, 10, cls.bin_2)
        cls.reason = cls.env.ref("lot_fefo_3pl.hold_reason_investigation")
        cls.holds = cls.env["stock.lot.hold"].with_user(cls.qa)

    def _hold(self, lots, **kwargs):
        return self.holds._hold(lots, kwargs.pop("reason", self.reason), **kwargs)

    def _lots(self, picking):
        return picking.move_line_ids.lot_id

    def test_held_lot_is_not_reserved_and_the_next_one_is(self):
        """C05: a hold keeps goods from being promised."""
        self._hold(self.early)
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        self.assertEqual(self._lots(delivery), self.late)

    def test_hold_takes_reserved_goods_back_and_promises_others(self):
        """R3: un-reserve open moves in the same transaction."""
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        self.assertEqual(self._lots(delivery), self.early)
        self._hold(self.early)
        self.assertEqual(self._lots(delivery), self.late)
        quants = self.early.quant_ids.filtered(lambda quant: quant.location_id == self.bin_1)
        self.assertEqual(quants.reserved_quantity, 0)

    def test_goods_held_after_picking_are_refused_at_the_door(self):
        """S22: a lot held after it was picked blocks validation."""
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        delivery.move_ids.picked = True
        self._hold(self.early)
        self.assertEqual(self._lots(delivery), self.early, "a picked line stays to be found")
        with self.assertRaisesRegex(ValidationError, "EARLY.*Quality investigation"):
            delivery.button_validate()
        self.assertEqual(self._quantity(self.early, self.bin_1), 10)

    def test_hold_of_one_bin_leaves_the_others_free(self):
        self._receive(self.early, 10, self.bin_3)
        self._hold(self.early, location=self.bin_1)
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        self.assertEqual(self._lots(delivery), self.early)
        self.assertEqual(delivery.move_line_ids.location_id, self.bin_3)

    def test_hold_of_a_product_holds_every_lot_of_it(self):
        """B20: cease distribution of a whole product in one click."""
        self.holds.create({"product_id": self.vitamin.id, "reason_id": self.reason.id})
        self.assertTrue(self.early.is_held and self.late.is_held)
        self.assertFalse(self._lot(self.magnesium, "M-1", days=90).is_held)
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        self.assertFalse(delivery.move_line_ids)

    def test_announced_lot_is_held_when_it_arrives(self):
        """R1: a lot that is not in the system yet."""
        self.holds.create(
            {"product_id": self.vitamin.id, "lot_name": "COMING", "reason_id": self.reason.id}
        )
        self.assertFalse(self.early.is_held)
        coming = self._lot(self.vitamin, "COMING", days=30)
        self.assertTrue(coming.is_held)
        self._receive(coming, 5, self.bin_3)
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        self.assertEqual(self._lots(delivery), self.early)

    def test_reason_that_allows_shipping_does_not_stop_it(self):
        """S17: flags per operation; a reason that blocks nothing says so."""
        reason = self.reason.copy(
            {"name": "Look again", "block_reserve": False, "block_ship": False, "block_pick": False}
        )
        self.assertTrue(reason.blocks_nothing)
        self.assertFalse(self.reason.blocks_nothing)
        self._hold(self.early, reason=reason)
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        self.assertEqual(self._lots(delivery), self.early)

    def test_reason_can_stop_further_goods_from_coming_in(self):
        """S17: a reason that blocks receiving."""
        reason = self.reason.copy({"name": "Supplier stopped", "block_receive": True})
        self._hold(self.early, reason=reason)
        with self.assertRaisesRegex(ValidationError, "EARLY.*may not come in"):
            self._receive(self.early, 5, self.bin_1)
        self._receive(self.late, 5, self.bin_2)

    def test_frozen_goods_are_not_counted_up_or_down(self):
        """S17: a reason that blocks counting, whichever way the count goes."""
        self._hold(self.early, reason=self.env.ref("lot_fefo_3pl.hold_reason_frozen"))
        quant = self.early.quant_ids.filtered(lambda quant: quant.location_id == self.bin_1)
        for counted in (12, 8):
            with self.subTest(counted=counted), self.assertRaisesRegex(ValidationError, "EARLY"):
                quant.inventory_quantity = counted
                quant.action_apply_inventory()

    def test_hold_ends_by_itself_at_its_end(self):
        hold = self._hold(self.early)
        self.assertTrue(self.early.is_held)
        hold.sudo().date_end = "2020-01-01 00:00:00"
        self.assertFalse(self.early.is_held)
        self.assertNotIn(self.early, self.env["stock.lot"].search([("is_held", "=", True)]))

    def test_release_needs_qa_and_a_reason_and_leaves_other_holds(self):
        """R20: release ends this hold, not blindly all of them."""
        first = self._hold(self.early)
        second = self._hold(self.early, reason=self.env.ref("lot_fefo_3pl.hold_reason_damaged"))
        with self.assertRaises(AccessError):
            first.with_user(self.supervisor)._release("Fine")
        with self.assertRaises(UserError):
            first._release("  ")
        first._release("Laboratory result in order")
        self.assertTrue(self.early.is_held)
        second._release("Repacked")
        self.assertFalse(self.early.is_held)
        self.assertEqual(first.release_user_id, self.qa)

    def test_hold_and_release_are_in_the_audit_trail(self):
        """B26: who held and released what, when and why."""
        hold = self._hold(self.early, note="Customer complaint")
        hold._release("Laboratory result in order")
        entries = self.env["stock.lot.audit"].search([("lot_id", "=", self.early.id)], order="id")
        self.assertEqual(entries.mapped("event"), ["hold.start", "hold.release"])
        self.assertEqual(
            entries.mapped("reason"), ["Customer complaint", "Laboratory result in order"]
        )
        self.assertEqual(entries.user_id, self.qa)

    def test_hold_is_not_rewritten_or_deleted(self):
        hold = self._hold(self.early)
        with self.assertRaises(UserError):
            hold.state = "released"
        with self.assertRaises(UserError):
            hold.lot_id = self.late
        with self.assertRaises(UserError):
            hold.sudo().unlink()

    def test_holding_is_for_qa_only(self):
        for user in (self.operator, self.supervisor, self.stock_user, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.holds.with_user(user)._hold(self.early, self.reason)

    def test_same_reason_holds_a_lot_once(self):
        self.assertEqual(self._hold(self.early), self._hold(self.early))

    def test_dialogs_hold_and_release(self):
        action = self.early.with_user(self.qa).action_hold()
        dialog = (
            self.env["stock.lot.hold.start"]
            .with_user(self.qa)
            .with_context(**action["context"])
            .create({"note": "From the form"})
        )
        dialog.action_hold()
        self.assertTrue(self.early.is_held)
        self.assertEqual(self.early.hold_ids.reason_id, dialog.reason_id, "one is proposed")
        action = self.early.with_user(self.qa).action_release()
        dialog = (
            self.env["stock.lot.hold.release"]
            .with_user(self.qa)
            .with_context(**action["context"])
            .create({"reason": "Checked"})
        )
        dialog.action_release()
        self.assertFalse(self.early.is_held)

    def test_without_lot_control_a_hold_changes_nothing(self):
        self.warehouse.lot_control = False
        self._hold(self.early)
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        self.assertEqual(delivery.state, "assigned")
