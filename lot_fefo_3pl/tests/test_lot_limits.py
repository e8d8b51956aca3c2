from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, tagged

from ..tools.lot_choice import Candidate, Limits, choose_lots
from .common import LotControlCommon


class TestLotChoice(BaseCase):
    """Which lots may go together, on plain values."""

    def _choose(self, frees, need, lots=None, days=None, taken=()):
        candidates = [
            Candidate(number, free, date(2030, 1, 1) + timedelta(days=30 * number))
            for number, free in enumerate(frees)
        ]
        return choose_lots(candidates, need, Limits(lots, days), [candidates[t] for t in taken])

    def test_first_lot_that_fills_the_line_wins(self):
        self.assertEqual(self._choose([6, 6, 50], 10, lots=1), ([2], True))
        self.assertEqual(self._choose([6, 6, 50], 6, lots=1), ([0], True))
        self.assertEqual(self._choose([6, 6, 50], 10, lots=2), ([0, 1], True))

    def test_first_lot_is_named_when_none_fills_the_line(self):
        self.assertEqual(self._choose([6, 8, 7], 10, lots=1), ([0], False))
        self.assertEqual(self._choose([], 10, lots=1), ([], False))

    def test_dates_lie_close_enough(self):
        self.assertEqual(self._choose([6, 6, 6], 12, days=30), ([0, 1], True))
        self.assertEqual(self._choose([6, 6, 6], 18, days=30), ([0, 1], False))
        self.assertEqual(self._choose([6, 6, 6], 18, days=60), ([0, 1, 2], True))

    def test_lots_of_the_order_count(self):
        self.assertEqual(self._choose([6, 6, 6], 6, lots=1, taken=[1]), ([1], True))


@tagged("post_install", "-at_install")
class TestLotLimits(LotControlCommon):
    """Promise 3: what a client wants together in one line and in one order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["stock.lot.policy"].search([("warehouse_id", "=", cls.warehouse.id)])
        cls.lots = [
            cls._lot(cls.vitamin, name, days=days)
            for name, days in (("L60", 60), ("L90", 90), ("L300", 300))
        ]
        for lot, place in zip(cls.lots, cls.bins, strict=False):
            cls._receive(lot, 6, place)

    def _lots(self, delivery):
        return {line.lot_id.name: line.quantity for line in delivery.move_line_ids}

    def test_single_lot_is_never_mixed(self):
        """S10: 10 wanted, lots of 6: part of it from one lot, or nothing, as the policy says."""
        self.policy.write({"lots_per_line": "limit", "lots_per_line_number": 1})
        delivery = self._delivery([(self.vitamin, 10)])
        self.assertEqual(self._lots(delivery), {"L60": 6})
        delivery.action_cancel()
        self.policy.lot_shortage = "hold"
        delivery = self._delivery([(self.vitamin, 10)])
        self.assertEqual(self._lots(delivery), {})

    def test_chosen_outcome_happens_and_its_reason_is_kept(self):
        """S10: the rest is back-ordered, dropped or the line waits, and the line says why."""
        self.policy.write({"lots_per_line": "limit", "lots_per_line_number": 1})
        for outcome, shipped, backorders in (("partial", 6, 1), ("cancel", 6, 0)):
            with self.subTest(outcome=outcome):
                self.policy.lot_shortage = outcome
                delivery = self._delivery([(self.vitamin, 10)])
                move = delivery.move_ids
                self.assertIn("6 of 10 fit together (lots in a line: 1)", move.lot_shortage_reason)
                self._verify(delivery)
                move.picked = True
                result = delivery.button_validate()
                if backorders:
                    self.assertEqual(result["res_model"], "stock.backorder.confirmation")
                    delivery.with_context(skip_backorder=True).button_validate()
                self.assertEqual((delivery.state, move.quantity), ("done", shipped))
                self.assertEqual(len(delivery.backorder_ids), backorders)
                delivery.backorder_ids.action_cancel()
        self.policy.lot_shortage = "hold"
        self._receive(self.lots[1], 1, self.bin_2)
        delivery = self._delivery([(self.vitamin, 10)])
        self.assertFalse(delivery.move_line_ids)
        self.assertIn("of 10 fit together", delivery.move_ids.lot_shortage_reason)

    def test_line_that_is_filled_has_no_reason(self):
        self.policy.write({"lots_per_line": "limit", "lots_per_line_number": 1})
        delivery = self._delivery([(self.vitamin, 5)])
        self.assertFalse(delivery.move_ids.lot_shortage_reason)

    def test_later_lot_that_fills_the_line_alone_is_taken(self):
        """S10: the single lot that suffices, not the first one that does not."""
        self.policy.write({"lots_per_line": "limit", "lots_per_line_number": 1})
        self._receive(self.lots[1], 6, self.bin_2)
        self.assertEqual(self._lots(self._delivery([(self.vitamin, 10)])), {"L90": 10})

    def test_two_lines_of_one_order_share_the_limit_of_the_order(self):
        """S10: at most two lots of a product in the whole order."""
        self.policy.write({"lots_per_order": "limit", "lots_per_order_number": 2})
        picking = self._picking(
            self.warehouse.out_type_id, self.stock, self.customer_location, partner=self.consumer
        )
        first, second = (self._move(picking, self.vitamin, quantity) for quantity in (6, 12))
        second.description_picking = "Second line"
        picking.action_confirm()
        self.assertEqual(first.move_line_ids.lot_id.name, "L60")
        self.assertEqual(second.move_line_ids.lot_id.name, "L90")

    def test_dates_of_one_order_lie_close_together(self):
        """S13: goods that expire too far from the first ones are dropped."""
        self.policy.write({"date_spread": "limit", "date_spread_days": 45})
        self.assertEqual(self._lots(self._delivery([(self.vitamin, 18)])), {"L60": 6, "L90": 6})

    def test_mixed_line_does_not_leave(self):
        """S10 S22: checked again when goods leave, whoever put the lots there."""
        delivery = self._delivery([(self.vitamin, 10)])
        self.assertEqual(len(self._lots(delivery)), 2)
        self._verify(delivery)
        delivery.move_ids.picked = True
        self.policy.write({"lots_per_line": "limit", "lots_per_line_number": 1})
        with self.assertRaisesRegex(ValidationError, "2 lots, the policy allows 1"):
            delivery.button_validate()
        self.policy.write({"lots_per_line": "none", "date_spread": "limit", "date_spread_days": 10})
        with self.assertRaisesRegex(ValidationError, "more than 10 days apart"):
            delivery.button_validate()
        self.policy.date_spread = "none"
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_orders_of_today_and_tomorrow_keep_their_own_limits(self):
        self.policy.write({"lots_per_order": "limit", "lots_per_order_number": 1})
        first = self._delivery([(self.vitamin, 6)])
        second = self._delivery([(self.vitamin, 6)], date=fields.Datetime.now() + timedelta(days=1))
        self.assertEqual(self._lots(first), {"L60": 6})
        self.assertEqual(self._lots(second), {"L90": 6})
