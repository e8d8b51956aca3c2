from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestLotSwap(LotControlCommon):
    """Promise 3 and 4: another lot is taken knowingly, and nobody's goods are stolen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.early = cls._lot(cls.vitamin, "EARLY", days=60)
        cls.late = cls._lot(cls.vitamin, "LATE", days=300)
        cls._receive(cls.early, 5, cls.bin_1)
        cls._receive(cls.late, 5, cls.bin_2)
        cls.first = cls._delivery([(cls.vitamin, 5)])
        cls.second = cls._delivery([(cls.vitamin, 5)])

    def _swap(self, delivery, lot, user=None, **kwargs):
        return delivery.move_line_ids.with_user(user or self.operator).lot_swap(lot.id, **kwargs)

    def test_swap_frees_the_other_order_and_gives_it_other_goods(self):
        """B16: plain Odoo steals the reservation and leaves the other order short."""
        self.assertEqual(self.first.move_line_ids.lot_id, self.early)
        answer = self._swap(self.second, self.early)
        self.assertEqual(self.second.move_line_ids.lot_id, self.early)
        self.assertEqual(self.first.move_line_ids.lot_id, self.late)
        self.assertEqual(answer["replanned"], [self.first.name])
        for lot in (self.early, self.late):
            quants = lot.quant_ids.filtered(lambda quant: quant.location_id.usage == "internal")
            self.assertEqual(sum(quants.mapped("reserved_quantity")), 5, lot.name)

    def test_goods_that_somebody_scanned_stay_with_him(self):
        """K06c: plain Odoo lets both pickers ship the same units."""
        self._verify(self.first)
        with self.assertRaisesRegex(UserError, "other pickers' hands"):
            self._swap(self.second, self.early)
        self.assertEqual(self.first.move_line_ids.lot_id, self.early)

    def test_new_goods_are_checked(self):
        """B05 C05: a held lot is not swapped in."""
        self.first.action_cancel()
        self.env["stock.lot.hold"]._hold(
            self.early, self.env.ref("lot_fefo_3pl.hold_reason_damaged")
        )
        with self.assertRaisesRegex(UserError, "held for Damaged"):
            self._swap(self.second, self.early)

    def test_deviation_needs_a_reason(self):
        """S14: warn asks for a reason, and the reason is on record."""
        policy = self.env["stock.lot.policy"].search([("warehouse_id", "=", self.warehouse.id)])
        policy.deviation = "warn"
        self._receive(self.late, 5, self.bin_2)
        self._receive(self.early, 5, self.bin_1)
        with self.assertRaisesRegex(UserError, "goes first"):
            self._swap(self.first, self.late)
        self._swap(self.first, self.late, reason="Carton on top is damaged")
        self._validate(self.first)
        override = self.env["stock.lot.override"].search([("lot_id", "=", self.late.id)])
        self.assertEqual(override.reason, "Carton on top is damaged")

    def test_swap_needs_the_goods_and_the_right(self):
        with self.assertRaisesRegex(UserError, "not there"):
            self._swap(self.second, self._lot(self.vitamin, "ELSEWHERE", days=90))
        with self.assertRaises(AccessError):
            self._swap(self.second, self.early, user=self.stock_user)
        self._verify(self.second)
        with self.assertRaisesRegex(UserError, "picked already"):
            self._swap(self.second, self.early)

    def _write_lot(self, delivery, lot, place):
        """What the form and an API client do: no swap, only other values on the line."""
        delivery.move_line_ids.with_user(self.operator).write(
            {"lot_id": lot.id, "location_id": place.id}
        )

    def test_lot_that_is_written_frees_the_other_order_too(self):
        """B16 K03: plain Odoo promises the goods twice, and the other order finds out late."""
        self._write_lot(self.second, self.early, self.bin_1)
        self.assertEqual(self.second.move_line_ids.lot_id, self.early)
        self.assertEqual(self.first.move_line_ids.lot_id, self.late)
        for lot in (self.early, self.late):
            quants = lot.quant_ids.filtered(lambda quant: quant.location_id.usage == "internal")
            self.assertEqual(sum(quants.mapped("reserved_quantity")), 5, lot.name)

    def test_lot_that_is_written_takes_nothing_out_of_another_pickers_hands(self):
        """B16 K06c: not even when only some of the units have been scanned."""
        policy = self.env["stock.lot.policy"].search([("warehouse_id", "=", self.warehouse.id)])
        policy.write({"verification": "unit", "deviation": "none"})
        scan = {"location_barcode": self.bin_1.barcode, "product_id": self.vitamin.id}
        self.assertEqual(self.first.lot_scan("EARLY", **scan)["code"], "ok")
        with self.assertRaisesRegex(UserError, "other pickers' hands"), self.env.cr.savepoint():
            self._write_lot(self.second, self.early, self.bin_1)
        # A line that is added takes goods that are promised; they are refused at the door.
        self.second.do_unreserve()
        self.second.move_ids.move_line_ids = [
            Command.create(
                {
                    **self.second.move_ids._prepare_move_line_vals(),
                    "lot_id": self.early.id,
                    "location_id": self.bin_1.id,
                    "owner_id": self.brand_a.id,
                    "quantity": 5,
                }
            )
        ]
        for _unit in range(5):
            self.assertEqual(self.second.lot_scan("EARLY", **scan)["code"], "ok")
        with self.assertRaisesRegex(UserError, "only 4"), self.env.cr.savepoint():
            self.second.button_validate()
        self.assertEqual(self.first.move_line_ids.lot_id, self.early)
