from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestCompliance(LotControlCommon):
    """Promise 3 and 7: what left out of order, by whom and why, against all that left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.early = cls._lot(cls.vitamin, "EARLY", days=60)
        cls.late = cls._lot(cls.vitamin, "LATE", days=300)
        cls._receive(cls.early, 20, cls.bin_1)
        cls._receive(cls.late, 20, cls.bin_2)
        cls.policy = cls.env["stock.lot.policy"].search([("warehouse_id", "=", cls.warehouse.id)])
        cls.report = cls.env["stock.lot.compliance"].with_user(cls.supervisor)

    def _rows(self, *kinds):
        return self.report.search([("product_id", "=", self.vitamin.id), ("kind", "in", kinds)])

    def _rate(self):
        return self.report._read_group(
            [("product_id", "=", self.vitamin.id)],
            ["owner_id"],
            [
                "lines_shipped:sum",
                "lines_in_order:sum",
                "lines_out_of_order:sum",
                "deviations:sum",
                "swaps:sum",
                "stopped_scans:sum",
                "compliance_rate:avg",
            ],
        )

    def _deliver_other_lot(self, reason=None):
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_line_ids.with_user(self.operator).lot_swap(self.late.id, reason=reason)
        self._verify(delivery.with_user(self.operator))
        delivery.move_ids.picked = True
        delivery.button_validate()
        return delivery

    def test_rate_is_lines_in_order_of_lines_shipped(self):
        for _number in range(3):
            self._validate(self._delivery([(self.vitamin, 1)]))
        self._deliver_other_lot("Carton on top is damaged")
        (row,) = self._rate()
        self.assertEqual(row, (self.brand_a, 4, 3, 1, 1, 1, 0, 0.75))
        shipped = self._rows("shipped")
        self.assertIn(self.operator, shipped.user_id, "who scanned it")

    def test_deviation_has_its_reason_user_and_approver(self):
        """B15: FEFO deviations are listed per brand, user and reason."""
        delivery = self._deliver_other_lot("Carton on top is damaged")
        row = self._rows("deviation")
        self.assertEqual((row.owner_id, row.approver_id), (self.brand_a, self.operator))
        self.assertEqual((row.reason, row.lot_id), ("Carton on top is damaged", self.late))
        self.assertEqual((row.picking_id, row.customer_id), (delivery, self.consumer))
        self.assertEqual(row.warehouse_id, self.warehouse)
        self.assertIn("EARLY", row.message)
        self.assertEqual(row.action_open()["res_id"], delivery.id)
        swap = self._rows("swap")
        self.assertEqual((swap.expected_lot_id, swap.lot_id), (self.early, self.late))
        self.assertEqual(swap.reason, "Carton on top is damaged")

    def test_supervisors_approval_is_told_apart_from_a_reason(self):
        self.policy.deviation = "force"
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_line_ids.write({"lot_id": self.late.id, "location_id": self.bin_2.id})
        approvals = self.env["stock.lot.override"].with_user(self.supervisor)
        approvals._grant(delivery.move_line_ids, "Aisle is blocked")
        self.assertFalse(self._rows("override"), "an approval counts when it is used")
        self._validate(delivery)
        row = self._rows("override")
        self.assertEqual((row.approver_id, row.reason), (self.supervisor, "Aisle is blocked"))
        self.assertFalse(self._rows("deviation"))

    def test_wrong_lot_at_the_scanner_is_counted(self):
        delivery = self._delivery([(self.vitamin, 2)])
        answer = delivery.with_user(self.operator).lot_scan("LATE", product_id=self.vitamin.id)
        self.assertEqual(answer["code"], "wrong_lot")
        row = self._rows("wrong_lot")
        self.assertEqual((row.lot_id, row.expected_lot_id), (self.late, self.early))
        self.assertEqual((row.user_id, row.owner_id), (self.operator, self.brand_a))
        self.assertEqual(row.action_open()["res_model"], "stock.lot.scan")
        self._validate(delivery)
        (row,) = self._rate()
        self.assertEqual(
            row,
            (self.brand_a, 1, 1, 0, 0, 0, 1, 1.0),
            "what a scan stopped is no deviation beside 100 % in order",
        )

    def test_where_any_order_is_allowed_nothing_is_rated(self):
        self.policy.deviation = "none"
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_line_ids.write({"lot_id": self.late.id, "location_id": self.bin_2.id})
        self._validate(delivery)
        self.assertEqual(delivery.move_line_ids.lot_rotation, "free")
        self.assertEqual(self._rate()[0][1:3], (0, 0))

    def test_mark_of_a_shipped_line_is_not_rewritten(self):
        delivery = self._deliver_other_lot("Carton on top is damaged")
        line = delivery.move_line_ids
        self.assertEqual(line.lot_rotation, "broken")
        other = self._delivery([(self.vitamin, 2)]).move_line_ids
        for mark in (line, other):
            with self.assertRaises(UserError):
                mark.with_user(self.supervisor).lot_rotation = "kept"

    def test_chained_delivery_counts_once_where_the_goods_leave_their_bin(self):
        """A line is judged at the pick, not again at the dock."""
        self.warehouse.delivery_steps = "pick_ship"
        pick = self._procure(self.vitamin, 2).picking_id
        pick.action_assign()
        self._validate(pick)
        ship = pick.move_ids.move_dest_ids.picking_id
        earlier = self._lot(self.vitamin, "EARLIER", days=30)
        self._receive(earlier, 5, self.bin_3)
        self._validate(ship)
        self.assertEqual(pick.move_line_ids.lot_rotation, "kept")
        self.assertFalse(ship.move_line_ids.lot_rotation)

    def test_correction_is_not_stopped_by_the_rotation_but_judged(self):
        """F05: what has left is stated as it was; that it was out of order shows."""
        delivery = self._delivery([(self.vitamin, 2)])
        self._validate(delivery)
        line = delivery.move_line_ids
        line.with_user(self.supervisor)._correct(
            {"lot_id": self.late.id, "location_id": self.bin_2.id}, "Wrong label on the carton"
        )
        self.assertEqual((line.lot_id, line.lot_rotation), (self.late, "broken"))

    def test_what_happens_after_the_scan_does_not_stop_the_order(self):
        """Earlier goods that arrive, or that another order gives back, leave scanned ones alone."""
        other = self._delivery([(self.vitamin, 20)])
        self.assertEqual(other.move_line_ids.lot_id, self.early)
        delivery = self._delivery([(self.vitamin, 2)])
        self._verify(delivery)
        other.action_cancel()
        self._receive(self._lot(self.vitamin, "EARLIER", days=30), 5, self.bin_3)
        self._validate(delivery)
        self.assertEqual(delivery.move_line_ids.lot_id, self.late)
        self.assertEqual(delivery.move_line_ids.lot_rotation, "kept")

    def test_line_that_is_changed_after_the_scan_is_judged_anew(self):
        delivery = self._delivery([(self.vitamin, 2)])
        self._verify(delivery)
        self.assertEqual(delivery.move_line_ids.lot_rotation, "kept")
        delivery.move_line_ids.write({"lot_id": self.late.id, "location_id": self.bin_2.id})
        self.assertFalse(delivery.move_line_ids.lot_rotation)
        self._verify(delivery)
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "EARLY.*goes first"):
            delivery.button_validate()

    def test_later_lot_that_the_limits_choose_is_in_order(self):
        """S10: one lot per line takes the first lot that fills it, and that is no deviation."""
        self.policy.write({"lots_per_line": "limit", "lots_per_line_number": 1})
        self._validate(self._delivery([(self.vitamin, 15)]))
        delivery = self._delivery([(self.vitamin, 10)])
        self.assertEqual(delivery.move_line_ids.lot_id, self.late)
        self._validate(delivery)
        self.assertEqual(delivery.move_line_ids.lot_rotation, "kept")
        delivery = self._delivery([(self.vitamin, 3)])
        delivery.move_line_ids.write({"lot_id": self.late.id, "location_id": self.bin_2.id})
        self._verify(delivery)
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "EARLY.*goes first"):
            delivery.button_validate()

    def test_report_is_for_supervisors_and_qa(self):
        for user in (self.stock_user, self.operator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.report.with_user(user).search([])
        self.report.with_user(self.qa).search([])
