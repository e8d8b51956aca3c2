from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestOverrides(LotControlCommon):
    """Promise 3 and 7: a deviation is somebody's decision, for one line, once, on record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.early = cls._lot(cls.vitamin, "EARLY", days=60)
        cls.late = cls._lot(cls.vitamin, "LATE", days=300)
        cls._receive(cls.early, 10, cls.bin_1)
        cls._receive(cls.late, 10, cls.bin_2)
        cls.policy = cls.env["stock.lot.policy"].search([("warehouse_id", "=", cls.warehouse.id)])
        cls.overrides = cls.env["stock.lot.override"]

    def _ready(self, lot, location, quantity=2):
        """A verified delivery of ``lot``, ready to be validated."""
        delivery = self._delivery([(self.vitamin, quantity)])
        delivery.move_line_ids.write({"lot_id": lot.id, "location_id": location.id})
        self._verify(delivery)
        delivery.move_ids.picked = True
        return delivery

    def _expire(self, lot):
        lot.expiration_date = fields.Datetime.now() - timedelta(days=2)

    def test_force_refuses_a_later_lot_until_a_supervisor_approves_it(self):
        """S14 B05 B14 B15: FEFO deviation needs a right and a reason, and is reported."""
        self.policy.deviation = "force"
        delivery = self._ready(self.late, self.bin_2)
        with self.assertRaisesRegex(ValidationError, "LATE.*EARLY in .*A-01 goes first"):
            delivery.button_validate()
        lines = delivery.move_line_ids
        with self.assertRaises(AccessError):
            self.overrides.with_user(self.operator)._grant(lines, "Damaged carton on top")
        override = self.overrides.with_user(self.supervisor)._grant(lines, "Aisle is blocked")
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")
        self.assertTrue(override.date_used)
        self.assertEqual((override.rule_code, override.owner_id), ("deviation", self.brand_a))

    def test_warn_lets_the_operator_give_the_reason(self):
        """S14: warn needs a reason; it is logged as well."""
        self.policy.deviation = "warn"
        delivery = self._ready(self.late, self.bin_2)
        with self.assertRaises(ValidationError):
            delivery.button_validate()
        self.overrides.with_user(self.operator)._grant(delivery.move_line_ids, "Carton damaged")
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_rotation_is_no_obstacle_when_the_earlier_goods_are_not_free_or_not_fit(self):
        self.policy.deviation = "force"
        other = self._delivery([(self.vitamin, 10)])
        self.assertEqual(other.move_line_ids.lot_id, self.early)
        delivery = self._ready(self.late, self.bin_2)
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_expired_goods_leave_with_a_documented_override_only(self):
        """B16: not even a manager ships expired goods without a documented override."""
        delivery = self._ready(self.early, self.bin_1)
        self._expire(self.early)
        manager = self.env.ref("base.user_admin")
        with self.assertRaisesRegex(ValidationError, "expired on"):
            delivery.with_user(manager).with_context(skip_expired=True).button_validate()
        self.overrides.with_user(self.supervisor)._grant(delivery.move_line_ids, "Destruction test")
        delivery.with_context(skip_expired=True).button_validate()
        self.assertEqual(delivery.state, "done")
        entry = self.env["stock.lot.audit"].search([("event", "=", "override.grant")])
        self.assertEqual((entry.approver_id, entry.reason), (self.supervisor, "Destruction test"))

    def test_override_is_for_one_lot_of_one_move_and_used_once(self):
        delivery = self._ready(self.early, self.bin_1)
        self._expire(self.early)
        self.overrides.with_user(self.supervisor)._grant(delivery.move_line_ids, "Once")
        second = self._ready(self.early, self.bin_1)
        with self.assertRaises(ValidationError):
            second.with_context(skip_expired=True).button_validate()
        delivery.with_context(skip_expired=True).button_validate()
        self.assertEqual(delivery.state, "done")
        with self.assertRaises(ValidationError):
            delivery.move_line_ids.quantity = 3

    def test_override_runs_out(self):
        """B15: a deviation is temporary."""
        delivery = self._ready(self.early, self.bin_1)
        self._expire(self.early)
        override = self.overrides.with_user(self.supervisor)._grant(delivery.move_line_ids, "Today")
        override.sudo().date_end = fields.Datetime.now() - timedelta(minutes=1)
        with self.assertRaises(ValidationError):
            delivery.with_context(skip_expired=True).button_validate()

    def test_held_or_foreign_goods_are_never_overridden(self):
        """C05 G03: QA releases held goods; another brand's goods stay where they are."""
        delivery = self._ready(self.early, self.bin_1)
        self.env["stock.lot.hold"]._hold(
            self.early, self.env.ref("lot_fefo_3pl.hold_reason_investigation")
        )
        with self.assertRaisesRegex(AccessError, "Nobody may override"):
            self.overrides._grant(delivery.move_line_ids, "Customer is waiting")

    def test_reason_is_required_and_pointless_overrides_are_refused(self):
        delivery = self._ready(self.early, self.bin_1)
        with self.assertRaisesRegex(UserError, "Nothing stands"):
            self.overrides._grant(delivery.move_line_ids, "Just in case")
        self._expire(self.early)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.overrides._grant(delivery.move_line_ids, " ")

    def test_override_cannot_be_made_or_changed_by_hand(self):
        for user in (self.operator, self.supervisor, self.qa):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.overrides.with_user(user).create(
                    {
                        "product_id": self.vitamin.id,
                        "company_id": self.env.company.id,
                        "rule_code": "expired",
                        "message": "x",
                        "reason": "x",
                        "user_id": self.supervisor.id,
                    }
                )
        delivery = self._ready(self.early, self.bin_1)
        self._expire(self.early)
        override = self.overrides.with_user(self.supervisor)._grant(delivery.move_line_ids, "Ok")
        with self.assertRaises(UserError):
            override.with_user(self.supervisor).date_used = False
        with self.assertRaises(UserError):
            override.sudo().unlink()

    def test_dialog_lists_the_obstacles_and_grants(self):
        delivery = self._ready(self.early, self.bin_1)
        self._expire(self.early)
        action = delivery.with_user(self.supervisor).action_check_lots()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.supervisor)
            .with_context(**action["context"])
            .create({"reason": "Returned to the laboratory"})
        )
        self.assertIn("expired on", dialog.obstacles)
        dialog.action_grant()
        delivery.with_context(skip_expired=True).button_validate()
        self.assertEqual(delivery.state, "done")
