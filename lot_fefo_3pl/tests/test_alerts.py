from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LotControlCommon


class AlertCommon(LotControlCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alerts = cls.env["stock.lot.alert"]
        cls.env.company.lot_alert_user_ids = cls.qa
        cls.now = fields.Datetime.now()
        cls.vitamin.alert_time = 30
        policies = cls.env["stock.lot.policy"].search([("warehouse_id", "=", cls.warehouse.id)])
        policies.inbound_action = "accept"

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1.0)

    def _run(self, hours=0):
        with freeze_time(self.now + timedelta(hours=hours)):
            self.alerts._run()

    def _kinds(self):
        found = self.alerts.search([("company_id", "=", self.env.company.id)])
        return {alert.lot_id.name or alert.product_id.name: alert.kind for alert in found}

    def _activities(self, user=None):
        return self.env["mail.activity"].search(
            [("res_model", "=", "stock.lot.alert.inbox"), ("user_id", "=", (user or self.qa).id)]
        )

    def _stocked(self, name, days, location, product=None):
        lot = self._lot(product or self.vitamin, name, days=days)
        self._receive(lot, 5, location)
        return lot


@tagged("post_install", "-at_install")
class TestAlerts(AlertCommon):
    """Most-asked 15: the right person is told once, with what changed."""

    def test_what_is_told(self):
        policy = self.env["stock.lot.policy"].search([("warehouse_id", "=", self.warehouse.id)])
        policy.write({"stop_ship": "days", "stop_ship_days": 7})
        self._stocked("FRESH", 200, self.bin_1)
        self._stocked("RISK", 100, self.bin_2).sudo().alert_date = self.now - timedelta(days=1)
        self._stocked("STOP", 7, self.bin_3)
        old = self._stocked("OLD", 5, self.bin_4)
        old.sudo().expiration_date = self.now - timedelta(days=2)
        undated = self._stocked("UNDATED", 50, self.bin_1, self.magnesium)
        undated.sudo().write({"expiration_date": False, "alert_date": False})
        self._run()
        self.assertEqual(
            self._kinds(),
            {"RISK": "at_risk", "STOP": "stop_ship", "OLD": "expired", "UNDATED": "undated"},
        )

    def test_policy_of_a_brand_decides_when_shipping_stops(self):
        self.env["stock.lot.policy"].create(
            {
                "name": "B",
                "owner_id": self.brand_b.id,
                "stop_ship": "days",
                "stop_ship_days": 40,
            }
        )
        for name, product, place in (
            ("A-1", self.magnesium, self.bin_1),
            ("B-1", self.cream, self.bin_2),
        ):
            lot = self._stocked(name, 40, place, product)
            lot.sudo().write({"alert_date": False, "removal_date": False})
        self._run()
        self.assertEqual(self._kinds(), {"B-1": "stop_ship"})

    def test_policy_says_how_many_days_before_the_last_one_is_told(self):
        """S8: the alert days of the policy count instead of Odoo's alert date."""
        self.env["stock.lot.policy"].create(
            {
                "name": "Brand B wants to know early",
                "owner_id": self.brand_b.id,
                "alert": "days",
                "alert_days": 60,
            }
        )
        self._stocked("N", 50, self.bin_1, self.cream)
        self._stocked("F", 80, self.bin_2, self.cream)
        self._run()
        self.assertEqual(self._kinds(), {"N": "at_risk"})

    def test_alert_days_of_the_policy(self):
        """The policy of a brand says how long before its last day goods are told about."""
        self.env["stock.lot.policy"].create(
            {"name": "B", "owner_id": self.brand_b.id, "alert": "days", "alert_days": 60}
        )
        self._stocked("B-1", 60, self.bin_1, self.cream)
        self._stocked("B-2", 62, self.bin_2, self.cream)
        self._run()
        self.assertEqual(self._kinds(), {"B-1": "at_risk"})

    def test_stock_without_lot(self):
        self.env.cr.execute(
            "INSERT INTO stock_quant (product_id, location_id, company_id, quantity,"
            " reserved_quantity, in_date, lot_segregation, owner_segregation)"
            " SELECT %s, id, company_id, 4, 0, now(), lot_segregation_effective,"
            " owner_segregation_effective FROM stock_location WHERE id = %s",
            (self.cream.id, self.bin_1.id),
        )
        self._run()
        self.assertEqual(self._kinds(), {"Face Cream": "no_lot"})
        action = self.alerts.search([("kind", "=", "no_lot")], limit=1).action_open()
        self.assertEqual(self.env["stock.quant"].search(action["domain"]).quantity, 4)

    def test_recall_deadline(self):
        regime = self.env["stock.lot.recall.regime"].create(
            {"name": "Three days", "amount": 72, "unit": "hours", "goal": "date_handed"}
        )
        lot = self._stocked("RECALLED", 300, self.bin_1)
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        recall = recalls.browse(recalls.start(lot.ids, "Splinters")["recall_id"])
        recall.regime_id = regime
        self._run()
        self.assertFalse(self.alerts.search([("recall_id", "=", recall.id)]))
        self._run(hours=30)
        alert = self.alerts.search([("recall_id", "=", recall.id)])
        self.assertEqual((alert.kind, alert.action_open()["res_id"]), ("recall", recall.id))
        self.assertIn(recall.name, self._activities().note)
        recall.action_hand_over()
        self._run(hours=31)
        self.assertFalse(alert.exists())

    def test_row_goes_when_it_is_over_and_keeps_its_date_meanwhile(self):
        lot = self._stocked("RISK", 20, self.bin_1)
        self._run()
        alert = self.alerts.search([("lot_id", "=", lot.id)])
        since = alert.date
        self._receive(lot, 3, self.bin_1)
        self._run(hours=24)
        self.assertEqual((alert.date, alert.quantity), (since, 8))
        self._ship([(lot, self.bin_1, 8)])
        self._run(hours=48)
        self.assertFalse(alert.exists())

    def test_other_warehouses_are_left_alone(self):
        lot = self._stocked("RISK", 20, self.bin_1)
        self.warehouse.lot_control = False
        self._run()
        self.assertFalse(self.alerts.search([("lot_id", "=", lot.id)]))


@tagged("post_install", "-at_install")
class TestAlertActivity(AlertCommon):
    """Most-asked 15: one activity per person, brought up to date in place."""

    def test_one_activity_that_grows_until_it_is_done(self):
        self._stocked("ONE", 20, self.bin_1)
        self._run()
        activity = self._activities()
        self.assertEqual(len(activity), 1)
        self.assertIn("1 new", activity.summary)
        self.assertIn("ONE", activity.note)
        self._stocked("TWO", 20, self.bin_2)
        self._run(hours=24)
        self.assertEqual(self._activities(), activity)
        self.assertIn("2 new", activity.summary)
        self.assertIn("TWO", activity.note)

    def test_run_twice_changes_nothing(self):
        self._stocked("ONE", 20, self.bin_1)
        self._run()
        activity = self._activities()
        written = activity.write_date
        self._run(hours=24)
        self.assertEqual(self._activities(), activity)
        self.assertEqual(activity.write_date, written)

    def test_after_it_is_done_only_news_are_told(self):
        self._stocked("ONE", 20, self.bin_1)
        self._run()
        self._activities().with_user(self.qa).action_feedback()
        self._run(hours=24)
        self.assertFalse(self._activities())
        self._stocked("TWO", 20, self.bin_2)
        self._run(hours=48)
        activity = self._activities()
        self.assertIn("1 new", activity.summary)
        self.assertNotIn("ONE", activity.note)

    def test_activity_goes_when_nothing_of_it_is_left(self):
        lot = self._stocked("ONE", 20, self.bin_1)
        self._run()
        self._ship([(lot, self.bin_1, 5)])
        self._run(hours=24)
        self.assertFalse(self._activities())

    def test_each_person_in_charge_has_one(self):
        self.env.company.lot_alert_user_ids = self.qa | self.supervisor
        self._stocked("ONE", 20, self.bin_1)
        self._run()
        for user in (self.qa, self.supervisor):
            self.assertEqual(len(self._activities(user)), 1)
        self.env.company.lot_alert_user_ids = self.supervisor
        self._run(hours=24)
        self.assertFalse(self._activities(self.qa))
        self.assertEqual(len(self._activities(self.supervisor)), 1)

    def test_nobody_chosen_means_the_first_of_qa(self):
        self.env.company.lot_alert_user_ids = False
        inbox = self.env["stock.lot.alert.inbox"]
        qa = self.env.ref("lot_fefo_3pl.lot_fefo_3pl_group_qa").all_user_ids
        users = inbox._get_users(self.env.company)
        self.assertEqual(len(users), 1)
        self.assertIn(users, qa)
        self.assertFalse(users.has_group("stock.group_stock_manager"))

    def test_it_opens_with_what_is_new_for_its_user_only(self):
        lot = self._stocked("ONE", 20, self.bin_1)
        self._run()
        inboxes = self.env["stock.lot.alert.inbox"]
        inbox = inboxes.with_user(self.qa).search([])
        self.assertEqual(inbox.alert_ids.lot_id, lot)
        self.assertEqual(inbox.alert_ids.action_open()["res_id"], lot.id)
        self.assertFalse(inboxes.with_user(self.operator).search([]))
        with self.assertRaises(AccessError):
            self.alerts.with_user(self.employee).search([])

    def test_odoo_does_not_add_one_for_every_lot(self):
        """Most-asked 15: plain Odoo piles up an activity per lot."""
        lot = self._stocked("ONE", 20, self.bin_1)
        self.env["stock.lot"]._alert_date_exceeded()
        self.assertFalse(lot.activity_ids)
        elsewhere = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        other = self._lot(self.magnesium, "PLAIN", days=20)
        other.alert_date = self.now - timedelta(days=1)
        self.env["stock.quant"]._update_available_quantity(
            self.magnesium, elsewhere.lot_stock_id, 5, lot_id=other
        )
        self.env["stock.lot"]._alert_date_exceeded()
        self.assertEqual(len(other.activity_ids), 1)

    def test_cost_does_not_grow_with_the_lots(self):
        """Nor with the products and the brands: policies are resolved without a query each."""
        few = None
        for number in range(12):
            brand = self.env["res.partner"].create({"name": f"Brand {number}"})
            product = self.vitamin.copy({"name": f"P{number}", "owner_id": brand.id})
            place = self.env["stock.location"].create(
                {"name": f"B-{number}", "location_id": self.stock.id}
            )
            self._stocked(f"L-{number}", 20, place, product)
            if number == 1:
                few = self._count_queries()
        self.assertEqual(len(self.alerts._find(self.env.company)), 12)
        self.assertLessEqual(self._count_queries(), few)

    def _count_queries(self):
        self.alerts._find(self.env.company)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.alerts._find(self.env.company)
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestScheduledJobs(LotControlCommon):
    """The jobs run as the scheduler runs them, one batch after the other."""

    def test_jobs_run(self):
        self.vitamin.alert_time = 30
        lot = self._lot(self.vitamin, "SOON", days=20)
        self._receive(lot, 5, self.bin_1)
        self.env.company.lot_digest = True
        self.brand_a.lot_digest_frequency = "daily"
        with self.enter_registry_test_mode():
            for name in ("ir_cron_lot_alerts", "ir_cron_lot_digest"):
                self.env.ref(f"lot_fefo_3pl.{name}").method_direct_trigger()
        self.env.invalidate_all()
        alert = self.env["stock.lot.alert"].search([("lot_id", "=", lot.id)])
        self.assertEqual(alert.kind, "at_risk")
        self.assertTrue(self.brand_a.lot_digest_date)
