from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestAllocation(LotControlCommon):
    """Promise 3: the right lot by the client's rules, never an expired or foreign one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls._lot(cls.vitamin, "LATE", days=300)
        cls.early = cls._lot(cls.vitamin, "EARLY", days=60)
        cls._receive(cls.late, 10, cls.bin_1)
        cls._receive(cls.early, 10, cls.bin_2)
        cls.policy = cls.env["stock.lot.policy"].search([("warehouse_id", "=", cls.warehouse.id)])

    def _reserved(self, delivery):
        delivery.action_assign()
        return [(line.lot_id.name, line.quantity) for line in delivery.move_line_ids.sorted("id")]

    def test_first_expired_goes_first_without_any_strategy_set(self):
        """B01 S1: FEFO is the default of a controlled warehouse, plain Odoo takes FIFO."""
        self.assertFalse(self.category.removal_strategy_id)
        self.assertEqual(
            self._reserved(self._delivery([(self.vitamin, 14)])), [("EARLY", 10), ("LATE", 4)]
        )

    def test_policy_decides_the_rotation(self):
        """S1: FIFO, LIFO and LEFO by the policy, whatever the category says."""
        self.category.removal_strategy_id = self.env.ref("stock.removal_fifo")
        middle = self._lot(self.vitamin, "MIDDLE", days=150)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self._receive(middle, 10, self.bin_3)
        for rotation, lot in {
            "fefo": "EARLY",
            "fifo": "LATE",
            "lifo": "MIDDLE",
            "lefo": "LATE",
        }.items():
            with self.subTest(rotation=rotation):
                self.policy.rotation = rotation
                delivery = self._delivery([(self.vitamin, 1)])
                self.assertEqual(self._reserved(delivery), [(lot, 1)])
                delivery.action_cancel()

    def test_more_specific_policy_wins_setting_by_setting(self):
        """S1 A2: each setting is resolved on its own; clearing it falls back."""
        policies = self.env["stock.lot.policy"]
        of_retailer = policies.create({"name": "Retailer", "customer_id": self.retailer.id})
        of_brand = policies.create(
            {"name": "Brand A", "owner_id": self.brand_a.id, "rotation": "lefo"}
        )

        def settings(customer):
            return policies._get_settings(self.warehouse, self.brand_a, customer, self.vitamin)

        self.assertEqual(settings(self.retailer)["rotation"], ("lefo", of_brand.id))
        self.assertEqual(settings(self.retailer)["undated"], ("block", self.policy.id))
        of_retailer.rotation = "fifo"
        self.assertEqual(settings(self.retailer)["rotation"], ("fifo", of_retailer.id))
        self.assertEqual(settings(self.consumer)["rotation"], ("lefo", of_brand.id))
        of_brand.rotation = False
        self.assertEqual(settings(self.consumer)["rotation"], ("fefo", self.policy.id))

    def test_expired_lot_is_skipped_even_by_an_overdue_order(self):
        """C01: plain Odoo compares with the planned date, so an overdue move takes expired lots."""
        self.early.expiration_date = fields.Datetime.now() - timedelta(days=2)
        overdue = fields.Datetime.now() - timedelta(days=30)
        delivery = self._delivery([(self.vitamin, 4)], date=overdue)
        self.assertEqual(self._reserved(delivery), [("LATE", 4)])

    def test_order_for_later_skips_a_lot_that_will_have_expired(self):
        """S7: the day on which goods leave counts."""
        later = fields.Datetime.now() + timedelta(days=90)
        delivery = self._delivery([(self.vitamin, 4)], date=later)
        self.assertEqual(self._reserved(delivery), [("LATE", 4)])

    def test_lot_is_good_until_the_end_of_its_day_in_the_warehouse(self):
        """An expiry is a day in the warehouse's zone, not a moment in UTC."""
        self.warehouse.partner_id.tz = "America/Los_Angeles"
        self.early.expiration_date = self.warehouse._get_lot_day_end(
            fields.Date.to_date("2030-06-30")
        )
        self.early.removal_date = self.early.expiration_date
        self.late.expiration_date = self.late.removal_date = fields.Datetime.to_datetime(
            "2031-01-01 00:00:00"
        )
        with freeze_time("2030-07-01 06:30:00"):  # 23:30 on 30 June in Los Angeles
            delivery = self._delivery([(self.vitamin, 1)])
            self.assertEqual(self._reserved(delivery), [("EARLY", 1)])
            delivery.action_cancel()
        with freeze_time("2030-07-01 07:30:00"):  # 0:30 on 1 July there
            self.assertEqual(self._reserved(self._delivery([(self.vitamin, 1)])), [("LATE", 1)])

    def test_lot_that_expired_after_reservation_does_not_leave(self):
        """C04 C11 S22: checked again at the door, whatever the wizard or a context key says."""
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        delivery.move_ids.picked = True
        self.early.expiration_date = fields.Datetime.now() - timedelta(days=2)
        with self.assertRaisesRegex(ValidationError, "EARLY.*expired on"):
            delivery.with_context(skip_expired=True).button_validate()
        with self.assertRaisesRegex(ValidationError, "EARLY.*expired on"):
            delivery.move_ids._action_done()

    def test_typed_quantity_and_validated_draft_take_the_right_lot(self):
        """C02 C03: plain Odoo takes the expired lot first on these two routes."""
        self.early.expiration_date = fields.Datetime.now() - timedelta(days=2)
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.move_ids.quantity = 4
        self.assertEqual(delivery.move_line_ids.lot_id, self.late)

    def test_relocation_to_customers_is_a_shipment(self):
        """D07 F15: judged by where goods go, not by the kind of operation."""
        self.early.expiration_date = fields.Datetime.now() - timedelta(days=2)
        quant = self.early.quant_ids.filtered(lambda quant: quant.location_id == self.bin_2)
        with self.assertRaisesRegex(ValidationError, "EARLY.*expired on"):
            quant.move_quants(location_dest_id=self.customer_location)

    def test_line_added_to_a_done_delivery_is_checked(self):
        """D06: the line moves stock at once."""
        delivery = self._ship([(self.late, self.bin_1, 2)])
        self.early.expiration_date = fields.Datetime.now() - timedelta(days=2)
        with self.assertRaisesRegex(ValidationError, "EARLY.*expired on"):
            self.env["stock.move.line"].create(
                {
                    "picking_id": delivery.id,
                    "product_id": self.vitamin.id,
                    "lot_id": self.early.id,
                    "quantity": 1,
                    "location_id": self.bin_2.id,
                    "location_dest_id": self.customer_location.id,
                    "owner_id": self.brand_a.id,
                }
            )

    def test_lot_that_is_not_in_the_bin_does_not_leave(self):
        """C07 C13: plain Odoo ships it and leaves a negative quantity behind."""
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.action_assign()
        delivery.move_line_ids.location_id = self.bin_1
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "EARLY.*only 0"):
            delivery.button_validate()

    def test_expired_goods_can_still_go_to_quarantine_scrap_and_back_to_the_owner(self):
        self.early.expiration_date = fields.Datetime.now() - timedelta(days=2)
        quant = self.early.quant_ids.filtered(lambda quant: quant.location_id == self.bin_2)
        quant.move_quants(location_dest_id=self.bin_4)
        self.assertEqual(self._quantity(self.early, self.bin_4), 10)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.vitamin.id,
                "lot_id": self.early.id,
                "owner_id": self.brand_a.id,
                "location_id": self.bin_4.id,
                "scrap_qty": 4,
            }
        )
        scrap.action_validate()
        self.assertEqual(self._quantity(self.early, self.bin_4), 6)

    # Owners ----------------------------------------------------------------------------------

    def test_only_goods_of_the_orders_brand_are_reserved(self):
        """G01 G02: plain Odoo ships brand B's goods for brand A's order."""
        other = self._lot(self.vitamin, "OTHER", days=10)
        self._receive(other, 50, self.bin_3, owner=self.brand_b)
        for owner in (None, self.brand_a):
            delivery = self._delivery([(self.vitamin, 30)], owner=owner)
            self.assertEqual(self._reserved(delivery), [("EARLY", 10), ("LATE", 10)])
            delivery.action_cancel()
        delivery = self._delivery([(self.vitamin, 30)], owner=self.brand_b)
        self.assertEqual(self._reserved(delivery), [("OTHER", 30)])

    def test_owner_assigned_at_the_last_moment_ships_nothing_of_another_brand(self):
        """G03: plain Odoo makes brand B negative and leaves brand A's stock as it was."""
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.action_assign()
        delivery.owner_id = self.brand_b
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "EARLY"):
            delivery.button_validate()

    def test_untracked_goods_keep_their_owner_too(self):
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.flyer, self.bin_4, 5, owner_id=self.brand_a)
        delivery = self._delivery([(self.flyer, 2)], owner=self.brand_b)
        delivery.action_assign()
        self.assertFalse(delivery.move_line_ids)

    def test_chained_step_does_not_take_what_expired_meanwhile(self):
        """B06: the ship step of pick-ship takes what the first step brought, if it is still fit."""
        self.warehouse.delivery_steps = "pick_ship"
        pick = self._picking(
            self.warehouse.pick_type_id, self.stock, self.warehouse.wh_output_stock_loc_id
        )
        ship = self._picking(
            self.warehouse.out_type_id,
            self.warehouse.wh_output_stock_loc_id,
            self.customer_location,
        )
        first = self._move(pick, self.vitamin, 4)
        second = self._move(ship, self.vitamin, 4)
        second.write({"procure_method": "make_to_order", "move_orig_ids": [(4, first.id)]})
        (pick | ship).action_confirm()
        pick.action_assign()
        self.early.expiration_date = fields.Datetime.now() + timedelta(days=1)
        self._validate_verified(pick)
        self.assertEqual(ship.move_line_ids.lot_id, self.early)
        ship.do_unreserve()
        with freeze_time(fields.Datetime.now() + timedelta(days=10)):
            ship.action_assign()
            self.assertFalse(ship.move_line_ids)

    def test_without_lot_control_odoo_reserves_as_ever(self):
        self.warehouse.lot_control = False
        self.policy.rotation = "lefo"
        self.category.removal_strategy_id = self.env.ref("stock.removal_lifo")
        self.assertEqual(self._reserved(self._delivery([(self.vitamin, 1)])), [("EARLY", 1)])

    def test_place_that_is_not_for_orders_gives_nothing(self):
        """B13 C15: returns and quarantine below the stock zone are not promised to orders."""
        self.bin_2.not_for_orders = True
        self.assertEqual(self._reserved(self._delivery([(self.vitamin, 4)])), [("LATE", 4)])

    def test_more_than_ordered_does_not_leave(self):
        """C13: plain Odoo ships any quantity, from any lot."""
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_ids.quantity = 5
        self._verify(delivery)
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "5 leave, 2 were ordered"):
            delivery.button_validate()

    def test_policy_can_leave_the_rotation_to_odoo(self):
        """B01 B02 B03 B11: category before its parents before location, with our strategies too."""
        self.policy.rotation = "odoo"
        self.stock.removal_strategy_id = self.env.ref(
            "lot_fefo_3pl.removal_lot_lefo_expiration_date"
        )
        self.assertEqual(self._reserved(self._delivery([(self.vitamin, 1)])), [("LATE", 1)])
        self.category.parent_id = self.category.create(
            {
                "name": "Dated",
                "removal_strategy_id": self.env.ref(
                    "lot_fefo_3pl.removal_lot_fefo_expiration_date"
                ).id,
            }
        )
        self.assertEqual(self._reserved(self._delivery([(self.vitamin, 1)])), [("EARLY", 1)])

    def test_goods_in_transit_follow_the_warehouse_that_handles_them(self):
        """With lot control off in a warehouse nothing changes there, not even from transit."""
        transit = self.env["stock.location"].create({"name": "On the Road", "usage": "transit"})
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        self._expire_in(transit)
        arrival = self._picking(plain.in_type_id, transit, self.customer_location)
        self._move(arrival, self.vitamin, 3, lot=self.early)
        arrival.move_ids.picked = True
        arrival.with_context(skip_expired=True).button_validate()
        self.assertEqual(arrival.state, "done")
        quant = self.early.quant_ids.filtered(lambda quant: quant.location_id == transit)
        with self.assertRaisesRegex(ValidationError, "EARLY.*expired on"):
            quant.move_quants(location_dest_id=self.customer_location)

    def _expire_in(self, place):
        """Put goods of an expired lot into ``place``."""
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, place, 10, lot_id=self.early, owner_id=self.brand_a
        )
        self.early.expiration_date = fields.Datetime.now() - timedelta(days=2)
