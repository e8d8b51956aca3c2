from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .segregation_common import SegregationCommon


@tagged("post_install", "-at_install")
class TestSegregationRepair(SegregationCommon):
    """Promise 2: a warehouse with a history can be switched on, and is put right bin by bin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.lot_control = False
        cls._receive(cls.lot_a, 5, cls.bin_1)
        cls._receive(cls.lot_b, 9, cls.bin_1)
        cls._receive(cls.lot_b, 4, cls.bin_2)
        cls.warehouse.lot_control = True
        cls.env.cr.flush()

    def _propose(self):
        action = self.bin_1.with_user(self.supervisor).action_propose_repair()
        return self.env["stock.picking"].search(action["domain"])

    def test_switch_lists_the_mixed_location_and_holds_everywhere_else(self):
        self.assertEqual(self.warehouse.segregation_pending_count, 1)
        pending = self.env["stock.location"].search(
            self.warehouse.action_view_segregation_pending()["domain"]
        )
        self.assertEqual(pending, self.bin_1)
        self.assertIn("lot A-100", self.bin_1.segregation_conflict)
        self.assertIn("lot A-200", self.bin_1.segregation_conflict)
        with self._assert_refused("A-100", "A-200"):
            self._receive(self.lot_a, 1, self.bin_2)

    def test_nothing_new_comes_into_a_location_that_waits(self):
        with self._assert_refused("moved apart first"):
            self._receive(self._lot(self.magnesium, "M-1", days=9), 1, self.bin_1)
        receipt = self._picking(self.warehouse.in_type_id, self.supplier_location, self.stock)
        self._move(receipt, self.magnesium, 5)
        receipt.action_confirm()
        self.assertEqual(receipt.move_line_ids.location_dest_id, self.bin_3)

    def test_proposed_transfer_moves_the_smaller_lot_out_and_the_rule_holds(self):
        picking = self._propose()
        line = picking.move_line_ids
        self.assertEqual((line.lot_id, line.quantity), (self.lot_a, 5))
        self.assertEqual(line.location_id, self.bin_1)
        self.assertEqual(line.location_dest_id, self.bin_3)
        self._validate(picking)
        self.env.cr.flush()
        self.assertFalse(self.bin_1.segregation_pending)
        self.assertEqual(self.bin_1.lot_segregation_effective, "product")
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 9)
        with self._assert_refused("A-100", "A-200"):
            self._receive(self.lot_a, 1, self.bin_1)

    def test_proposed_transfer_opens_at_once(self):
        action = self.bin_1.with_user(self.supervisor).action_propose_repair()
        picking = self.env["stock.picking"].search(action["domain"])
        self.assertEqual(action["res_id"], picking.id)
        self.assertEqual(action["views"], [(False, "form")])

    def test_bin_with_something_below_zero_is_not_proposed(self):
        """What really lies there is known after a count only."""
        self.warehouse.lot_control = False
        for place, lot in ((self.bin_2, self.lot_a), (self.bin_3, self.lot_b)):
            self.env["stock.quant"]._update_available_quantity(
                self.vitamin, place, -20, lot_id=lot, owner_id=self.brand_b
            )
        self.warehouse.lot_control = True
        self.env.cr.flush()
        self.assertEqual(self._propose().move_line_ids.location_dest_id, self.bin_4)

    def _mix_with_units_without_lot(self):
        """Six units of a lot and four without, from before the switch."""
        self.warehouse.lot_control = False
        self._receive(self.lot_a, 6, self.bin_3)
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_3, 4, owner_id=self.brand_a
        )
        self.warehouse.lot_control = True
        self.env.cr.flush()
        self.assertTrue(self.bin_3.segregation_pending)
        return self.env["stock.quant"].search(
            [("location_id", "=", self.bin_3.id), ("lot_id", "=", False)]
        )

    def test_lot_leaves_goods_without_lot_which_no_transfer_moves(self):
        self._mix_with_units_without_lot()
        action = self.bin_3.with_user(self.supervisor).action_propose_repair()
        picking = self.env["stock.picking"].search(action["domain"])
        self.assertEqual(picking.move_line_ids.lot_id, self.lot_a)
        self._validate(picking)
        self.env.cr.flush()
        self.assertFalse(self.bin_3.segregation_pending)

    def test_goods_without_lot_are_put_aside_and_never_become_more(self):
        """F01: the relocation of the stock list takes them where no order takes anything."""
        quant = self._mix_with_units_without_lot()
        quant.move_quants(location_dest_id=self.bin_4, message="No label")
        self.env.cr.flush()
        self.assertFalse(self.bin_3.segregation_pending)
        moved = self.env["stock.quant"].search(
            [("location_id", "=", self.bin_4.id), ("lot_id", "=", False)]
        )
        self.assertEqual(moved.quantity, 4)
        with self._assert_refused("needs a lot"):
            dock = self.warehouse.wh_input_stock_loc_id
            for place, quantity in ((self.bin_4, -4), (dock, 5)):
                quant._update_available_quantity(
                    self.vitamin, place, quantity, owner_id=self.brand_a
                )

    def test_goods_without_lot_beside_their_lot_are_put_right_by_a_count(self):
        """F01: six units of a lot and four without: all ten are of the lot."""
        self._mix_with_units_without_lot()
        count = self.env["stock.lot.count"].with_user(self.operator).sudo()._plan(self.bin_3)
        count._begin()
        count._enter(self.vitamin, 10, lot=self.lot_a)
        self.assertEqual(count._finish(), "done", count.problem)
        self.env.cr.flush()
        self.assertFalse(self.bin_3.segregation_pending)
        self.assertEqual(self._quantity(self.lot_a, self.bin_3), 10)

    def test_goods_that_odoo_keeps_in_several_rows_are_one_when_the_rules_begin(self):
        """K02: plain Odoo keeps two rows of one lot, in clean bins and in mixed ones."""
        self.warehouse.lot_control = False
        quants = self.env["stock.quant"]
        for place, lot in ((self.bin_1, self.lot_b), (self.bin_2, self.lot_b)):
            quants.create(
                {
                    "product_id": self.vitamin.id,
                    "location_id": place.id,
                    "lot_id": lot.id,
                    "owner_id": self.brand_a.id,
                    "quantity": 3,
                }
            )
        self.warehouse.lot_control = True
        self.env.cr.flush()
        self.assertEqual(self._quant(self.lot_b, self.bin_2).quantity, 7)
        self._validate(self._propose())
        self.env.cr.flush()
        self.assertFalse(self.bin_1.segregation_pending)
        self.assertEqual(self._quant(self.lot_b, self.bin_1).quantity, 12)

    def test_goods_that_leave_by_themselves_repair_the_location(self):
        delivery = self._delivery([(self.vitamin, 5)])
        delivery.action_assign()
        self.assertEqual(delivery.move_line_ids.lot_id, self.lot_a)
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_1, -5, lot_id=self.lot_a, owner_id=self.brand_a
        )
        self.env.cr.flush()
        self.assertFalse(self.bin_1.segregation_pending)

    def test_only_supervisors_propose_and_nothing_twice(self):
        with self.assertRaises(UserError):
            self.bin_1.with_user(self.operator).action_propose_repair()
        self._propose()
        with self.assertRaisesRegex(UserError, "reserved"):
            self._propose()

    def test_switch_off_forgets_what_was_to_repair(self):
        self.warehouse.lot_control = False
        self.assertFalse(self.bin_1.segregation_pending)
        self.assertEqual(self.warehouse.segregation_pending_count, 0)

    def test_rule_of_a_location_that_waits_cannot_be_tightened_before_the_repair(self):
        with self._assert_refused("Move the goods apart first", "A-01 holds", "A-100", "A-200"):
            self.bin_1.lot_segregation = "lot"
        self.assertTrue(self.bin_1.segregation_pending)
        self._validate(self._propose())
        self.env.cr.flush()
        self.bin_1.lot_segregation = "lot"
        self.assertEqual(self.bin_1.lot_segregation_effective, "lot")

    def test_rule_of_the_zone_cannot_be_tightened_against_what_lies_in_its_bins(self):
        self._receive(self._lot(self.magnesium, "M-1", days=9), 1, self.bin_2)
        with self._assert_refused("Move the goods apart first", "A-02 holds", "A-200", "M-1"):
            self.stock.lot_segregation = "lot"
        self.bin_1.owner_segregation = "mixed"
        self._receive(self._lot(self.cream, "F-1", days=9), 1, self.bin_2)
        with self._assert_refused("A-02 holds", "Brand A", "Brand B"):
            self.stock.owner_segregation = "owner"

    def test_rule_that_suits_the_goods_ends_the_waiting(self):
        self.bin_1.lot_segregation = "mixed"
        self.assertFalse(self.bin_1.segregation_pending)
        self._receive(self.lot_a, 1, self.bin_1)


@tagged("post_install", "-at_install")
class TestLotControlPreview(SegregationCommon):
    """Turning lot control on by hand shows first what breaks its rules, and changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, login="lot_manager", groups="stock.group_stock_manager"
        )
        cls.warehouse.lot_control = False

    def _preview(self):
        action = self.warehouse.with_user(self.manager).action_turn_on_lot_control()
        return self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])

    def _found(self, start):
        """By name, the records that each line opens."""
        found = {}
        for line in start.line_ids:
            action = line.action_show()
            records = self.env[action["res_model"]].with_user(self.manager).search(action["domain"])
            found[line.name] = records
            if line.name != "Mixed locations":
                self.assertEqual(line.count, len(records))
        return found

    def _make_history(self):
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 9, self.bin_1)
        self.undated = self._lot(self.vitamin, "UNDATED")
        self.undated.expiration_date = False
        self._receive(self.undated, 1, self.bin_2)
        self.expired = self._lot(self.magnesium, "OLD", days=9)
        self._receive(self.expired, 1, self.bin_2)
        self.expired.expiration_date = fields.Datetime.now() - timedelta(days=9)
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.cream, self.bin_3, 4)
        quants._update_available_quantity(
            self.comb, self.bin_3, -2, lot_id=self._lot(self.comb, "C-1")
        )

    def test_preview_lists_what_breaks_the_rules_and_changes_nothing(self):
        self._make_history()
        start = self._preview()
        self.env.cr.flush()
        found = self._found(start)
        self.assertEqual(found["Mixed locations"].lot_id, self.lot_a | self.lot_b)
        self.assertEqual(start.line_ids[0].count, 1)
        self.assertEqual(found["Goods without lot"].product_id, self.cream)
        self.assertEqual(found["Lots without expiry date"], self.undated)
        self.assertEqual(found["Expired goods"].lot_id, self.expired)
        self.assertEqual(found["Lots below zero"].lot_id.name, "C-1")
        self.assertRegex(start.rules, "One lot per product: 5")
        self.assertEqual(start.timezone, self.warehouse._get_lot_timezone().key)
        self.assertFalse(self.warehouse.lot_control)
        self.assertFalse(self.bin_1.segregation_pending)
        self.assertEqual(self.bin_1.lot_segregation_effective, "mixed")

    def test_what_the_preview_lists_is_what_waits_for_repair(self):
        """The preview and the switch ask the same rule, for each rule a bin can have."""
        self._make_history()
        same_day = self._lot(self.vitamin, "A-101")
        same_day.expiration_date = self.lot_a.expiration_date
        for rule, place in zip(("expiry", "package", "lot", "mixed"), self.bins, strict=True):
            place.lot_segregation = rule
            self._receive(self.lot_a, 1, place)
            self._receive(same_day, 1, place)
            place.owner_segregation = "owner" if rule == "mixed" else "inherit"
        self._receive(self._lot(self.cream, "F-1", days=5), 1, self.bin_4)
        start = self._preview()
        listed = self._found(start)["Mixed locations"].location_id
        self.assertEqual(len(listed), start.line_ids[0].count)
        rules = start.rules
        action = start.action_turn_on()
        pending = self.env["stock.location"].search(action["domain"])
        self.assertEqual(pending, listed)
        self.assertEqual(pending, self.bins)
        self.assertIn("One lot only: 1", rules)

    def test_turning_on_opens_the_repairs_with_their_proposals(self):
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 9, self.bin_1)
        self._receive(self.lot_a, 1, self.bin_2)
        action = self._preview().action_turn_on()
        self.assertTrue(self.warehouse.lot_control)
        place = self.env["stock.location"].with_user(self.supervisor).search(action["domain"])
        self.assertEqual(place, self.bin_1)
        self.assertRegex(place.segregation_proposal, "A-100.*: 5 to TPL/Stock/A-02")
        self.assertFalse(place.segregation_repair_ids)
        place.action_propose_repair()
        place.invalidate_recordset()
        line = place.segregation_repair_ids.move_line_ids
        self.assertEqual((line.lot_id, line.location_dest_id), (self.lot_a, self.bin_2))

    def test_clean_warehouse_is_turned_on_at_once(self):
        self._receive(self.lot_a, 5, self.bin_1)
        start = self._preview()
        self.assertEqual(start.line_ids.mapped("name"), [])
        self.assertEqual(start.action_turn_on()["type"], "ir.actions.act_window_close")
        self.assertTrue(self.warehouse.lot_control)

    def test_only_managers_see_the_preview_and_turn_on(self):
        for user in (self.operator, self.stock_user):
            with self.assertRaises(AccessError):
                self.warehouse.with_user(user).action_turn_on_lot_control()
        start = self._preview()
        with self.assertRaises(AccessError):
            start.with_user(self.operator).action_turn_on()

    def test_number_of_queries_does_not_grow_with_the_locations(self):
        before = self.env.cr.sql_log_count
        self._preview()
        few = self.env.cr.sql_log_count - before
        places = self.env["stock.location"].create(
            [{"name": f"More {number}", "location_id": self.stock.id} for number in range(60)]
        )
        quants = self.env["stock.quant"]
        for place in places[:10]:
            for lot in (self.lot_a, self.lot_b):
                quants._update_available_quantity(self.vitamin, place, 1, lot_id=lot)
        self.env.flush_all()
        with self.assertQueryCount(few + 3):
            self.assertEqual(self._preview().line_ids.count, 10)
