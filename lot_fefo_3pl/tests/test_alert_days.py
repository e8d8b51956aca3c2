from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestAlertDays(LotControlCommon):
    """Promise 3: goods that soon cannot leave any more are shown in time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._lot(cls.vitamin, "A-1", days=100)
        cls.other = cls._lot(cls.cream, "B-1", days=100)
        cls._receive(cls.lot, 10, cls.bin_1)
        cls._receive(cls.other, 10, cls.bin_2)
        cls.policies = cls.env["stock.lot.policy"]
        cls.policy = cls.policies.search([("warehouse_id", "=", cls.warehouse.id)])
        cls.today = cls.warehouse._get_lot_today()

    def _expire_in(self, lot, days):
        moment = self.warehouse._get_lot_day_end(self.today + timedelta(days=days))
        lot.write({"expiration_date": moment, "removal_date": moment})

    def _assertAlert(self, lot, expected):
        lot.invalidate_recordset()
        self.assertEqual(lot.lot_alert, expected)
        found = self.env["stock.lot"].search([("lot_alert", "=", True)])
        self.assertEqual(lot in found, expected, "the search says what the lot says")
        others = self.env["stock.lot"].search([("lot_alert", "=", False)])
        self.assertEqual(lot in others, not expected)
        quant = lot.quant_ids.filtered(lambda quant: quant.location_id.usage == "internal")
        self.assertEqual(quant.lot_alert, expected)
        quants = self.env["stock.quant"].search([("lot_alert", "=", True)])
        self.assertEqual(quant in quants, expected)

    def _set(self, **values):
        self.policy.write({"alert": "days", "alert_days": 10, **values})

    def test_without_a_setting_the_alert_date_of_odoo_counts(self):
        """S8: Odoo's own alert date is used, not doubled."""
        self.assertEqual(self.policy.alert, "odoo")
        self.lot.alert_date = fields.Datetime.now() + timedelta(days=2)
        self._assertAlert(self.lot, False)
        self.lot.alert_date = fields.Datetime.now() - timedelta(days=1)
        self._assertAlert(self.lot, True)

    def test_days_before_the_expiry(self):
        """S8: on the Nth day before the expiry the alert begins."""
        self._set()
        self._expire_in(self.lot, 11)
        self._assertAlert(self.lot, False)
        self._expire_in(self.lot, 10)
        self._assertAlert(self.lot, True)
        self.assertEqual(self.lot.last_ship_day, self.today + timedelta(days=10))

    def test_days_before_shipping_stops(self):
        """S8: alert days count from the stop-ship day, not from the expiry."""
        self._set(stop_ship="days", stop_ship_days=45)
        self._expire_in(self.lot, 57)
        self._assertAlert(self.lot, False)
        self._expire_in(self.lot, 56)
        self._assertAlert(self.lot, True)
        self.assertEqual(self.lot.last_ship_day, self.today + timedelta(days=10))
        self.assertTrue(self._delivery([(self.vitamin, 1)]).move_line_ids)
        self._expire_in(self.lot, 46)
        self.assertEqual(self.lot.last_ship_day, self.today, "the last day is a day to ship")
        self.assertTrue(self._delivery([(self.vitamin, 1)]).move_line_ids)
        self._expire_in(self.lot, 45)
        self.assertIn("cannot leave since", self.lot.lot_alert_summary)
        self.assertFalse(self._delivery([(self.vitamin, 1)]).move_line_ids)

    def test_days_before_the_minimum_life_is_gone(self):
        self._set(min_life="days", min_life_number=30)
        self._expire_in(self.lot, 41)
        self._assertAlert(self.lot, False)
        self._expire_in(self.lot, 40)
        self._assertAlert(self.lot, True)

    def test_removal_date_of_odoo_counts_when_it_is_earlier(self):
        self._set()
        moment = self.warehouse._get_lot_day_end(self.today + timedelta(days=10))
        self.lot.removal_date = moment
        self._assertAlert(self.lot, True)

    def test_each_brand_has_its_own_days(self):
        self._expire_in(self.lot, 50)
        self._expire_in(self.other, 50)
        self.policies.create(
            {
                "name": "Brand B wants to know early",
                "owner_id": self.brand_b.id,
                "alert": "days",
                "alert_days": 60,
            }
        )
        self._assertAlert(self.lot, False)
        self._assertAlert(self.other, True)

    def test_picking_line_tells_with_the_life_that_its_customer_wants(self):
        self._set()
        self._expire_in(self.lot, 95)
        self.policies.create(
            {
                "name": "Rita wants 90 days",
                "customer_id": self.retailer.id,
                "min_life": "days",
                "min_life_number": 90,
            }
        )
        self._assertAlert(self.lot, False)
        line = self._delivery([(self.vitamin, 1)]).move_line_ids
        self.assertFalse(line.lot_alert_summary)
        line = self._delivery([(self.vitamin, 1)], partner=self.retailer).move_line_ids
        self.assertIn("5 days", line.lot_alert_summary)

    def test_goods_that_have_left_alert_nobody(self):
        self._set()
        self._expire_in(self.lot, 5)
        self._validate(self._delivery([(self.vitamin, 10)]))
        self.lot.invalidate_recordset()
        self.assertFalse(self.lot.lot_alert)
        self.assertNotIn(self.lot, self.env["stock.lot"].search([("lot_alert", "=", True)]))

    def test_without_lot_control_there_is_no_alert(self):
        self._set()
        self._expire_in(self.lot, 5)
        self.warehouse.lot_control = False
        self._assertAlert(self.lot, False)

    def test_policy_panel_shows_the_alert(self):
        self._set()
        delivery = self._delivery([(self.vitamin, 1)])
        action = delivery.move_ids.action_explain_lots()
        simulation = self.env["stock.lot.simulation"].with_context(**action["context"]).create({})
        rows = {row["name"]: row for row in simulation._get_settings()}
        self.assertEqual(rows["Days Before the Last Day"]["value"], "10")
        self.assertEqual(rows["Alert"]["source"], "Default of Third Party")

    def test_search_asks_a_number_of_queries_that_does_not_grow(self):
        def count():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["stock.lot"].search([("lot_alert", "=", True)])
            return self.cr.sql_log_count - before

        count()
        few = count()
        for number in range(5):
            lot = self._lot(self.vitamin, f"N-{number}", days=100)
            self._receive(lot, 1, self.bin_4)
            self.bin_4 = self.bin_4.copy({"name": f"N-{number}", "barcode": False})
        self.assertEqual(count(), few)
