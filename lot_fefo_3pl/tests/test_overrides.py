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

    def test_approvals_are_listed_in_words(self):
        """B15: what was approved of which goods, in the list, the report and the audit trail."""
        words = dict(self.env["stock.lot.override"]._selection_rule_code())
        rules = self.env["stock.lot.rule"]._get_rules()
        codes = {rule._code for rule in rules} - {"held", "other_owner"}
        self.assertLessEqual(codes, words.keys())
        delivery = self._ready(self.late, self.bin_2)
        self.policy.deviation = "force"
        override = self.env["stock.lot.override"].with_user(self.supervisor)
        override = override._grant(delivery.move_line_ids, "Aisle blocked")
        self.assertEqual(override.display_name, "LATE, TPL/Stock/A-02")

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
        self.assertIn("expired on", dialog.line_ids.message)
        self.assertTrue(dialog.line_ids.approve)
        dialog.action_grant()
        delivery.with_context(skip_expired=True).button_validate()
        self.assertEqual(delivery.state, "done")

    # Lines that cannot be scanned --------------------------------------------------------------

    def _unscanned(self):
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_ids.picked = True
        self._assertUnverified(delivery)
        return delivery

    def _assertUnverified(self, delivery):
        with self.assertRaisesRegex(ValidationError, "not been verified"):
            delivery.button_validate()

    def test_line_that_cannot_be_scanned_leaves_with_a_supervisors_approval(self):
        """D01: a damaged label is a supervisor's decision, for that line, used once."""
        delivery = self._unscanned()
        line = delivery.move_line_ids
        with self.assertRaises(AccessError):
            line.with_user(self.operator).lot_approve("Label torn", ["unverified"])
        with self.assertRaisesRegex(UserError, "Nothing stands"):
            line.with_user(self.supervisor).lot_approve("Label torn")
        line.with_user(self.supervisor).lot_approve("Label torn", ["unverified"])
        self.assertEqual(line.lot_verification_state, "approved")
        delivery.with_user(self.operator).button_validate()
        self.assertEqual(delivery.state, "done")
        override = self.overrides.search([("move_id", "=", delivery.move_ids.id)])
        self.assertEqual((override.rule_code, override.location_id), ("unverified", self.bin_1))
        self.assertEqual((override.user_id, override.used_by_id), (self.supervisor, self.operator))

    def test_approval_of_an_unscanned_line_is_for_its_goods_and_quantity_only(self):
        delivery = self._unscanned()
        line = delivery.move_line_ids
        line.quantity = 1
        line.with_user(self.supervisor).lot_approve("Label torn", ["unverified"])
        self.assertEqual(line.lot_verification_state, "approved")
        line.quantity = 2
        self.assertEqual(line.lot_verification_state, "missing")
        self._assertUnverified(delivery)
        line.with_user(self.supervisor).lot_approve("Label torn", ["unverified"])
        self._receive(self.early, 5, self.bin_3)
        line.location_id = self.bin_3
        self._assertUnverified(delivery)

    def test_dialog_approves_an_unscanned_line_only_when_it_is_ticked(self):
        delivery = self._unscanned()
        dialog = (
            self.env["stock.lot.override.grant"]
            .with_user(self.supervisor)
            .create({"move_ids": delivery.move_ids.ids, "reason": "Label torn"})
        )
        self.assertEqual(dialog.line_ids.rule_code, "unverified")
        self.assertFalse(dialog.line_ids.approve)
        with self.assertRaisesRegex(UserError, "Nothing stands"):
            dialog.action_grant()
        dialog.line_ids.approve = True
        dialog.action_grant()
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_dialog_says_who_may_approve(self):
        self.policy.deviation = "force"
        delivery = self._ready(self.late, self.bin_2)
        dialog = self.env["stock.lot.override.grant"].with_user(self.operator)
        row = dialog.create({"move_ids": delivery.move_ids.ids}).line_ids
        self.assertEqual((row.approver, row.may_approve), ("Lot Supervisor", False))
        dialog = dialog.with_user(self.supervisor)
        row = dialog.create({"move_ids": delivery.move_ids.ids}).line_ids
        self.assertEqual((row.approver, row.approve), ("You", True))

    def test_unscanned_line_that_was_approved_goes_on_to_the_next_step(self):
        self.warehouse.delivery_steps = "pick_ship"
        pick = self._procure(self.vitamin, 2).picking_id
        pick.action_assign()
        pick.move_line_ids.with_user(self.supervisor).lot_approve("Label torn", ["unverified"])
        pick.move_ids.picked = True
        pick.button_validate()
        ship = pick.move_ids.move_dest_ids.picking_id
        ship.move_ids.picked = True
        ship.button_validate()
        self.assertEqual((pick.state, ship.state), ("done", "done"))

    def test_goods_are_not_relocated_to_a_customer_without_a_delivery(self):
        """D07 F15: what has no transfer cannot be scanned, so it does not leave."""
        quant = self.early.quant_ids.filtered(lambda quant: quant.location_id == self.bin_1)
        with self.assertRaisesRegex(ValidationError, "make one and scan"):
            quant.move_quants(location_dest_id=self.customer_location)

    def test_delivery_of_the_till_stays_open_to_be_scanned(self):
        """A point of sale validates inside a savepoint and swallows the refusal: the delivery stays
        open, nothing has moved, and it leaves once it is scanned or approved."""
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_ids.picked = True
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            delivery._action_done()
        self.env.invalidate_all()
        self.assertEqual(delivery.state, "assigned")
        self.assertEqual(self._quantity(self.early, self.bin_1), 10)
        self._validate(delivery)
