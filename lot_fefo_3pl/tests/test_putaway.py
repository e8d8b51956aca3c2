from odoo import Command
from odoo.tests import Form, tagged

from .segregation_common import SegregationCommon


@tagged("post_install", "-at_install")
class TestPutaway(SegregationCommon):
    """Promise 2: the right bin is the one that is proposed."""

    def _receipt(self, *lines, confirm=True):
        """A receipt into the stock zone; each line is (product, quantity)."""
        picking = self._picking(self.warehouse.in_type_id, self.supplier_location, self.stock)
        for product, quantity in lines:
            self._move(picking, product, quantity)
        if confirm:
            picking.action_confirm()
        return picking

    def _category(self, **vals):
        category = self.env["stock.storage.category"].create(
            {"name": "Shelf", "max_weight": 1000, **vals}
        )
        self.bins.storage_category_id = category
        return category

    def _limit(self, product, quantity, **vals):
        capacity = {"product_id": product.id, "quantity": quantity}
        return self._category(capacity_ids=[Command.create(capacity)], **vals)

    # Which bin -------------------------------------------------------------------------------

    def test_lot_goes_to_the_bin_that_holds_it(self):
        """A02 A15: the other lot's bin is never proposed, this lot's bin is."""
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 5, self.bin_3)
        line = self._receipt((self.vitamin, 7)).move_line_ids
        self.assertEqual(line.location_dest_id, self.bin_2)
        line.lot_name = "A-200"
        self.assertEqual(line.location_dest_id, self.bin_3)
        line.write({"lot_name": False, "lot_id": self.lot_a.id})
        self.assertEqual(line.location_dest_id, self.bin_1)

    def test_same_product_category_keeps_lots_apart(self):
        """A02: a storage category for one product: the bin of another lot of it is neither
        proposed, before or after the lot is known, nor accepted."""
        self._category(allow_new_product="same")
        self._receive(self.lot_a, 5, self.bin_1)
        line = self._receipt((self.vitamin, 7)).move_line_ids
        self.assertNotEqual(line.location_dest_id, self.bin_1)
        line.write({"lot_name": "A-300", "expiration_date": "2035-01-01"})
        self.assertEqual(line.location_dest_id, self.bin_2)
        line.location_dest_id = self.bin_1
        with self._assert_refused("A-300", "A-100", "One lot per product"):
            self._validate(line.picking_id)

    def test_put_away_rule_with_same_product_category_keeps_lots_apart(self):
        """A02: the category named by a put-away rule of Odoo, as Odoo's own users set it up."""
        category = self._category(allow_new_product="same")
        self.env["stock.putaway.rule"].create(
            {
                "location_in_id": self.stock.id,
                "location_out_id": self.stock.id,
                "product_id": self.vitamin.id,
                "storage_category_id": category.id,
                "sublocation": "closest_location",
            }
        )
        self._receive(self.lot_a, 5, self.bin_1)
        receipt = self._picking(self.warehouse.in_type_id, self.supplier_location, self.stock)
        self._move(receipt, self.vitamin, 7, lot=self.lot_b)
        receipt.action_confirm()
        self.assertEqual(receipt.move_line_ids.location_dest_id, self.bin_2)
        receipt.move_line_ids.location_dest_id = self.bin_1
        with self._assert_refused("A-200", "A-100"):
            self._validate(receipt)

    def test_capacity_limits_what_is_proposed_and_not_the_hand(self):
        """As in Odoo, somebody who types another bin may overfill it; never with another lot."""
        self._limit(self.vitamin, 5)
        self._receive(self.lot_a, 5, self.bin_1)
        receipt = self._receipt((self.vitamin, 2))
        line = receipt.move_line_ids
        line.lot_id = self.lot_a
        self.assertEqual(line.location_dest_id, self.bin_2)
        line.location_dest_id = self.bin_1
        self._validate(receipt)
        self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 7)
        self.assertEqual(self.bin_1.map_fill, 140)

    def test_lines_of_one_receipt_get_different_bins(self):
        """A03: bins that something is on its way to are not empty."""
        self._category(allow_new_product="empty")
        products = (self.vitamin, self.magnesium, self.cream, self.comb)
        receipt = self._receipt(*((product, 5) for product in products))
        self.assertEqual(receipt.move_line_ids.location_dest_id, self.bins)

    def test_bins_on_the_way_of_other_receipts_are_taken(self):
        """A03: two receipts, one after the other."""
        first = self._receipt((self.vitamin, 5)).move_line_ids
        second = self._receipt((self.vitamin, 5)).move_line_ids
        self.assertEqual(first.location_dest_id, self.bin_1)
        self.assertEqual(second.location_dest_id, self.bin_2)
        first.lot_name = second.lot_name = "A-100"
        self.assertEqual(second.location_dest_id, first.location_dest_id)

    def test_other_product_shares_a_bin_when_no_empty_one_is_left(self):
        for lot, location in zip(self._four_lots(self.vitamin), self.bins, strict=True):
            self._receive(lot, 5, location)
        line = self._receipt((self.magnesium, 5)).move_line_ids
        self.assertEqual(line.location_dest_id, self.bin_1)

    def _four_lots(self, product):
        return [self._lot(product, f"X-{number}", days=50) for number in range(4)]

    def test_owner_rule_is_kept(self):
        self.stock.owner_segregation = "owner"
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self._lot(self.magnesium, "M-1", days=9), 5, self.bin_2)
        self._receive(self._lot(self.cream, "F-1", days=9), 5, self.bin_3)
        self._receive(self._lot(self.vitamin, "A-300", days=9), 5, self.bin_4)
        receipt = self._receipt((self.comb, 5), confirm=False)
        receipt.owner_id = self.brand_b
        receipt.action_confirm()
        line = receipt.move_line_ids
        line.write({"owner_id": self.brand_b.id, "lot_name": "C-1"})
        self.assertEqual(line.location_dest_id, self.bin_3)

    # Room ------------------------------------------------------------------------------------

    def test_large_line_is_split_over_bins(self):
        self._limit(self.vitamin, 40)
        self._receive(self.lot_a, 25, self.bin_2)
        receipt = self._receipt((self.vitamin, 100))
        receipt.move_line_ids.lot_name = "A-100"
        lines = receipt.move_line_ids
        self.assertEqual(sum(lines.mapped("quantity")), 100)
        self.assertEqual(receipt.move_ids.quantity, 100)
        load = {place: sum(group.mapped("quantity")) for place, group in self._by_bin(lines)}
        load[self.bin_2] = load.get(self.bin_2, 0) + 25
        self.assertLessEqual(max(load.values()), 40)

    def _by_bin(self, lines):
        return lines.grouped("location_dest_id").items()

    def test_split_fills_the_bins_in_order(self):
        self._limit(self.vitamin, 40)
        receipt = self._receipt((self.vitamin, 100))
        self.assertEqual(
            [(line.location_dest_id, line.quantity) for line in receipt.move_line_ids],
            [(self.bin_1, 40), (self.bin_2, 40), (self.bin_3, 20)],
        )

    def test_weight_is_a_limit_too(self):
        self.vitamin.weight = 2
        self._category(max_weight=21)
        receipt = self._receipt((self.vitamin, 15))
        self.assertEqual(receipt.move_line_ids.mapped("quantity"), [10, 5])

    def test_goods_without_room_go_to_overflow_and_the_transfer_says_so(self):
        """A19: all bins are full."""
        self._limit(self.vitamin, 10)
        receipt = self._receipt((self.vitamin, 50))
        overflow = self.warehouse.lot_overflow_location_id
        self.assertEqual(receipt.move_line_ids.location_dest_id, self.bins | overflow)
        lost = receipt.move_line_ids.filtered(lambda line: line.location_dest_id == overflow)
        self.assertEqual(lost.quantity, 10)
        self.assertIn("has room", receipt.message_ids[0].body)
        self.assertEqual(overflow.lot_segregation_effective, "mixed")
        self.assertFalse(overflow._child_of(self.stock))

    def test_packages_count_by_type_and_stay_whole(self):
        pallet = self.env["stock.package.type"].create({"name": "Pallet"})
        self._category(capacity_ids=[Command.create({"package_type_id": pallet.id, "quantity": 1})])
        self.bins.lot_segregation = "package"
        receipt = self._receipt((self.vitamin, 100))
        line = receipt.move_line_ids
        line.quantity = 60
        line.lot_name = "A-100"
        packages = self.env["stock.package"].create(
            [{"name": f"P{n}", "package_type_id": pallet.id} for n in (1, 2)]
        )
        line.result_package_id = packages[0]
        other = line.copy({"quantity": 40, "result_package_id": packages[1].id})
        (line | other)._apply_putaway_strategy()
        self.assertEqual(line.location_dest_id, self.bin_1)
        self.assertEqual(other.location_dest_id, self.bin_2)

    # When ------------------------------------------------------------------------------------

    def test_line_added_by_hand_gets_a_bin(self):
        """A21: a line that somebody adds, with its lot."""
        self._receive(self.lot_b, 5, self.bin_3)
        receipt = self._receipt((self.vitamin, 5))
        line = self.env["stock.move.line"].create(
            {
                "move_id": receipt.move_ids.id,
                "picking_id": receipt.id,
                "product_id": self.vitamin.id,
                "lot_name": "A-200",
                "quantity": 3,
                "location_id": receipt.location_id.id,
                "location_dest_id": self.stock.id,
            }
        )
        self.assertEqual(line.location_dest_id, self.bin_3)

    def test_bin_chosen_by_hand_is_kept(self):
        """A20: the lot becomes known after somebody has chosen a bin."""
        line = self._receipt((self.vitamin, 5)).move_line_ids
        line.location_dest_id = self.bin_4
        line.lot_name = "A-100"
        line.quantity = 3
        self.assertEqual(line.location_dest_id, self.bin_4)

    def test_lot_made_at_validation_does_not_move_the_goods(self):
        """A16: what was proposed and confirmed by the operator stays when the lot is created."""
        receipt = self._receipt((self.vitamin, 5))
        receipt.move_line_ids.lot_name = "NEW-1"
        place = receipt.move_line_ids.location_dest_id
        receipt.move_line_ids.expiration_date = "2030-01-01"
        self._validate(receipt)
        self.assertEqual(receipt.move_line_ids.location_dest_id, place)

    def test_stale_proposal_is_refused_at_validation(self):
        """A16: another lot came into the proposed bin meanwhile."""
        receipt = self._receipt((self.vitamin, 5))
        receipt.move_line_ids.write({"lot_name": "NEW-1", "expiration_date": "2030-01-01"})
        self._receive(self.lot_a, 5, receipt.move_line_ids.location_dest_id)
        with self._assert_refused("NEW-1", "A-100"):
            self._validate(receipt)

    def test_internal_transfer_from_input_is_put_away_and_split(self):
        self._limit(self.vitamin, 40)
        place = self.warehouse.wh_input_stock_loc_id
        place.active = True
        self._receive(self.lot_a, 60, place)
        picking = self._picking(self.warehouse.int_type_id, place, self.stock)
        picking.owner_id = self.brand_a
        self._move(picking, self.vitamin, 60)
        picking.action_confirm()
        picking.action_assign()
        self.assertEqual(
            [(line.location_dest_id, line.quantity) for line in picking.move_line_ids],
            [(self.bin_1, 40), (self.bin_2, 20)],
        )
        self._validate(picking)
        self.env.cr.flush()
        self.assertEqual(self._quantity(self.lot_a, self.stock), 60)
        self.assertEqual(self._quantity(self.lot_a, place), 0)

    def test_generated_lots_get_bins_of_their_own(self):
        """A12: the dialog that makes lots."""
        self._limit(self.vitamin, 10)
        move = self._receipt((self.vitamin, 30)).move_ids
        vals_list = self.env["stock.move"].action_generate_lot_line_vals(
            {
                "default_product_id": self.vitamin.id,
                "default_move_id": move.id,
                "default_picking_id": move.picking_id.id,
                "default_location_id": move.location_id.id,
                "default_location_dest_id": self.stock.id,
                "default_company_id": move.company_id.id,
                "default_tracking": "lot",
                "default_quantity": 20,
            },
            "generate",
            "GEN-001",
            10,
            "",
        )
        places = [vals["location_dest_id"]["id"] for vals in vals_list]
        self.assertEqual(len(places), 2)
        self.assertEqual(len(set(places)), 2)

    def test_typed_lot_changes_the_proposal_in_the_form(self):
        """A20: a new line in the form."""
        self._receive(self.lot_b, 5, self.bin_3)
        receipt = self._receipt((self.vitamin, 5))
        form = Form(receipt.move_ids, view="stock.view_stock_move_operations")
        with form, form.move_line_ids.new() as line:
            line.quantity = 2
            line.lot_name = "A-200"
            self.assertEqual(line.location_dest_id, self.bin_3)

    # Rules of Odoo ---------------------------------------------------------------------------

    def test_rule_sends_a_product_to_its_zone(self):
        zone = self.env["stock.location"].create(
            {"name": "Zone Z", "location_id": self.stock.id, "usage": "internal"}
        )
        places = self.env["stock.location"].create(
            [{"name": f"Z-{n}", "location_id": zone.id, "usage": "internal"} for n in (1, 2)]
        )
        rule = self.env["stock.putaway.rule"].create(
            {
                "product_id": self.vitamin.id,
                "location_in_id": self.stock.id,
                "location_out_id": zone.id,
            }
        )
        self.assertTrue(rule.by_lot)
        receipt = self._receipt((self.vitamin, 5), (self.magnesium, 5))
        by_product = {line.product_id: line.location_dest_id for line in receipt.move_line_ids}
        self.assertEqual(by_product[self.vitamin], places[0])
        self.assertEqual(by_product[self.magnesium], self.bin_1)
        rule.by_lot = False
        line = self._receipt((self.vitamin, 5)).move_line_ids
        self.assertEqual(line.location_dest_id, zone)

    def test_last_used_location_of_other_lot_is_passed_over(self):
        """A23: the rule's option 'last used'."""
        self.env["stock.putaway.rule"].create(
            {
                "product_id": self.vitamin.id,
                "location_in_id": self.stock.id,
                "location_out_id": self.stock.id,
                "sublocation": "last_used",
            }
        )
        self._receive(self.lot_a, 5, self.bin_3)
        receipt = self._receipt((self.vitamin, 5), (self.vitamin, 6))
        line = receipt.move_line_ids[0]
        line.lot_name = "A-300"
        self.assertEqual(line.location_dest_id, self.bin_1)
        line.lot_name = "A-100"
        self.assertEqual(line.location_dest_id, self.bin_3)

    def test_storage_category_of_rule_is_respected(self):
        category = self.env["stock.storage.category"].create({"name": "Cold", "max_weight": 9})
        (self.bin_3 | self.bin_4).storage_category_id = category
        self.env["stock.putaway.rule"].create(
            {
                "product_id": self.vitamin.id,
                "location_in_id": self.stock.id,
                "location_out_id": self.stock.id,
                "sublocation": "closest_location",
                "storage_category_id": category.id,
            }
        )
        line = self._receipt((self.vitamin, 5)).move_line_ids
        self.assertEqual(line.location_dest_id, self.bin_3)

    def test_other_warehouses_keep_odoos_put_away(self):
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        self.env["stock.location"].create(
            {"name": "P-1", "location_id": plain.lot_stock_id.id, "usage": "internal"}
        )
        picking = self._picking(plain.in_type_id, self.supplier_location, plain.lot_stock_id)
        self._move(picking, self.vitamin, 5)
        picking.action_confirm()
        self.assertEqual(picking.move_line_ids.location_dest_id, plain.lot_stock_id)
