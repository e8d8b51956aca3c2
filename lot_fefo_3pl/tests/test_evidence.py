from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestEvidence(LotControlCommon):
    """Promise 7: what was done is history, corrected with a reason and never rewritten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._lot(cls.vitamin, "A-100", days=200)
        cls.other = cls._lot(cls.vitamin, "A-200", days=300)
        cls._receive(cls.lot, 10, cls.bin_1)
        cls._receive(cls.other, 10, cls.bin_2)
        cls.delivery = cls._ship([(cls.lot, cls.bin_1, 4)])
        cls.line = cls.delivery.move_line_ids
        cls.audit = cls.env["stock.lot.audit"]

    def _refused(self, record, vals, user=None):
        with self.assertRaises(UserError):
            record.with_user(user or self.supervisor).write(vals)

    def test_former_numbers_are_not_written(self):
        """A stock user neither hides nor invents an earlier number of a lot over RPC."""
        lot = self._lot(self.vitamin, "F1", 200)
        self._receive(lot, 1, self.bin_1)
        lot._correct({"name": "F2"}, "misread")
        for value in ("Z9", False):
            with self.assertRaisesRegex(UserError, "Earlier numbers"):
                lot.with_user(self.operator).former_names = value
        self.assertEqual(lot.former_names, "F1")

    def test_done_line_is_not_rewritten(self):
        """F05 F16 F17 F18: lot, owner, quantity, places and dates of what was shipped stay."""
        for vals in (
            {"lot_id": self.other.id},
            {"owner_id": self.brand_b.id},
            {"quantity": 3},
            {"location_id": self.bin_2.id},
            {"location_dest_id": self.bin_2.id},
            {"date": fields.Datetime.to_datetime("2020-01-01")},
            {"expiration_date": fields.Datetime.to_datetime("2040-01-01")},
        ):
            with self.subTest(vals=vals):
                self._refused(self.line, vals)
        self.delivery.with_user(self.supervisor).is_locked = False
        self._refused(self.line, {"quantity": 3})
        self._refused(self.line.move_id, {"quantity": 3})

    def test_done_line_is_corrected_with_a_reason(self):
        """B26: old and new value, user and reason are kept; Odoo moves the difference."""
        dialog = (
            self.env["stock.move.line.correct"]
            .with_user(self.supervisor)
            .create({"line_id": self.line.id, "quantity": 3, "reason": "One came back unopened"})
        )
        dialog.action_correct()
        self.assertEqual(self.line.quantity, 3)
        self.assertEqual(self._quantity(self.lot, self.bin_1), 7)
        entry = self.audit.search([("event", "=", "line.correct")])
        self.assertEqual((entry.old_value, entry.new_value), ("4.0", "3.0"))
        self.assertEqual((entry.user_id, entry.lot_id), (self.supervisor, self.lot))
        self.assertEqual(entry.reason, "One came back unopened")

    def test_correction_is_checked_like_any_shipment(self):
        """F07: a correction ships no held lot either, and needs a reason."""
        self.env["stock.lot.hold"]._hold(
            self.other, self.env.ref("lot_fefo_3pl.hold_reason_investigation")
        )
        line = self.line.with_user(self.supervisor)
        with self.assertRaises(ValidationError):
            line._correct({"lot_id": self.other.id, "location_id": self.bin_2.id}, "Wrong scan")
        with self.assertRaisesRegex(UserError, "Say why"):
            line._correct({"quantity": 3}, "")

    def test_done_is_not_reached_or_left_by_writing_the_state(self):
        """F30 F31 F32 F33: plain Odoo lets a stock user write the state by RPC."""
        open_move = self._delivery([(self.vitamin, 1)]).move_ids
        self._refused(open_move, {"state": "done"}, self.stock_user)
        self._refused(self.line.move_id, {"state": "draft"}, self.stock_user)
        self._refused(self.line, {"state": "draft"}, self.stock_user)
        self._refused(
            open_move.with_context(lot_fefo_3pl_validating=True), {"state": "done"}, self.stock_user
        )
        with self.assertRaises(UserError):
            self.env["stock.move"].with_user(self.stock_user).create(
                {
                    "product_id": self.vitamin.id,
                    "product_uom_qty": 1,
                    "state": "done",
                    "location_id": self.bin_1.id,
                    "location_dest_id": self.customer_location.id,
                }
            )

    def test_employee_without_inventory_rights_touches_no_line(self):
        """D02: plain Odoo lets every employee pick, name lots, add and delete lines."""
        delivery = self._delivery([(self.vitamin, 1)])
        line = delivery.move_line_ids.with_user(self.employee)
        for vals in ({"picked": True}, {"lot_name": "X"}, {"date": fields.Datetime.now()}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                line.write(vals)
        with self.assertRaises(AccessError):
            line.unlink()
        with self.assertRaises(AccessError):
            line.create(
                {
                    "picking_id": delivery.id,
                    "product_id": self.vitamin.id,
                    "location_id": self.bin_1.id,
                    "location_dest_id": self.customer_location.id,
                }
            )

    def test_line_is_not_added_to_a_done_delivery(self):
        """D06: plain Odoo moves the stock at once, without any check."""
        with self.assertRaises(UserError):
            self.env["stock.move.line"].with_user(self.stock_user).create(
                {
                    "picking_id": self.delivery.id,
                    "product_id": self.vitamin.id,
                    "lot_id": self.lot.id,
                    "owner_id": self.brand_a.id,
                    "quantity": 1,
                    "location_id": self.bin_1.id,
                    "location_dest_id": self.customer_location.id,
                }
            )

    def test_day_of_a_shipment_is_not_rewritten(self):
        """F19: the day on which goods left stays."""
        self._refused(self.delivery, {"date_done": "2020-01-01 00:00:00"})

    def test_ordinary_user_can_still_validate(self):
        delivery = self._delivery([(self.vitamin, 2)]).with_user(self.operator)
        self._verify(delivery)
        delivery.move_ids.picked = True
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_lot_with_history_is_not_deleted(self):
        """F12 B14: plain Odoo deletes the lot once its quants are gone."""
        self._ship([(self.lot, self.bin_1, 6)])
        self.env["stock.quant"]._unlink_zero_quants()
        with self.assertRaisesRegex(UserError, "A-100"):
            self.lot.sudo().unlink()
        self._lot(self.vitamin, "TYPO").with_user(self.stock_user).unlink()

    def test_lot_with_history_is_renamed_by_qa_with_a_reason_and_still_found(self):
        """F04 B5: the old number stays searchable."""
        self._refused(self.lot, {"name": "A-101"})
        dialog = (
            self.env["stock.lot.correct"]
            .with_user(self.qa)
            .create({"lot_id": self.lot.id, "name": "A-101", "reason": "Misread label"})
        )
        dialog.action_correct()
        self.assertEqual(self.lot.name, "A-101")
        found = self.env["stock.lot"].name_search("A-100")
        self.assertIn(self.lot.id, [lot_id for lot_id, _name in found])
        entry = self.audit.search([("event", "=", "lot.change"), ("lot_id", "=", self.lot.id)])
        self.assertEqual((entry.old_value, entry.new_value), ("A-100", "A-101"))
        self.assertEqual((entry.user_id, entry.reason), (self.qa, "Misread label"))

    def test_changed_expiry_is_on_record(self):
        """F16 S18: QA may extend a date with a reason."""
        moment = fields.Datetime.to_datetime("2040-01-01 12:00:00")
        self._refused(self.lot, {"expiration_date": moment}, self.stock_user)
        self.lot.with_user(self.qa)._correct({"expiration_date": moment}, "Retest passed")
        self.assertEqual(self.lot.expiration_date, moment)
        entry = self.audit.search([("field_name", "=", "Expiration Date")])
        self.assertEqual((entry.new_value, entry.reason), ("2040-01-01 12:00:00", "Retest passed"))

    def test_new_lot_is_still_free_to_change(self):
        lot = self._lot(self.vitamin, "NEW", days=10)
        lot.with_user(self.stock_user).name = "NEWER"
        self.assertEqual(lot.name, "NEWER")
        self.assertFalse(self.audit.search([("lot_id", "=", lot.id)]))

    def test_owner_of_goods_is_neither_deleted_nor_merged_away(self):
        """G14 G20: plain Odoo leaves goods of nobody, or hands them over without a move."""
        owner = self.env["res.partner"].create({"name": "Small Brand"})
        other = self.env["res.partner"].create({"name": "Small Brand Ltd"})
        self._receive(self._lot(self.comb, "C-1"), 5, self.bin_3, owner=owner)
        with self.assertRaisesRegex(UserError, "owns goods"):
            owner.unlink()
        merge = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaisesRegex(UserError, "owns goods"):
            merge._merge((owner | other).ids, dst_partner=other)
        merge._merge((owner | other).ids, dst_partner=owner)
        self.assertFalse(other.exists())

    def test_without_lot_control_odoo_works_as_ever(self):
        self.env["stock.warehouse"].search([]).lot_control = False
        self.line.with_user(self.stock_user).quantity = 3
        self.lot.with_user(self.stock_user).name = "A-101"
        self.assertFalse(self.audit.search([("lot_id", "=", self.lot.id)]))
