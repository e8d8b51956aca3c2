from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .segregation_common import SegregationCommon


@tagged("post_install", "-at_install")
class TestSoundStock(SegregationCommon):
    """Promise 2: stock changes by moves, has its lot, and is never less than nothing."""

    def _count(self, quantity, product=None, location=None, lot=None, quant=None):
        quants = self.env["stock.quant"].with_user(self.stock_user)
        quants = quants.with_context(inventory_mode=True)
        if quant:
            quants = quants.browse(quant.id)
            quants.inventory_quantity = quantity
        else:
            quants = quants.create(
                {
                    "product_id": product.id,
                    "location_id": location.id,
                    "lot_id": lot.id if lot else False,
                    "inventory_quantity": quantity,
                }
            )
        quants.action_apply_inventory()
        return quants

    def _without_lot(self, quantity, location):
        """Units without lot from before the switch."""
        self.warehouse.lot_control = False
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, location, quantity, owner_id=self.brand_a
        )
        self.warehouse.lot_control = True
        self.env.cr.flush()
        return self.env["stock.quant"].search(
            [("location_id", "=", location.id), ("lot_id", "=", False)]
        )

    # By hand ---------------------------------------------------------------------------------

    def test_stock_user_cannot_create_stock_by_hand(self):
        """A11: stock made through the API, with and without the count's context."""
        vals = {
            "product_id": self.vitamin.id,
            "location_id": self.bin_1.id,
            "lot_id": self.lot_a.id,
            "quantity": 5,
        }
        for context in ({}, {"inventory_mode": True}):
            quants = self.env["stock.quant"].with_user(self.stock_user).with_context(**context)
            with self.subTest(context=context), self.assertRaisesRegex(UserError, "by hand"):
                quants.create(vals)

    def test_stock_user_cannot_write_stock_by_hand(self):
        """F07: quantity, lot, owner or place of a quant written through the API."""
        self._receive(self.lot_a, 5, self.bin_1)
        quant = self._quant(self.lot_a, self.bin_1).with_user(self.stock_user)
        for vals in (
            {"quantity": 50},
            {"reserved_quantity": 0, "in_date": "2020-01-01 00:00:00"},
            {"lot_id": self.lot_b.id},
            {"owner_id": self.brand_b.id},
            {"location_id": self.bin_2.id},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "by hand"):
                quant.write(vals)

    def test_stock_user_still_counts(self):
        self._receive(self.lot_a, 5, self.bin_1)
        self._count(3, quant=self._quant(self.lot_a, self.bin_1))
        self._count(4, self.magnesium, self.bin_1, self._lot(self.magnesium, "M-1", days=9))
        self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 3)

    # Without lot -----------------------------------------------------------------------------

    def test_count_without_lot_is_refused(self):
        """A13: an adjustment without lot beside a lot. F01: into an empty bin."""
        self._receive(self.lot_a, 5, self.bin_1)
        for location in (self.bin_1, self.bin_2, self.warehouse.wh_input_stock_loc_id):
            with self.subTest(location=location.name), self._assert_refused("Vitamin C"):
                self._count(5, self.vitamin, location)

    def test_quantity_on_hand_of_tracked_product_cannot_be_typed(self):
        """F02: the quantity on hand of the product makes stock without lot."""
        warehouses = self.env["stock.warehouse"].search([("id", "!=", self.warehouse.id)])
        warehouses.active = False
        manager = new_test_user(
            self.env,
            login="product_manager",
            groups="stock.group_stock_manager,product.group_product_manager",
        )
        product = self.vitamin.with_context(warehouse_id=self.warehouse.id)
        for writer in (self.env.user, manager):
            with (
                self.subTest(user=writer.login),
                self._assert_refused("Vitamin C", "needs a lot"),
            ):
                product.with_user(writer).write({"qty_available": 9})
                self.env.cr.flush()

    def test_receipt_without_lot_is_refused_whatever_the_operation_type_says(self):
        """E04: an operation type that asks for no lot."""
        self.warehouse.in_type_id.write({"use_create_lots": False, "use_existing_lots": False})
        picking = self._picking(self.warehouse.in_type_id, self.supplier_location, self.bin_1)
        move = self._move(picking, self.vitamin, 5)
        picking.action_confirm()
        move.quantity = 5
        with self._assert_refused("Vitamin C", "needs a lot"):
            self._validate(picking)

    def test_units_without_lot_do_not_become_a_lot_at_shipping(self):
        """F03: lot X was never received, and there are units without lot."""
        self._without_lot(10, self.bin_1)
        picking = self._picking(self.warehouse.out_type_id, self.bin_1, self.customer_location)
        self._move(picking, self.vitamin, 4, lot=self.lot_a)
        with self.assertRaises(UserError):
            self._validate(picking)

    def test_quants_alone_do_not_turn_units_without_lot_into_a_lot(self):
        """F03: the same, below the guard of the transfer."""
        self._without_lot(10, self.bin_1)
        line = self.env["stock.move.line"].new(
            {"product_id": self.vitamin.id, "lot_id": self.lot_a.id, "owner_id": self.brand_a.id}
        )
        with self._assert_refused("A-01 does not hold", "A-100"):
            line._synchronize_quant(-4, self.bin_1)

    def test_units_without_lot_can_be_counted_away(self):
        quant = self._without_lot(10, self.bin_1)
        self._count(4, quant=quant)
        self.env.cr.flush()
        self.assertEqual(quant.quantity, 4)
        self._count(0, quant=quant)
        self.env.cr.flush()
        self.assertEqual(quant.quantity, 0)

    # Less than nothing -----------------------------------------------------------------------

    def test_scrap_of_lot_that_is_not_there_is_refused(self):
        """A22: a scrap takes a lot from a bin that holds another one."""
        self._receive(self.lot_a, 5, self.bin_1)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.vitamin.id,
                "lot_id": self.lot_b.id,
                "location_id": self.bin_1.id,
                "owner_id": self.brand_a.id,
                "scrap_qty": 2,
            }
        )
        with self.assertRaises(UserError):
            scrap.do_scrap()

    def test_line_of_lot_that_is_not_in_the_bin_is_refused(self):
        """A22: a transfer line takes a lot from a bin that holds another one."""
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 5, self.bin_3)
        picking = self._picking(self.warehouse.int_type_id, self.bin_1, self.bin_2)
        self._move(picking, self.vitamin, 2, lot=self.lot_b)
        with self.assertRaises(UserError):
            self._validate(picking)
            self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 0)

    def test_less_than_nothing_is_refused_by_the_stock_itself(self):
        """F08: whatever takes more than there is, in a bin and in the mixed input zone."""
        for location in (self.bin_1, self.warehouse.wh_input_stock_loc_id):
            self._receive(self.lot_a, 5, location)
            with self.subTest(location=location.name), self._assert_refused("does not hold"):
                self.env["stock.quant"]._update_available_quantity(
                    self.vitamin, location, -6, lot_id=self.lot_a, owner_id=self.brand_a
                )

    def test_other_owners_units_are_not_taken_below_zero(self):
        """G03: the owner on the line has none of it."""
        self._receive(self.lot_a, 5, self.bin_1)
        with self._assert_refused("does not hold", "Brand B"):
            self.env["stock.quant"]._update_available_quantity(
                self.vitamin, self.bin_1, -1, lot_id=self.lot_a, owner_id=self.brand_b
            )

    def test_product_without_lots_and_other_warehouses_stay_as_in_odoo(self):
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.flyer, self.bin_1, -2)
        quants._update_available_quantity(self.vitamin, plain.lot_stock_id, -2, lot_id=self.lot_a)
        quants.with_user(self.stock_user).create(
            {
                "product_id": self.vitamin.id,
                "location_id": plain.lot_stock_id.id,
                "lot_id": self.lot_b.id,
                "quantity": 5,
            }
        )
        self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_b, plain.lot_stock_id), 5)

    # Changing what was done ------------------------------------------------------------------

    def test_lot_of_done_line_cannot_be_changed_into_a_taken_bin(self):
        """A10: the lot of a done receipt is edited, and the bin would hold both."""
        self._receive(self.lot_a, 5, self.bin_1)
        picking = self._receive(self.lot_a, 3, self.bin_1)
        with self.assertRaises(UserError):
            picking.move_line_ids.lot_id = self.lot_b
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 8)

    def test_quantity_of_done_line_cannot_bring_its_lot_back_into_a_taken_bin(self):
        """A10: the quantity of a done receipt is edited, and another lot has come since."""
        picking = self._receive(self.lot_a, 5, self.bin_1)
        self._transfer(self.lot_a, 5, self.bin_1, self.bin_3)
        self._receive(self.lot_b, 3, self.bin_1)
        with self.assertRaises(UserError):
            picking.move_line_ids.quantity = 8
            self.env.cr.flush()
        with self._assert_refused("A-100", "A-200"):
            picking.move_line_ids._synchronize_quant(3, self.bin_1)
            self.env.cr.flush()

    def test_destination_of_done_line_cannot_be_changed_to_a_taken_bin(self):
        """A17: the bin of a done receipt is edited."""
        self._receive(self.lot_a, 5, self.bin_1)
        picking = self._receive(self.lot_b, 3, self.bin_2)
        with self._assert_refused("A-200", "A-100"):
            picking.move_line_ids.location_dest_id = self.bin_1

    def test_reverted_adjustment_does_not_mix_lots(self):
        """A18: a count emptied the bin, another lot moved in, and the count is reverted."""
        self._receive(self.lot_a, 5, self.bin_1)
        self._count(0, quant=self._quant(self.lot_a, self.bin_1))
        self._receive(self.lot_b, 3, self.bin_1)
        line = self.env["stock.move.line"].search(
            [("is_inventory", "=", True), ("lot_id", "=", self.lot_a.id)]
        )
        with self._assert_refused("A-100", "A-200"):
            line.action_revert_inventory()
