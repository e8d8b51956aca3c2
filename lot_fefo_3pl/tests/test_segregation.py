from psycopg2.errors import ExclusionViolation

from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .segregation_common import SegregationCommon


@tagged("post_install", "-at_install")
class TestSegregation(SegregationCommon):
    """Promise 2: two lots of a product never share a bin, whichever way they come."""

    # The message and the plain cases ---------------------------------------------------------

    def test_receipt_of_other_lot_into_taken_bin_is_refused_by_name(self):
        """A01: two lots received into one location."""
        self._receive(self.lot_a, 5, self.bin_1)
        with self._assert_refused(
            "A-01 cannot take .*Vitamin C, lot A-200",
            "holds .*Vitamin C, lot A-100",
            "One lot per product",
            "nearest free location is .*A-02",
        ):
            self._receive(self.lot_b, 5, self.bin_1)

    def test_refusal_names_the_bin_that_holds_the_lot(self):
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 5, self.bin_3)
        with self._assert_refused("nearest free location is .*A-03"):
            self._receive(self.lot_b, 5, self.bin_1)

    def test_two_lots_are_not_packed_together_for_a_segregated_place(self):
        """A14: put in pack is refused, whatever rule the place has and however it is packed."""
        for rule in ("package", "product", "expiry", "lot"):
            self.bins.lot_segregation = rule
            picking = self._receipt_of_two_lots()
            picking.action_confirm()
            lines = picking.move_line_ids
            with self.subTest(rule=rule), self._assert_refused("A-200", "A-100", "separately"):
                self._pack_lines(lines, f"MIXED-{rule}")
            package = self.env["stock.package"].create({"name": f"BY-HAND-{rule}"})
            with self.subTest(rule=rule, by="hand"), self._assert_refused("A-[12]00", "A-[12]00"):
                for line in lines:
                    line.result_package_id = package
            lines[0].action_put_in_pack(package_name=f"FIRST-{rule}")
            lines[1].action_put_in_pack(package_name=f"SECOND-{rule}")
            self.assertEqual(len(lines.result_package_id), 2)

    def _pack_lines(self, lines, name):
        """Put in pack; Odoo asks for one destination when the lines have several."""
        action = lines.action_put_in_pack(package_name=name)
        if isinstance(action, dict):
            wizard = self.env[action["res_model"]].browse(action["res_id"])
            wizard.location_dest_id = lines[0].location_dest_id
            wizard.action_done()

    def test_lot_is_not_packed_into_a_package_that_holds_another_one(self):
        """A14: the package stands in stock with its lot, and another one is to come into it."""
        self._receive_both()
        package = self._pack(self.lot_a, self.bin_1)
        picking = self._picking(self.warehouse.in_type_id, self.supplier_location, self.stock)
        self._move(picking, self.vitamin, 5, lot=self.lot_b)
        picking.action_confirm()
        with self._assert_refused("A-200", "A-100", "separately"):
            picking.move_line_ids.action_put_in_pack(package_id=package.id)

    def test_two_lots_in_one_package_are_refused_on_arrival(self):
        """A14: packed before their lots were known, or for a place that has another rule by now."""
        self.bins.lot_segregation = "package"
        picking = self._receipt_of_two_lots()
        picking.action_confirm()
        picking.move_line_ids.location_dest_id = self.bin_1
        self.stock.lot_segregation = self.bins.lot_segregation = "mixed"
        picking.move_line_ids.action_put_in_pack(package_name="MIXED-1")
        self.assertEqual(len(picking.move_line_ids.result_package_id), 1)
        self.bins.lot_segregation = "package"
        with self._assert_refused("A-200", "A-100", "One lot per package"):
            self._validate(picking)

    def test_parcel_of_two_lots_is_packed_for_a_customer(self):
        """A14: a customer's parcel may hold several lots."""
        self._receive_both()
        delivery = self._delivery([(self.vitamin, 12)])
        self.assertEqual(len(delivery.move_line_ids), 2)
        delivery.move_line_ids.action_put_in_pack(package_name="PARCEL-1")
        self.assertEqual(len(delivery.move_line_ids.result_package_id), 1)
        self._validate(delivery)

    def _receipt_of_two_lots(self):
        picking = self._picking(self.warehouse.in_type_id, self.supplier_location, self.stock)
        self._move(picking, self.vitamin, 5, lot=self.lot_a)
        self._move(picking, self.vitamin, 5, lot=self.lot_b)
        return picking

    def test_receipt_of_two_lots_in_one_operation_is_refused(self):
        """A01: both lots arrive with one receipt, and somebody sends them to the zone itself."""
        picking = self._receipt_of_two_lots()
        picking.move_line_ids.location_dest_id = self.stock
        with self._assert_refused("A-200", "A-100"):
            self._validate(picking)

    def test_receipt_of_two_lots_without_put_away_rule_is_put_apart(self):
        """A01: no put-away rule at all."""
        picking = self._receipt_of_two_lots()
        self._validate(picking)
        self.env.cr.flush()
        self.assertEqual(picking.move_line_ids.location_dest_id, self.bin_1 | self.bin_2)

    def test_line_sent_to_taken_bin_by_hand_is_refused(self):
        """A04: the user edits the destination of a line."""
        self._receive(self.lot_a, 5, self.bin_1)
        picking = self._picking(self.warehouse.in_type_id, self.supplier_location, self.stock)
        move = self._move(picking, self.vitamin, 5, lot=self.lot_b)
        move.move_line_ids.location_dest_id = self.bin_1
        with self._assert_refused("A-200", "A-100"):
            self._validate(picking)

    def test_more_of_same_lot_and_other_products_are_welcome(self):
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_a, 3, self.bin_1)
        self._receive(self._lot(self.magnesium, "A-200", days=50), 3, self.bin_1)
        self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 8)

    def test_emptied_bin_takes_another_lot(self):
        self._receive(self.lot_a, 5, self.bin_1)
        self._transfer(self.lot_a, 5, self.bin_1, self.bin_2)
        self._receive(self.lot_b, 5, self.bin_1)
        self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 5)

    def test_refused_operation_leaves_transaction_usable(self):
        self._receive(self.lot_a, 5, self.bin_1)
        with self._assert_refused("A-200"):
            self._receive(self.lot_b, 5, self.bin_1)
        self._receive(self.lot_b, 5, self.bin_2)
        self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_b, self.stock), 5)

    # Every other route -----------------------------------------------------------------------

    def test_adjustment_with_other_lot_is_refused(self):
        """A05: a stock user counts another lot into a bin."""
        self._receive(self.lot_a, 5, self.bin_1)
        quants = self.env["stock.quant"].with_user(self.stock_user)
        with self._assert_refused("A-200", "A-100"):
            quants.with_context(inventory_mode=True).create(
                {
                    "product_id": self.vitamin.id,
                    "location_id": self.bin_1.id,
                    "lot_id": self.lot_b.id,
                    "inventory_quantity": 4,
                }
            ).action_apply_inventory()

    def test_relocation_wizard_into_taken_bin_is_refused(self):
        """A06: the relocate wizard of the stock list."""
        self._receive_both()
        wizard = self.env["stock.quant.relocate"].create(
            {
                "quant_ids": [Command.set(self._quant(self.lot_b, self.bin_2).ids)],
                "dest_location_id": self.bin_1.id,
            }
        )
        with self._assert_refused("A-200", "A-100"):
            wizard.action_relocate_quants()

    def test_moving_lot_by_its_location_is_refused(self):
        """A07: the location on the lot's form."""
        self._receive_both()
        with self._assert_refused("A-200", "A-100"):
            self.lot_b.location_id = self.bin_1

    def test_moving_package_by_its_location_is_refused(self):
        """A08: the location of a package."""
        self._receive_both()
        package = self._pack(self.lot_b, self.bin_2)
        with self._assert_refused("A-200", "A-100"):
            package.location_id = self.bin_1

    def test_unpacking_keeps_one_lot_per_package_bin_apart(self):
        """A24: packages of two lots may stand side by side; taken apart they may not lie there."""
        self.bin_1.lot_segregation = "package"
        self._receive_both()
        package_b = self._pack(self.lot_b, self.bin_2)
        package_b.location_id = self.bin_1
        self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 7)
        with self._assert_refused("A-200", "A-100", "One lot per package"):
            package_b.unpack()

    def test_customer_return_into_taken_bin_is_refused(self):
        """A09: goods come back from a customer."""
        self._receive_both()
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.action_assign()
        line = delivery.move_line_ids
        self.assertEqual(line.lot_id, self.lot_a)
        self._validate(delivery)
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=delivery.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 2
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        returned.move_line_ids.location_dest_id = self.bin_2
        with self._assert_refused("A-100", "A-200"):
            self._validate(returned)

    def test_transfer_into_taken_bin_is_refused(self):
        """A15: an internal transfer."""
        self._receive_both()
        with self._assert_refused("A-200", "A-100"):
            self._transfer(self.lot_b, 7, self.bin_2, self.bin_1)

    def test_swap_of_two_bins_in_one_operation_passes(self):
        """K17: each lot goes where the other one lies, and the end is right."""
        self._receive_both()
        picking = self._picking(self.warehouse.int_type_id, self.stock, self.stock)
        for lot, quantity, source, destination in (
            (self.lot_a, 5, self.bin_1, self.bin_2),
            (self.lot_b, 7, self.bin_2, self.bin_1),
        ):
            move = self._move(picking, self.vitamin, quantity, lot=lot)
            move.move_line_ids.write({"location_id": source.id, "location_dest_id": destination.id})
        self._validate(picking)
        self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_a, self.bin_2), 5)
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 7)

    def test_superuser_writing_quants_is_refused_too(self):
        """A11: what an integration writes straight into the stock."""
        self._receive(self.lot_a, 5, self.bin_1)
        with self._assert_refused("A-200", "A-100"):
            self.env["stock.quant"]._update_available_quantity(
                self.vitamin, self.bin_1, 5, lot_id=self.lot_b, owner_id=self.brand_a
            )

    def test_database_refuses_what_odoo_did_not_see(self):
        self._receive_both()
        self.env.cr.flush()
        query = SQL(
            "UPDATE stock_quant SET location_id = %s WHERE lot_id = %s AND location_id = %s",
            self.bin_1.id,
            self.lot_b.id,
            self.bin_2.id,
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ExclusionViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query)
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    # Rules -----------------------------------------------------------------------------------

    def test_rule_of_stock_zone_is_inherited_and_input_is_exempt(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.bin_1.id, "usage": "internal"}
        )
        self.assertEqual(self.stock.lot_segregation, "product")
        self.assertEqual(shelf.lot_segregation_effective, "product")
        exempt = self.warehouse.wh_input_stock_loc_id | self.warehouse.wh_qc_stock_loc_id
        exempt |= self.warehouse._get_lot_staging() | self.customer_location
        exempt |= self.warehouse.lot_overflow_location_id
        exempt |= self.env["stock.location"].create(
            {"name": "Van", "location_id": self.warehouse.view_location_id.id, "usage": "transit"}
        )
        self.assertEqual(len(exempt), 7)
        self.assertEqual({*exempt.mapped("lot_segregation_effective")}, {"mixed"})
        self.assertEqual({*exempt.mapped("owner_segregation_effective")}, {"mixed"})
        self.bin_1.lot_segregation = "lot"
        self.assertEqual(shelf.lot_segregation_effective, "lot")

    def test_switch_off_frees_the_bins(self):
        self._receive(self.lot_a, 5, self.bin_1)
        self.warehouse.lot_control = False
        self.assertEqual(self.bin_1.lot_segregation_effective, "mixed")
        self._receive(self.lot_b, 5, self.bin_1)
        self.env.cr.flush()
        self.assertEqual(self._quant(self.lot_b, self.bin_1).lot_segregation, "mixed")

    def test_tightened_rule_on_mixed_bin_names_what_is_in_the_way(self):
        self.bin_1.lot_segregation = "mixed"
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 5, self.bin_1)
        with self._assert_refused("A-01 holds .*lot A-100", "lot A-200"):
            self.bin_1.lot_segregation = "product"

    def test_one_lot_only_refuses_other_product(self):
        self.bin_1.lot_segregation = "lot"
        self._receive(self.lot_a, 5, self.bin_1)
        with self._assert_refused("Magnesium, lot M-1", "lot A-100", "One lot only"):
            self._receive(self._lot(self.magnesium, "M-1", days=9), 1, self.bin_1)

    def test_same_expiry_day_may_mix_and_other_days_may_not(self):
        self.bin_1.lot_segregation = "expiry"
        same_day = self._lot(self.vitamin, "A-101")
        same_day.expiration_date = self.lot_a.expiration_date
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(same_day, 5, self.bin_1)
        self.env.cr.flush()
        with self._assert_refused("A-200", "A-10[01]", "Same expiry day"):
            self._receive(self.lot_b, 5, self.bin_1)

    def test_changed_expiry_that_breaks_the_rule_is_refused(self):
        self.bin_1.lot_segregation = "expiry"
        same_day = self._lot(self.vitamin, "A-101")
        same_day.expiration_date = self.lot_a.expiration_date
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(same_day, 5, self.bin_1)
        self.env.cr.flush()
        with self._assert_refused("A-10[01]", "Same expiry day"):
            same_day.expiration_date = self.lot_b.expiration_date

    def test_undated_lots_share_no_expiry_day(self):
        self.bin_1.lot_segregation = "expiry"
        self._receive(self._lot(self.comb, "C-1"), 5, self.bin_1)
        with self._assert_refused("C-2", "C-1"):
            self._receive(self._lot(self.comb, "C-2"), 5, self.bin_1)

    def test_one_owner_per_bin(self):
        self.bin_1.owner_segregation = "owner"
        self._receive(self.lot_a, 5, self.bin_1)
        with self._assert_refused("Face Cream.*Brand B", "Vitamin C.*Brand A", "One owner"):
            self._receive(self._lot(self.cream, "F-1", days=9), 1, self.bin_1)
