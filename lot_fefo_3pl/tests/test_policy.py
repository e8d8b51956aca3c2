from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestPolicy(LotControlCommon):
    """Promise 3: which goods are fresh enough for whom, by the rules that the client set."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.short = cls._lot(cls.vitamin, "SHORT", days=60)
        cls.fresh = cls._lot(cls.vitamin, "FRESH", days=300)
        cls._receive(cls.short, 10, cls.bin_1)
        cls._receive(cls.fresh, 10, cls.bin_2)
        cls.policies = cls.env["stock.lot.policy"]
        cls.policy = cls.policies.search([("warehouse_id", "=", cls.warehouse.id)])
        cls.today = cls.warehouse._get_lot_today()

    def _set_expiry(self, lot, days):
        """Let ``lot`` expire at the end of the day ``days`` from now."""
        moment = self.warehouse._get_lot_day_end(self.today + timedelta(days=days))
        lot.write({"expiration_date": moment, "removal_date": moment})

    def _assertTaken(self, lot, **kwargs):
        delivery = self._delivery([(self.vitamin, 1)], **kwargs)
        self.assertEqual(delivery.move_line_ids.lot_id, lot)
        delivery.action_cancel()
        return delivery

    def test_policy_that_an_order_line_names_comes_before_all_others(self):
        """A2: order line before customer, brand and product; for that line alone."""
        vals = {"min_life": "days", "owner_id": self.brand_a.id, "product_id": self.vitamin.id}
        self.policies.create(
            {**vals, "name": "Rita", "customer_id": self.retailer.id, "min_life_number": 30}
        )
        named = self.policies.create(
            {"name": "Export", "for_orders": True, "min_life": "days", "min_life_number": 90}
        )
        self._assertTaken(self.short, partner=self.retailer)
        delivery = self._picking(
            self.warehouse.out_type_id, self.stock, self.customer_location, partner=self.retailer
        )
        plain = self._move(delivery, self.vitamin, 2)
        strict = self._move(delivery, self.vitamin, 3, lot_policy_id=named.id)
        delivery.action_confirm()
        self.assertEqual(plain.move_line_ids.lot_id, self.short, "the lines are not merged")
        self.assertEqual(strict.move_line_ids.lot_id, self.fresh)
        context = strict.action_explain_lots()["context"]
        simulation = self.env["stock.lot.simulation"].with_context(**context).create({})
        rows = {row["name"]: row for row in simulation._get_settings()}
        self.assertEqual(rows["Minimum Remaining Life"]["source"], "Export")
        self.assertEqual(rows["Rotation"]["source"], "Default of Third Party")

    def test_policy_of_order_lines_goes_with_them_through_all_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        named = self.policies.create(
            {"name": "Export", "for_orders": True, "min_life": "days", "min_life_number": 90}
        )
        pick = self._procure(self.vitamin, 2, lot_policy_id=named.id)
        pick._action_assign()
        self.assertEqual(pick.move_line_ids.lot_id, self.fresh)
        self._validate(pick.picking_id)
        self.assertEqual(pick.move_dest_ids.lot_policy_id, named)

    def test_operator_gives_no_order_line_rules_of_its_own(self):
        """Laxer rules than the brand's for one line are a supervisor's: over RPC as well."""
        lax = self.policies.create({"name": "Anything", "for_orders": True})
        delivery = self._delivery([(self.vitamin, 4)])
        move = delivery.move_ids
        for user in (self.stock_user, self.operator):
            with self.assertRaisesRegex(AccessError, "Lot Supervisor"):
                move.with_user(user).lot_policy_id = lax
            with self.assertRaisesRegex(AccessError, "Lot Supervisor"):
                move.with_user(user).copy({"lot_policy_id": lax.id})
        move.with_user(self.supervisor).lot_policy_id = lax
        with self.assertRaisesRegex(AccessError, "Lot Supervisor"):
            move.with_user(self.operator).lot_policy_id = False
        split = move.with_user(self.operator)._split(1)
        rest = self.env["stock.move"].with_user(self.operator).create(split)
        self.assertEqual(rest.lot_policy_id, lax, "what is split off keeps the rules")

    def test_remaining_life_in_days_counts_the_last_day_in(self):
        """S4: exactly N days left are enough, N-1 are not."""
        self.policies.create(
            {
                "name": "Rita wants 90 days",
                "customer_id": self.retailer.id,
                "min_life": "days",
                "min_life_number": 90,
            }
        )
        self._set_expiry(self.short, 90)
        self._assertTaken(self.short, partner=self.retailer)
        self._set_expiry(self.short, 89)
        self._assertTaken(self.fresh, partner=self.retailer)
        self._assertTaken(self.short, partner=self.consumer)

    def test_remaining_life_as_share_of_the_total_life(self):
        """S5: total 360 days, 40 %: 144 days left pass, 143 fail."""
        self.policy.write({"min_life": "percent", "min_life_number": 40})
        self.assertEqual(self.vitamin.expiration_time, 360)
        self._set_expiry(self.short, 144)
        self._assertTaken(self.short)
        self._set_expiry(self.short, 143)
        self._assertTaken(self.fresh)

    def test_days_of_use_are_added(self):
        """S6: 240 days of use and a buffer of 50 need 290 days."""
        self.vitamin.consumption_days = 240
        self.policy.write({"min_life": "days", "min_life_number": 50})
        self._set_expiry(self.short, 289)
        self._assertTaken(self.fresh)
        self._set_expiry(self.short, 290)
        self._assertTaken(self.short)

    def test_remaining_life_is_measured_on_the_chosen_day(self):
        """S7: 45 days left, 30 needed, shipped in 20 days: fails then, passes as of today."""
        self.policy.write({"min_life": "days", "min_life_number": 30, "reference_day": "today"})
        self._set_expiry(self.short, 45)
        later = fields.Datetime.now() + timedelta(days=20)
        self._assertTaken(self.short, date=later)
        self.policy.reference_day = "ship"
        self._assertTaken(self.fresh, date=later)
        self.policy.reference_day = "delivery"
        self._assertTaken(self.short)
        delivery = self._delivery([(self.vitamin, 1)])
        delivery.do_unreserve()
        delivery.move_ids.date_deadline = later
        delivery.action_assign()
        self.assertEqual(delivery.move_line_ids.lot_id, self.fresh)

    def test_shipping_stops_some_days_before_the_expiry(self):
        """S8: at the stop day a lot can no longer be reserved, whoever orders."""
        self.policy.write({"stop_ship": "days", "stop_ship_days": 45})
        self._set_expiry(self.short, 46)
        self._assertTaken(self.short)
        self._set_expiry(self.short, 45)
        self._assertTaken(self.fresh)

    def test_undated_goods_are_blocked_or_last(self):
        """S3 B09: a lot without date is never silently first."""
        undated = self._lot(self.vitamin, "UNDATED")
        undated.expiration_date = undated.removal_date = False
        self._receive(undated, 10, self.bin_3)
        delivery = self._delivery([(self.vitamin, 30)])
        self.assertNotIn(undated, delivery.move_line_ids.lot_id)
        delivery.action_cancel()
        self.policy.undated = "last"
        delivery = self._delivery([(self.vitamin, 25)])
        self.assertEqual(
            delivery.move_line_ids.sorted("id").mapped("lot_id.name"), ["SHORT", "FRESH", "UNDATED"]
        )

    def test_customer_never_gets_older_goods_than_last_time(self):
        """S11: skipped for the customer that got fresher goods, still offered to others."""
        self.policy.ascending = "yes"
        self._ship([(self.fresh, self.bin_2, 1)], partner=self.retailer)
        self._assertTaken(self.fresh, partner=self.retailer)
        self._assertTaken(self.short, partner=self.consumer)

    def test_returned_lot_does_not_go_to_that_customer_again(self):
        """S12: once sent back, never again to the same customer."""
        self.policy.exclude_returned = "yes"
        back = self._picking(
            self.warehouse.in_type_id, self.customer_location, self.bin_1, partner=self.retailer
        )
        self._move(back, self.vitamin, 1, lot=self.short)
        self._validate(back)
        self._assertTaken(self.fresh, partner=self.retailer)
        self._assertTaken(self.short, partner=self.consumer)

    def test_lots_are_assigned_only_close_to_shipping(self):
        """S21 B08: an order for next month does not tie up the earliest lot today."""
        self.policy.write({"horizon": "days", "horizon_days": 7})
        later = fields.Datetime.now() + timedelta(days=30)
        self.assertFalse(self._delivery([(self.vitamin, 1)], date=later).move_line_ids)
        self._assertTaken(self.short, date=fields.Datetime.now() + timedelta(days=6))

    def test_earlier_lot_that_is_tied_up_does_not_stop_the_order(self):
        """A3: FEFO looks through earlier lots that are promised to others."""
        first = self._delivery([(self.vitamin, 10)])
        self.assertEqual(first.move_line_ids.lot_id, self.short)
        self._assertTaken(self.fresh)

    def test_numbers_of_a_policy_are_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.policy.stop_ship_days = -1
            self.policy.flush_recordset()


@tagged("post_install", "-at_install")
class TestPolicySimulator(LotControlCommon):
    """Why not this lot: every candidate with its reasons, every setting with its source."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.held = cls._lot(cls.vitamin, "HELD", days=30)
        cls.short = cls._lot(cls.vitamin, "SHORT", days=60)
        cls.fresh = cls._lot(cls.vitamin, "FRESH", days=300)
        cls.foreign = cls._lot(cls.vitamin, "FOREIGN", days=300)
        for lot, place in zip((cls.held, cls.short, cls.fresh), cls.bins, strict=False):
            cls._receive(lot, 10, place)
        cls._receive(cls.foreign, 10, cls.bin_4, owner=cls.brand_b)
        cls.env["stock.lot.policy"].create(
            {
                "name": "Rita wants 90 days",
                "customer_id": cls.retailer.id,
                "min_life": "days",
                "min_life_number": 90,
            }
        )
        cls.env["stock.lot.hold"]._hold(cls.held, cls.env.ref("lot_fefo_3pl.hold_reason_damaged"))

    def _explain(self, move):
        self.assertTrue(move.with_user(self.stock_user).takes_lot_controlled)
        for view in ("stock.view_stock_move_operations", "stock.view_move_form"):
            arch = move.get_view(self.env.ref(view).id)["arch"]
            self.assertIn("action_explain_lots", arch, "on the move as well")
        action = move.with_user(self.stock_user).action_explain_lots()
        return (
            self.env[action["res_model"]]
            .with_user(self.stock_user)
            .with_context(**action["context"])
            .create({})
        )

    def test_every_skipped_lot_has_its_reason_in_words(self):
        """A3: why not this lot, with dates and numbers."""
        delivery = self._delivery([(self.vitamin, 20)], partner=self.retailer)
        simulation = self._explain(delivery.move_ids)
        rows = {row["lot"]: row for row in simulation._get_candidates()}
        self.assertEqual(next(iter(rows)), "FRESH", "the fit ones first")
        self.assertEqual(rows["FRESH"]["reasons"], [])
        self.assertEqual((rows["FRESH"]["free"], rows["FRESH"]["taken"]), (0, 10))
        self.assertIn("held for Damaged", rows["HELD"]["reasons"])
        expiry = self.warehouse._get_lot_day(self.short.expiration_date)
        today = self.warehouse._get_lot_today()
        self.assertEqual(
            rows["SHORT"]["reasons"],
            [f"expires on {expiry}; needs 90 days on {today}, has {(expiry - today).days}"],
        )
        self.assertIn("belongs to Brand B", rows["FOREIGN"]["reasons"][0])
        self.assertIn("needs 90 days", str(simulation.candidates))

    def test_every_setting_says_where_it_comes_from(self):
        delivery = self._delivery([(self.vitamin, 1)], partner=self.retailer)
        rows = {row["name"]: row for row in self._explain(delivery.move_ids)._get_settings()}
        self.assertEqual(rows["Minimum Remaining Life"]["source"], "Rita wants 90 days")
        self.assertEqual(rows["Days or %"]["value"], "90")
        self.assertEqual(rows["Rotation"]["source"], "Default of Third Party")
        self.assertNotIn("Days Before Expiry", rows, "a number that says nothing is not shown")

    def test_simulator_answers_without_an_order(self):
        simulation = self.env["stock.lot.simulation"].create(
            {
                "warehouse_id": self.warehouse.id,
                "product_id": self.vitamin.id,
                "owner_id": self.brand_a.id,
                "customer_id": self.consumer.id,
            }
        )
        fit = [row["lot"] for row in simulation._get_candidates() if not row["reasons"]]
        self.assertEqual(fit, ["SHORT", "FRESH"])
        simulation.customer_id = self.retailer
        fit = [row["lot"] for row in simulation._get_candidates() if not row["reasons"]]
        self.assertEqual(fit, ["FRESH"])
        self.assertFalse(
            self.env["stock.move"].search_count(
                [("product_id", "=", self.vitamin.id), ("state", "=", "draft")]
            )
        )
