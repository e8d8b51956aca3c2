from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestPaths(LotControlCommon):
    """Promise 3 and 4: whatever route goods take, they are chosen and checked by the same rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.early = cls._lot(cls.vitamin, "EARLY", days=60)
        cls.late = cls._lot(cls.vitamin, "LATE", days=300)
        cls._receive(cls.early, 10, cls.bin_1)
        cls._receive(cls.late, 10, cls.bin_2)
        cls.policy = cls.env["stock.lot.policy"].search([("warehouse_id", "=", cls.warehouse.id)])

    def _lots(self, records):
        return {line.lot_id.name: line.quantity for line in records.move_line_ids if line.quantity}

    def _expire(self, lot, **dates):
        past = fields.Datetime.now() - timedelta(days=2)
        lot.write(dates or {"expiration_date": past, "removal_date": past})

    def _batch(self, pickings, **values):
        batch = self.env["stock.picking.batch"].create(
            {
                "picking_ids": [Command.set(pickings.ids)],
                "picking_type_id": pickings.picking_type_id.id,
                **values,
            }
        )
        batch.action_confirm()
        return batch

    # Steps ------------------------------------------------------------------------------------

    def test_pick_pack_ship_keeps_lot_owner_and_order_to_the_truck(self):
        """B06 G18: chosen at the pick by the rules, checked again at each step."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        picking = self._procure(self.vitamin, 12).picking_id
        for _step in range(3):
            picking.action_assign()
            self.assertEqual(self._lots(picking), {"EARLY": 10, "LATE": 2})
            self.assertEqual(picking.move_line_ids.owner_id, self.brand_a)
            self.assertEqual(picking.owner_id, self.brand_a)
            self._validate(picking)
            picking = picking.move_ids.move_dest_ids.picking_id
        self.assertEqual(self._quantity(self.early, self.customer_location), 10)

    def _push_rule(self, source, target):
        route = self.env["stock.route"].create(
            {"name": f"From {source.name}", "warehouse_ids": [Command.link(self.warehouse.id)]}
        )
        return self.env["stock.rule"].create(
            {
                "name": route.name,
                "route_id": route.id,
                "action": "push",
                "auto": "manual",
                "location_src_id": source.id,
                "location_dest_id": target.id,
                "picking_type_id": self.warehouse.int_type_id.id,
            }
        )

    def _bring(self, lot, bin_):
        receipt = self._picking(self.warehouse.in_type_id, self.supplier_location, bin_)
        move = self._move(receipt, lot.product_id, 2, lot=lot)
        self._validate(receipt)
        return move

    def test_goods_go_on_from_where_a_rule_leads_on(self):
        """A rule of the bin, or of a place above it; also one that was made a moment ago."""
        shelf = self.bin_1.copy({"name": "SHELF", "barcode": "SHELF"})
        below = self.bin_1.copy({"name": "BELOW", "barcode": "BELOW", "location_id": shelf.id})
        self.assertFalse(self._bring(self.early, below).move_dest_ids)
        rule = self._push_rule(shelf, self.bin_2)
        self.assertEqual(self._bring(self.early, below).move_dest_ids.rule_id, rule)
        nearer = self._push_rule(below, self.bin_1)
        self.assertEqual(self._bring(self.early, below).move_dest_ids.rule_id, nearer)
        (rule + nearer).active = False
        self.assertFalse(self._bring(self.early, below).move_dest_ids)

    def test_chained_step_refuses_a_lot_that_the_step_before_did_not_bring(self):
        """B06 C07: the ship step takes what lies staged for it."""
        self.warehouse.delivery_steps = "pick_ship"
        pick = self._procure(self.vitamin, 4).picking_id
        pick.action_assign()
        self._validate(pick)
        ship = pick.move_ids.move_dest_ids.picking_id
        ship.move_line_ids.lot_id = self.late
        self._verify(ship)
        ship.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "LATE.*only 0"):
            ship.button_validate()

    # Batches and waves ------------------------------------------------------------------------

    def test_batch_reserves_and_ships_by_the_rules(self):
        """C16: two brands' orders in one batch, each with its own goods, scanned one by one."""
        cream = self._lot(self.cream, "B-1", days=100)
        self._receive(cream, 10, self.bin_3)
        first = self._delivery([(self.vitamin, 8)])
        second = self._delivery([(self.vitamin, 4)], partner=self.retailer)
        other = self._delivery([(self.cream, 2)])
        batch = self._batch(first | second | other)
        batch.action_assign()
        self.assertEqual(self._lots(first), {"EARLY": 8})
        self.assertEqual(self._lots(second), {"EARLY": 2, "LATE": 2})
        self.assertEqual(other.move_line_ids.owner_id, self.brand_b)
        for picking in batch.picking_ids:
            self._verify(picking)
        batch.move_ids.picked = True
        batch.action_done()
        self.assertEqual(set(batch.picking_ids.mapped("state")), {"done"})

    def test_batch_does_not_ship_expired_goods(self):
        """C16 C08: plain Odoo asks and ships; here nothing leaves, whoever confirms."""
        delivery = self._delivery([(self.vitamin, 2)])
        batch = self._batch(delivery)
        self._verify(delivery)
        delivery.move_ids.picked = True
        self._expire(self.early)
        with self.assertRaisesRegex(ValidationError, "EARLY.*expired on"):
            batch.with_context(skip_expired=True).action_done()
        self.assertEqual(delivery.state, "assigned")

    def test_wave_keeps_what_was_promised_and_scanned(self):
        """C16: lines of two orders in one wave; unscanned ones do not leave."""
        first = self._delivery([(self.vitamin, 2), (self.magnesium, 1)])
        second = self._delivery([(self.vitamin, 3)], partner=self.retailer)
        lines = (first | second).move_line_ids
        self._verify(first)
        wave = self.env["stock.picking.batch"].create(
            {"is_wave": True, "picking_type_id": self.warehouse.out_type_id.id}
        )
        lines._add_to_wave(wave)
        self.assertEqual(wave.move_line_ids.lot_id, self.early)
        wave.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "EARLY.*0 of 3 verified"):
            wave.action_done()
        for picking in wave.picking_ids:
            self._verify(picking)
        wave.action_done()
        self.assertEqual(self._quantity(self.early, self.customer_location), 5)

    # Typed quantities and drafts ----------------------------------------------------------------

    def test_typed_quantity_takes_fit_goods_of_the_orders_brand(self):
        """C02 G02: neither expired nor foreign goods, though they lie nearer."""
        foreign = self._lot(self.vitamin, "FOREIGN", days=10)
        self._receive(foreign, 10, self.bin_3, owner=self.brand_b)
        self._expire(self.early)
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.do_unreserve()
        delivery.move_ids.quantity = 3
        self.assertEqual(self._lots(delivery), {"LATE": 3})
        delivery.move_ids.quantity = 4
        self.assertEqual(self._lots(delivery), {"LATE": 4})
        self.assertEqual(delivery.move_line_ids.owner_id, self.brand_a)

    def test_typed_quantity_beyond_what_is_fit_leaves_without_nothing(self):
        """C02 C07: plain Odoo adds a line without lot for what is missing; it does not leave."""
        delivery = self._delivery([(self.vitamin, 25)])
        delivery.move_ids.quantity = 25
        self._verify(delivery)
        delivery.move_ids.picked = True
        with self.assertRaises(UserError):
            delivery.button_validate()

    def test_draft_that_is_validated_takes_fit_goods(self):
        """C03: reservation, rules and scan hold for a draft that is validated in one go."""
        self._expire(self.early)
        delivery = self._picking(
            self.warehouse.out_type_id, self.stock, self.customer_location, partner=self.consumer
        )
        self._move(delivery, self.vitamin, 4)
        with self.assertRaisesRegex(ValidationError, "LATE.*not been verified|LATE.*0 of 4"):
            delivery.with_context(skip_expired=True).button_validate()

    def test_moves_that_are_done_by_code_are_checked(self):
        """C08: no wizard stands before the code that finishes moves, the rules do."""
        delivery = self._delivery([(self.vitamin, 2)])
        self._verify(delivery)
        delivery.move_ids.picked = True
        self._expire(self.early)
        for record in (delivery, delivery.move_ids):
            with self.subTest(record=record), self.assertRaisesRegex(ValidationError, "expired on"):
                record._action_done()

    # Packages -----------------------------------------------------------------------------------

    def test_whole_package_beyond_the_order_does_not_leave(self):
        """B10: plain Odoo adds any package, 50 units for an order of 5."""
        package = self.env["stock.package"].create({"name": "PALLET-1"})
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin,
            self.bin_3,
            50,
            lot_id=self._lot(self.vitamin, "PALLET", days=50),
            package_id=package,
            owner_id=self.brand_a,
        )
        delivery = self._delivery([(self.vitamin, 5)])
        delivery.action_add_entire_packs(package.ids)
        self._verify(delivery)
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "were ordered"):
            delivery.button_validate()

    def test_package_of_two_brands_is_refused(self):
        """G09: plain Odoo packs the goods of two brands into one box."""
        self._receive(self._lot(self.cream, "B-1", days=100), 10, self.bin_3)
        delivery = self._delivery([(self.vitamin, 1), (self.cream, 1)])
        box = self.env["stock.package"].create({"name": "BOX-1"})
        delivery.move_line_ids.result_package_id = box
        self._verify(delivery)
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "BOX-1.*Brand A.*Brand B"):
            delivery.button_validate()

    def test_packages_of_one_brand_each_leave(self):
        self._receive(self._lot(self.cream, "B-1", days=100), 10, self.bin_3)
        delivery = self._delivery([(self.vitamin, 1), (self.cream, 1)])
        for number, line in enumerate(delivery.move_line_ids):
            line.result_package_id = self.env["stock.package"].create({"name": f"BOX-{number}"})
        self._validate(delivery)
        self.assertEqual(delivery.state, "done")

    # Lots by hand --------------------------------------------------------------------------------

    def test_goods_chosen_by_hand_need_a_reason_whatever_the_field(self):
        """B05 B14: plain Odoo takes another quant or lot without a word."""
        quant = self.late.quant_ids.filtered(lambda quant: quant.location_id == self.bin_2)
        by_quant = self._delivery([(self.vitamin, 1)])
        by_quant.move_line_ids.quant_id = quant
        by_lots = self._delivery([(self.vitamin, 1)])
        by_lots.move_ids.lot_ids = self.late
        for delivery in (by_quant, by_lots):
            with self.subTest(delivery=delivery.name):
                self.assertEqual(delivery.move_line_ids.lot_id, self.late)
                delivery.move_line_ids.location_id = self.bin_2
                delivery.move_line_ids.owner_id = self.brand_a
                self._verify(delivery)
                delivery.move_ids.picked = True
                with self.assertRaisesRegex(ValidationError, "LATE.*EARLY.*goes first"):
                    delivery.button_validate()

    # Dates --------------------------------------------------------------------------------------

    def test_removal_date_of_odoo_does_not_decide_the_order(self):
        """B12: plain Odoo sorts by a removal date that any stock user edits apart."""
        with self.assertRaises(UserError):
            self.late.with_user(self.stock_user).removal_date = fields.Datetime.now()
        self.late.with_user(self.qa)._correct(
            {"removal_date": fields.Datetime.now() + timedelta(days=20)}, "To be sold first"
        )
        self.assertEqual(self._lots(self._delivery([(self.vitamin, 1)])), {"EARLY": 1})

    def test_other_strategies_of_odoo_do_not_take_expired_goods(self):
        """B11: closest and least packages ignore the expiry in plain Odoo."""
        self.policy.rotation = "odoo"
        self._expire(self.early)
        for strategy in ("closest", "least_packages", "lifo"):
            with self.subTest(strategy=strategy):
                self.stock.removal_strategy_id = self.env.ref(f"stock.removal_{strategy}")
                delivery = self._delivery([(self.vitamin, 1)])
                self.assertEqual(self._lots(delivery), {"LATE": 1})
                delivery.action_cancel()

    def test_lot_expires_without_any_job(self):
        """S18: no nightly job has run, and the lot that expired is not promised."""
        with freeze_time(fields.Datetime.now() + timedelta(days=62)):
            self.assertEqual(self._lots(self._delivery([(self.vitamin, 1)])), {"LATE": 1})

    def test_switch_of_the_product_does_not_let_expired_goods_out(self):
        """C06 C09: with "Expiration Date" unticked plain Odoo filters nothing."""
        self._expire(self.early)
        self.vitamin.use_expiration_date = False
        self.assertEqual(self._lots(self._delivery([(self.vitamin, 1)])), {"LATE": 1})

    def test_expired_lot_with_a_later_removal_date_is_not_reserved(self):
        """C06: plain Odoo looks at the removal date only."""
        self._expire(self.early, expiration_date=fields.Datetime.now() - timedelta(days=2))
        self.early.removal_date = fields.Datetime.now() + timedelta(days=90)
        self.assertEqual(self._lots(self._delivery([(self.vitamin, 1)])), {"LATE": 1})

    def test_proceed_except_expired_leaves_the_expired_ones_out(self):
        """C10: plain Odoo keeps lots with a later removal date and asks again for ever."""
        delivery = self._delivery([(self.vitamin, 12)])
        self._verify(delivery)
        delivery.move_ids.picked = True
        self._expire(self.early, expiration_date=fields.Datetime.now() - timedelta(days=2))
        self.early.removal_date = fields.Datetime.now() + timedelta(days=90)
        action = delivery.button_validate()
        self.assertEqual(action["res_model"], "expiry.picking.confirmation")
        wizard = (
            self.env["expiry.picking.confirmation"]
            .with_context(**action["context"], skip_backorder=True)
            .create({})
        )
        wizard.process_no_expired()
        self.assertEqual(delivery.state, "done")
        self.assertEqual(self._lots(delivery), {"LATE": 2})

    def test_promised_lot_that_expires_is_given_back(self):
        """C12: plain Odoo leaves it promised and tells about a lot once in its life."""
        delivery = self._delivery([(self.vitamin, 4)])
        self.assertEqual(self._lots(delivery), {"EARLY": 4})
        requests = self.env["stock.lot.reallocation"]
        with freeze_time(fields.Datetime.now() + timedelta(days=62)):
            requests._request_expired()
            for request in requests.search([]):
                requests._reallocate(request.product_id, request.warehouse_id, request.cause)
            self.assertEqual(self._lots(delivery), {"LATE": 4})
            requests.search([]).unlink()
            requests._request_expired()
            self.assertFalse(requests.search([]))

    def test_done_line_keeps_the_dates_under_which_it_left(self):
        """F29: plain Odoo rewrites the expiry of what was shipped when the lot is re-dated."""
        delivery = self._delivery([(self.vitamin, 2)])
        self._validate(delivery)
        line = delivery.move_line_ids
        shipped = (line.expiration_date, line.removal_date)
        moment = fields.Datetime.now() + timedelta(days=500)
        self.early.with_user(self.qa)._correct(
            {"expiration_date": moment, "removal_date": moment}, "Retest passed"
        )
        self.env.flush_all()
        line.invalidate_recordset()
        self.assertEqual((line.expiration_date, line.removal_date), shipped)
        entries = self.env["stock.lot.audit"].search([("lot_id", "=", self.early.id)])
        self.assertIn("Retest passed", entries.mapped("reason"))

    # Lots and owners ------------------------------------------------------------------------------

    def test_lot_that_is_made_while_shipping_does_not_leave(self):
        """C14: with "Create New Lots" on deliveries plain Odoo ships a lot that never came in."""
        self.warehouse.out_type_id.use_create_lots = True
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.do_unreserve()
        line = self.env["stock.move.line"].create(
            {
                **delivery.move_ids._prepare_move_line_vals(),
                "location_id": self.bin_1.id,
                "owner_id": self.brand_a.id,
                "lot_name": "INVENTED",
                "quantity": 2,
                "picked": True,
            }
        )
        self.assertFalse(line.lot_id)
        with self.assertRaises(UserError):
            delivery.button_validate()
        self.assertNotEqual(delivery.state, "done")
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "INVENTED")]))

    def test_type_without_lots_does_not_move_tracked_goods_without_lot(self):
        """F14 E04: with both lot options off plain Odoo receives and ships without lot."""
        types = self.warehouse.in_type_id | self.warehouse.out_type_id
        types.write({"use_create_lots": False, "use_existing_lots": False})
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_line_ids.lot_id = False
        delivery.move_ids.picked = True
        with self.assertRaises(UserError):
            delivery.button_validate()
        receipt = self._picking(
            self.warehouse.in_type_id, self.supplier_location, self.bin_4, owner=self.brand_a
        )
        self._move(receipt, self.vitamin, 2)
        receipt.action_confirm()
        receipt.move_ids.picked = True
        with self.assertRaises(UserError):
            receipt.button_validate()

    def test_owner_edited_on_a_line_ships_nothing_of_another_brand(self):
        """G17: plain Odoo makes brand B negative and leaves brand A's goods untouched."""
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_line_ids.owner_id = self.brand_b
        self._verify(delivery)
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "EARLY.*only 0 of Brand B"):
            delivery.button_validate()
        self.assertEqual(self._quantity(self.early, self.bin_1), 10)

    def test_equal_dates_give_the_same_answer_every_time(self):
        """S2: the smaller remainder first, then the bins in order; the same on 100 repeats."""
        twins = [self._lot(self.magnesium, name, days=90) for name in ("T-1", "T-2", "T-3")]
        for lot in twins:
            lot.expiration_date = lot.removal_date = twins[0].expiration_date
        for lot, quantity, place in zip(twins, (5, 2, 5), self.bins[:3], strict=True):
            self._receive(lot, quantity, place)
        self.env["stock.quant"].search(
            [("lot_id", "in", [lot.id for lot in twins])]
        ).in_date = fields.Datetime.now()
        delivery = self._delivery([(self.magnesium, 10)])
        expected = ["T-2", "T-1", "T-3"]
        for _repeat in range(100):
            lines = delivery.move_line_ids.sorted("id")
            self.assertEqual(lines.mapped("lot_id.name"), expected)
            delivery.do_unreserve()
            delivery.action_assign()
