from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestWarehouseSwitch(LotControlCommon):
    def test_switch_turns_on_the_odoo_features_it_rests_on(self):
        for feature in self.env["stock.warehouse"]._get_lot_control_features():
            self.assertIn(feature, self.operator.all_group_ids)

    def test_locations_know_whether_they_are_controlled(self):
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        self.assertFalse(plain.lot_control)
        self.assertFalse(plain.lot_stock_id.lot_control)
        self.assertTrue(self.bin_1.lot_control)

    def test_lot_belongs_to_the_brand_of_its_product(self):
        self.assertEqual(self._lot(self.vitamin, "A-1").owner_id, self.brand_a)
        self.assertEqual(self._lot(self.cream, "A-1").owner_id, self.brand_b)

    def test_list_of_lots_names_the_bins_that_hold_one(self):
        lot = self._lot(self.vitamin, "A-1", days=100)
        self.assertEqual(lot.bin_summary, "")
        for place in (self.bin_3, self.bin_1, self.bin_2):
            self._receive(lot, 1, place)
        lot.invalidate_recordset(["bin_summary"])
        self.assertEqual(lot.bin_summary, "TPL/Stock/A-01, TPL/Stock/A-02 +1")


@tagged("post_install", "-at_install")
class TestWarehouseTimezone(LotControlCommon):
    """An expiry is a day in the warehouse's time zone, whoever asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dock = cls.env["res.partner"].create({"name": "Dock", "tz": "Europe/Berlin"})
        cls.warehouse.partner_id = cls.dock
        cls.early = cls._lot(cls.vitamin, "A-1")
        cls.late = cls._lot(cls.vitamin, "A-2")
        # In Berlin the first hour and the last second of 11 June.
        cls.early.expiration_date = "2035-06-10 22:30:00"
        cls.late.expiration_date = "2035-06-11 21:59:59"

    def _days(self):
        self.env.flush_all()
        self.env["stock.quant"].invalidate_model(["expiration_day"])
        quants = self.env["stock.quant"].search([("location_id", "child_of", self.stock.id)])
        return {quant.lot_id.name: str(quant.expiration_day) for quant in quants}

    def test_changed_time_zone_changes_the_stored_days(self):
        self._receive(self.early, 1, self.bin_1)
        self._receive(self.late, 1, self.bin_2)
        self.assertEqual(self._days(), {"A-1": "2035-06-11", "A-2": "2035-06-11"})
        self.dock.tz = "America/New_York"
        self.assertEqual(self._days(), {"A-1": "2035-06-10", "A-2": "2035-06-11"})
        self.warehouse.partner_id = self.env["res.partner"].create(
            {"name": "East", "tz": "Asia/Tokyo"}
        )
        self.assertEqual(self._days(), {"A-1": "2035-06-11", "A-2": "2035-06-12"})

    def test_time_zone_of_the_company_counts_where_the_address_has_none(self):
        self.dock.tz = False
        company = self.warehouse.company_id.partner_id
        company.tz = "Europe/Berlin"
        self._receive(self.early, 1, self.bin_1)
        company.tz = "UTC"
        self.assertEqual(self._days(), {"A-1": "2035-06-10"})
        self.warehouse.company_id.partner_id = self.env["res.partner"].create(
            {"name": "New seat", "tz": "Asia/Tokyo"}
        )
        self.assertEqual(self._days(), {"A-1": "2035-06-11"})

    def test_time_zone_under_which_goods_may_not_lie_together_is_refused(self):
        self.bin_1.lot_segregation = "expiry"
        self._receive(self.early, 1, self.bin_1)
        self._receive(self.late, 1, self.bin_1)
        self.env.cr.flush()
        with self.assertRaisesRegex(
            ValidationError, "(?s)Move the goods apart.*A-01 holds.*A-1.*A-2"
        ):
            self.dock.tz = "America/New_York"

    def test_days_do_not_follow_the_time_zone_of_a_user(self):
        self.dock.tz = False
        self.warehouse.company_id.partner_id.tz = False
        self.supervisor.tz = "Pacific/Auckland"
        day = self.warehouse.with_user(self.supervisor)._get_lot_day(self.late.expiration_date)
        self.assertEqual(str(day), "2035-06-11")


@tagged("post_install", "-at_install")
class TestManyRules(LotControlCommon):
    """Switching on a large warehouse sets the rules of all locations at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.lot_control = False
        zones = cls.env["stock.location"].create(
            [
                {"name": f"Zone {rule}", "location_id": cls.stock.id, **vals}
                for rule, vals in {
                    "as parent": {},
                    "lane": {"lot_segregation": "package", "owner_segregation": "owner"},
                    "view": {"usage": "view", "lot_segregation": "lot"},
                    "loss": {"usage": "inventory", "lot_segregation": "lot"},
                    "free": {"lot_segregation": "mixed"},
                }.items()
            ]
        )
        cls.places = cls.env["stock.location"].create(
            [
                {
                    "name": f"{zone.name} {number}",
                    "location_id": zone.id,
                    "lot_segregation": "expiry" if number == 3 else "inherit",
                    "active": number != 4,
                }
                for zone in zones
                for number in range(20)
            ]
        )
        cls.env.flush_all()

    def _stored(self):
        self.env.cr.execute(
            "SELECT id, lot_segregation_effective, owner_segregation_effective"
            " FROM stock_location WHERE warehouse_id = %s",
            [self.warehouse.id],
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    def _defined(self):
        places = self.env["stock.location"].with_context(active_test=False)
        places = places.search([("warehouse_id", "=", self.warehouse.id)])
        return {
            place.id: tuple(
                "mixed" if place.segregation_pending else place._get_intended_segregation(name)
                for name in ("lot_segregation", "owner_segregation")
            )
            for place in places
        }

    def test_rules_set_at_once_are_those_of_the_definition(self):
        off = self._stored()
        self.assertEqual({*off.values()}, {("mixed", "mixed")})
        self.places[0].segregation_pending = True
        self.warehouse.lot_control = True
        on = self._stored()
        self.assertEqual(on, self._defined())
        self.assertGreater(len({*on.values()}), 4)
        self.stock.write({"lot_segregation": "lot", "owner_segregation": "owner"})
        self.assertEqual(self._stored(), self._defined())
        self.assertNotEqual(self._stored(), on)
        self.assertEqual(
            self.places[0].lot_segregation_effective, self._stored()[self.places[0].id][0]
        )
        self.warehouse.lot_control = False
        self.assertEqual({*self._stored().values()}, {("mixed", "mixed")})

    def test_number_of_queries_does_not_grow_with_the_locations(self):
        self.warehouse.lot_control = True
        self.env.flush_all()
        self.warehouse.lot_control = False
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._switch_on()
        few = self.env.cr.sql_log_count - before
        self.warehouse.lot_control = False
        self.env["stock.location"].create(
            [{"name": f"More {number}", "location_id": self.stock.id} for number in range(600)]
        )
        self.env.flush_all()
        definition = type(self.stock)._compute_segregation_effective
        with (
            patch.object(
                type(self.stock), "_compute_segregation_effective", autospec=True
            ) as one_by_one,
            self.assertQueryCount(few + 5),
        ):
            one_by_one.side_effect = definition
            self._switch_on()
        self.assertLess(one_by_one.call_count, 30)

    def _switch_on(self):
        self.warehouse.lot_control = True
        self.env.flush_all()
