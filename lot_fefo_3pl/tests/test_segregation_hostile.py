from contextlib import suppress

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .segregation_common import SegregationCommon


@tagged("post_install", "-at_install")
class TestSegregationHostile(SegregationCommon):
    """Promise 2: whoever calls the API with whatever values and context, the rules hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock_manager = new_test_user(
            cls.env,
            login="hostile_manager",
            groups="stock.group_stock_manager,product.group_product_manager",
        )
        cls.plain = cls.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})

    def _attempt(self, function, *args):
        """Call it as a request does: what is refused leaves nothing behind."""
        with suppress(UserError), self.env.cr.savepoint():
            function(*args)
            self.env.cr.flush()

    # Stock written by hand -------------------------------------------------------------------

    def test_defaults_in_the_context_make_no_stock(self):
        """A11: the place and the quantity come as defaults of the context."""
        goods = {"product_id": self.vitamin.id, "lot_id": self.lot_a.id}
        for vals, context in (
            ({**goods, "quantity": 5}, {"default_location_id": self.bin_1.id}),
            ({**goods, "location_id": self.bin_1.id}, {"default_quantity": 5}),
            (
                {**goods, "location_id": self.bin_1.id, "inventory_quantity": 1},
                {"default_quantity": 5, "inventory_mode": True},
            ),
            (goods, {"default_quantity": 5, "default_location_id": self.bin_1.id}),
        ):
            quants = self.env["stock.quant"].with_user(self.stock_user).with_context(**context)
            with self.subTest(vals=vals, context=context):
                self._attempt(quants.create, vals)
                self.assertEqual(self._quantity(self.lot_a, self.bin_1), 0)

    def test_stock_of_another_place_is_not_written_into_a_bin(self):
        """A11: a quant at a customer, a supplier or in a plain warehouse gets another location."""
        self._receive(self.lot_a, 5, self.bin_1)
        self._ship([(self.lot_a, self.bin_1, 5)])
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.plain.lot_stock_id, 5, lot_id=self.lot_b
        )
        place = self.bin_2.with_user(self.stock_manager)
        for lot, source in (
            (self.lot_a, self.customer_location),
            (self.lot_b, self.plain.lot_stock_id),
        ):
            quant = self._quant(lot, source).with_user(self.stock_user)
            self.assertTrue(quant)
            with self.subTest(source=source.name), self.assertRaisesRegex(UserError, "by hand"):
                quant.location_id = self.bin_2
            with self.subTest(source=source.name), self.assertRaisesRegex(UserError, "by hand"):
                place.quant_ids = [Command.link(quant.id)]

    # Rules -----------------------------------------------------------------------------------

    def test_rule_in_force_is_not_written_past_the_chosen_one(self):
        """A11: a manager writes the computed rule, or that the location waits for repair."""
        self._receive(self.lot_a, 5, self.bin_1)
        place = self.bin_1.with_user(self.stock_manager)
        for vals in (
            {"lot_segregation_effective": "mixed"},
            {"owner_segregation_effective": "mixed"},
            {"segregation_pending": True},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "rule"):
                place.write(vals)
            with self.subTest(create=vals), self.assertRaisesRegex(UserError, "rule"):
                place.create({"name": "New", "location_id": self.stock.id, **vals})
            defaults = {f"default_{name}": value for name, value in vals.items()}
            with self.subTest(default=vals):
                new = place.with_context(**defaults).create(
                    {"name": "New", "location_id": self.stock.id}
                )
                self.env.flush_all()
                self.assertEqual(new.lot_segregation_effective, "product")
                self.assertFalse(new.segregation_pending)

    def test_place_with_goods_does_not_change_its_warehouse(self):
        """A11: a bin is taken out of control with its goods, mixed there and brought back; goods
        without lot come in with their bin."""
        self._receive(self.lot_a, 5, self.bin_1)
        with self.assertRaisesRegex(UserError, "goods"):
            self.bin_1.with_user(self.stock_manager).location_id = self.plain.lot_stock_id
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.plain.lot_stock_id.id}
        )
        self.env["stock.quant"]._update_available_quantity(self.vitamin, shelf, 5)
        with self.assertRaisesRegex(UserError, "goods"):
            shelf.with_user(self.stock_manager).location_id = self.stock
        self.bin_2.with_user(self.stock_manager).location_id = self.plain.lot_stock_id
        self.bin_2.with_user(self.stock_manager).location_id = self.stock
        self.bin_1.with_user(self.stock_manager).location_id = self.bin_3

    def test_archived_bin_keeps_its_rule(self):
        """A15: a manager archives a bin with its goods by the context's key."""
        self._receive_both()
        place = self.bin_1.with_user(self.stock_manager)
        place.with_context(do_not_check_quant=True).active = False
        with self._assert_refused("A-200", "A-100"):
            self._transfer(self.lot_b, 7, self.bin_2, self.bin_1)

    # Products --------------------------------------------------------------------------------

    def test_product_in_stock_stays_storable_and_tracked(self):
        """E12: the tracking goes with the option to track the inventory at all."""
        self._receive(self.lot_a, 5, self.bin_1)
        product = self.vitamin.with_user(self.stock_manager)
        for vals in ({"is_storable": False}, {"type": "service"}, {"tracking": "none"}):
            with self.subTest(vals=vals), self.assertRaises(UserError), self.env.cr.savepoint():
                product.write(vals)
                self.env.flush_all()
        self.assertEqual(self.vitamin.tracking, "lot")

    def test_unit_of_a_product_in_stock_stays(self):
        """F18: plain Odoo makes dozens out of the units that were received and shipped."""
        self._receive(self.lot_a, 5, self.bin_1)
        dozen = self.env.ref("uom.product_uom_dozen")
        with self.assertRaises(UserError):
            self.vitamin.with_user(self.stock_manager).uom_id = dozen

    # Packages --------------------------------------------------------------------------------

    def test_pallet_of_two_lots_is_not_made_by_stacking_cartons(self):
        """A14: cartons of two lots on one pallet, in a place of one lot per package."""
        self.bins.lot_segregation = "package"
        self._receive_both()
        carton_a, carton_b = self._pack(self.lot_a, self.bin_1), self._pack(self.lot_b, self.bin_2)
        carton_b.location_id = self.bin_1
        self.env.cr.flush()
        pallet = self.env["stock.package"].create({"name": "PALLET"})
        with self._assert_refused("A-[12]00", "A-[12]00"):
            (carton_a | carton_b).with_user(self.stock_user).parent_package_id = pallet
            self.env.cr.flush()

    # A location that waits for repair --------------------------------------------------------

    def test_lot_below_zero_does_not_come_into_a_location_that_waits(self):
        """A11: nothing new, also not by way of a lot that is below zero there."""
        self.warehouse.lot_control = False
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 5, self.bin_1)
        lot_c = self._lot(self.vitamin, "A-300", days=300)
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_1, -2, lot_id=lot_c, owner_id=self.brand_a
        )
        self.warehouse.lot_control = True
        self.env.cr.flush()
        with self._assert_refused("moved apart first"):
            self._receive(lot_c, 5, self.bin_1)

    # Done moves ------------------------------------------------------------------------------

    def test_lines_and_moves_made_as_done_by_the_context_move_nothing(self):
        """D06 A11: the state comes as a default of the context."""
        self._receive(self.lot_a, 5, self.bin_1)
        line = {
            "product_id": self.vitamin.id,
            "lot_id": self.lot_b.id,
            "quantity": 5,
            "location_id": self.supplier_location.id,
            "location_dest_id": self.bin_1.id,
            "company_id": self.env.company.id,
        }
        for model, vals in (
            ("stock.move.line", line),
            (
                "stock.move",
                {
                    "product_id": self.vitamin.id,
                    "product_uom_qty": 5,
                    "product_uom": self.vitamin.uom_id.id,
                    "location_id": self.supplier_location.id,
                    "location_dest_id": self.bin_1.id,
                    "move_line_ids": [Command.create(line)],
                },
            ),
        ):
            records = self.env[model].with_user(self.stock_user)
            records = records.with_context(default_state="done", default_picked=True)
            with self.subTest(model=model):
                self._attempt(records.create, vals)
                self.assertEqual(self._quantity(self.lot_b, self.bin_1), 0)

    def test_done_line_is_not_moved_to_another_transfer(self):
        """F05: what was received stays with its receipt."""
        receipt = self._receive(self.lot_a, 5, self.bin_1)
        other = self._receive(self.lot_b, 5, self.bin_2)
        for vals in ({"picking_id": other.id}, {"move_id": other.move_ids.id}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                receipt.move_line_ids.with_user(self.stock_user).write(vals)

    def test_done_move_is_not_moved_to_another_transfer_or_place(self):
        """F05: the same by the move."""
        receipt = self._receive(self.lot_a, 5, self.bin_1)
        other = self._receive(self.lot_b, 5, self.bin_2)
        move = receipt.move_ids.with_user(self.stock_user)
        for vals in (
            {"picking_id": other.id},
            {"location_dest_id": self.bin_3.id},
            {"location_id": self.customer_location.id},
            {"product_id": self.magnesium.id},
            {"quantity": 9},
            {"move_line_ids": [Command.clear()]},
            {"date": "2020-01-01 00:00:00"},
            {"restrict_partner_id": self.brand_b.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError), self.env.cr.savepoint():
                move.write(vals)
                self.env.flush_all()

    def test_goods_are_not_reached_through_their_lot_package_or_product(self):
        """A11 F07: the quants as lines of another record."""
        self._receive_both()
        package = self._pack(self.lot_a, self.bin_1)
        quants = self._quant(self.lot_a, self.bin_1) | self._quant(self.lot_b, self.bin_2)
        packed, loose = quants.filtered("quantity").sorted("lot_id")
        for record, vals in (
            (self.lot_b, {"quant_ids": [Command.update(loose.id, {"quantity": 99})]}),
            (self.lot_b, {"quant_ids": [Command.link(packed.id)]}),
            (package, {"quant_ids": [Command.link(loose.id)]}),
            (package, {"quant_ids": [Command.unlink(packed.id)]}),
            (
                self.lot_b,
                {
                    "quant_ids": [
                        Command.create(
                            {
                                "product_id": self.vitamin.id,
                                "location_id": self.bin_1.id,
                                "quantity": 5,
                            }
                        )
                    ]
                },
            ),
        ):
            with self.subTest(record=record, vals=vals):
                self._attempt(record.with_user(self.stock_user).write, vals)
                self.assertEqual(self._quantity(self.lot_b, self.stock), 7)
                self.assertEqual(self._quantity(self.lot_b, self.bin_2), 7)
                self.assertEqual((packed.lot_id, packed.package_id), (self.lot_a, package))
                self.assertFalse(loose.package_id)

    def test_batch_and_scrap_keep_lots_apart(self):
        """A15: a batch of transfers; scrap that is sent into a bin."""
        self._receive_both()
        picking = self._picking(self.warehouse.int_type_id, self.bin_2, self.bin_1)
        self._move(picking, self.vitamin, 7, lot=self.lot_b)
        picking.action_confirm()
        batch = self.env["stock.picking.batch"].create({"picking_ids": [Command.set(picking.ids)]})
        batch.action_confirm()
        picking.move_ids.picked = True
        with self._assert_refused("A-200", "A-100"):
            batch.with_user(self.stock_user).action_done()
            self.env.cr.flush()
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.vitamin.id,
                "lot_id": self.lot_b.id,
                "location_id": self.bin_2.id,
                "scrap_location_id": self.bin_1.id,
                "owner_id": self.brand_a.id,
                "scrap_qty": 2,
            }
        )
        with self._assert_refused("A-200", "A-100"):
            scrap.do_scrap()
            self.env.cr.flush()
