from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .loose_common import LooseCommon
from .test_trace import TraceCommon


@tagged("post_install", "-at_install")
class TestTraceGenealogy(TraceCommon):
    """Promise 5: the trace follows units into other lots."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._receive(cls.lot, 100, cls.bin_1)

    def _relabel(self, lot, location, quantity, name, **values):
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id", "=", location.id)]
        )
        wizard = (
            self.env["stock.lot.relabel"]
            .with_user(self.supervisor)
            .create({"quant_id": quant.id, "lot_name": name, "reason": "New label", **values})
        )
        wizard.quantity = quantity
        if "produced_quantity" in values:
            wizard.produced_quantity = values["produced_quantity"]
        return self.env["stock.lot"].browse(wizard.action_relabel()["res_id"])

    def _through(self, lot):
        return {
            (row["consignee"], row["lot"], row["through"], row["net"])
            for row in self.trace.forward(lot.ids, descend=True)
        }

    def test_relabelled_units_are_followed_to_their_customers(self):
        """R5 S20: a split lot is traced through both of its numbers, in two steps."""
        self._ship(self.lot, 10, self.consumer)
        second = self._relabel(self.lot, self.bin_1, 40, "A-100B", location_dest_id=self.bin_2.id)
        third = self._relabel(second, self.bin_2, 15, "A-100C", location_dest_id=self.bin_3.id)
        self._ship(third, 5, self.retailer, source=self.bin_3)
        self.assertEqual(
            self._through(self.lot),
            {
                ("Consumer Carla", "A-100", "", 10),
                ("Retailer Rita", "A-100C", "A-100 > A-100B > A-100C", 5),
            },
        )
        self.assertEqual(
            self._through(second) - self._through(self.lot),
            {("Retailer Rita", "A-100C", "A-100B > A-100C", 5)},
        )
        self.assertEqual(second.expiration_date, self.lot.expiration_date)
        self.assertEqual(third.owner_id, self.brand_a)

    def test_merged_lots_are_found_from_both_sides(self):
        """R5, R6, S20: the merged lot names both parents, and each parent finds its customer."""
        other = self._lot(self.vitamin, "A-101", days=300)
        self._receive(other, 50, self.bin_2)
        merged = self._relabel(self.lot, self.bin_1, 20, "MIX", location_dest_id=self.bin_3.id)
        self._relabel(other, self.bin_2, 30, "MIX", location_dest_id=self.bin_3.id)
        self._ship(merged, 8, self.consumer, source=self.bin_3)
        links = self.env["stock.lot.genealogy"].ancestors(merged.ids)
        self.assertEqual(
            {(link["parent_lot"], link["child_lot"], link["consumed"]) for link in links},
            {("A-100", "MIX", 20), ("A-101", "MIX", 30)},
        )
        for parent in (self.lot, other):
            self.assertEqual({row[0] for row in self._through(parent)}, {"Consumer Carla"})

    def test_units_shipped_before_the_merge_are_not_recalled(self):
        """R5: no over-recall, what left before bad units came in is clean."""
        other = self._lot(self.vitamin, "A-101", days=150)
        self._receive(other, 50, self.bin_2)
        before = self._ship(other, 5, self.consumer, source=self.bin_2)
        before.move_line_ids.date = fields.Datetime.now() - timedelta(hours=1)
        self._relabel(self.lot, self.bin_1, 20, "A-101", location_dest_id=self.bin_2.id)
        self._ship(other, 6, self.retailer, source=self.bin_2)
        self.assertEqual(self._through(self.lot), {("Retailer Rita", "A-101", "A-100 > A-101", 6)})

    def test_relabelling_never_makes_goods_younger(self):
        later = self._lot(self.vitamin, "A-900", days=900)
        with self.assertRaisesRegex(UserError, "younger"):
            self._relabel(self.lot, self.bin_1, 5, later.name)

    def test_relabelling_keeps_the_number_of_units(self):
        with self.assertRaisesRegex(UserError, "same number of units"):
            self._relabel(self.lot, self.bin_1, 5, "A-100B", produced_quantity=6)
        with self.assertRaisesRegex(UserError, "Only 100 of lot"):
            self._relabel(self.lot, self.bin_1, 101, "A-100B")

    def test_held_lot_is_not_relabelled(self):
        """R3: a new number is no way around a hold."""
        self.env["stock.lot.recall"].with_user(self.qa).start(self.lot.ids, "Metal")
        with self.assertRaises(UserError):
            self._relabel(self.lot, self.bin_1, 5, "CLEAN", location_dest_id=self.bin_2.id)

    def test_repacked_product_is_recalled_and_held_with_its_source(self):
        """R5: the recall of a lot takes in what was made of it."""
        repacked = self._relabel(
            self.lot,
            self.bin_1,
            60,
            "PACK-1",
            product_id=self.magnesium.id,
            produced_quantity=6,
            location_dest_id=self.bin_2.id,
        )
        self._ship(repacked, 2, self.retailer, source=self.bin_2)
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        recall = recalls.browse(recalls.start(self.lot.ids, "Metal")["recall_id"])
        line = recall.line_ids.filtered(lambda line: line.lot_id == repacked)
        self.assertEqual((line.through, line.net, line.on_hand), ("A-100 > PACK-1", 2, 4))
        self.assertTrue(repacked.is_held)
        self.assertEqual(recall.consignee_ids.mapped("name"), ["Retailer Rita"])

    def test_lot_of_another_brand_made_from_recalled_units_is_announced(self):
        """G: the other brand's customers stay off this list, and QA is told to recall it too."""
        repacked = self._relabel(
            self.lot,
            self.bin_1,
            10,
            "CREAM-1",
            product_id=self.cream.id,
            location_dest_id=self.bin_2.id,
        )
        self._ship(repacked, 2, self.retailer, source=self.bin_2)
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        recall = recalls.browse(recalls.start(self.lot.ids, "Metal")["recall_id"])
        self.assertFalse(recall.consignee_ids)
        self.assertIn("CREAM-1 (Brand B)", recall.activity_ids.note)

    def test_mass_balance_shows_relabelled_units_on_both_lots(self):
        """R8: consumed on one lot, produced on the other, nothing unexplained."""
        second = self._relabel(self.lot, self.bin_1, 40, "B", location_dest_id=self.bin_2.id)
        first, other = self.trace.mass_balance((self.lot + second).ids)
        self.assertEqual((first["consumed"], first["unexplained"]), (40, 0))
        self.assertEqual((other["produced"], other["unexplained"]), (40, 0))

    def test_links_cost_one_query_per_level(self):
        """F26: the width of the tree does not matter."""
        genealogy = self.env["stock.lot.genealogy"]
        counts = []
        for round_ in range(2):
            for index in range(3):
                self._relabel_into_new_bin(f"W{round_}{index}")
            self.env.flush_all()
            self.env.invalidate_all()
            genealogy.descendants(self.lot.ids)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            genealogy.descendants(self.lot.ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def _relabel_into_new_bin(self, name):
        place = self.env["stock.location"].create({"name": name, "location_id": self.stock.id})
        return self._relabel(self.lot, self.bin_1, 1, name, location_dest_id=place.id)


@tagged("post_install", "-at_install")
class TestTraceFlows(TraceCommon):
    """Promise 5: multi-step flows, packages, transit."""

    def test_pick_pack_ship_counts_each_unit_once(self):
        """R5: three steps, one delivered line, and the package it left in."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._receive(self.lot, 50, self.bin_1)
        self.env["stock.rule"].run(
            [
                self.env["stock.rule"].Procurement(
                    self.vitamin,
                    12,
                    self.vitamin.uom_id,
                    self.customer_location,
                    "SO077",
                    "SO077",
                    self.env.company,
                    {"warehouse_id": self.warehouse, "partner_id": self.store.id},
                )
            ]
        )
        package = self.env["stock.package"].create({"name": "095201230000000017"})
        for _step in range(3):
            picking = self.env["stock.picking"].search(
                [("origin", "=", "SO077"), ("state", "not in", ("done", "cancel"))], limit=1
            )
            picking.action_assign()
            picking.move_line_ids.owner_id = self.brand_a
            if picking.location_dest_id == self.warehouse.wh_output_stock_loc_id:
                picking.move_line_ids.result_package_id = package
            self._validate(picking)
        (row,) = self.trace.forward(self.lot.ids)
        self.assertEqual(
            (row["quantity"], row["consignee"], row["origin"], row["sscc"]),
            (12, "Retailer Rita", "SO077", package.name),
        )

    def test_goods_through_another_warehouse_are_followed(self):
        """R5: out of one house, in transit, into the next, from there to the customer."""
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SND", "lot_control": True}
        )
        transit = self.env["stock.location"].create({"name": "Lorry", "usage": "transit"})
        self._receive(self.lot, 50, self.bin_1)
        for source, target in ((self.bin_1, transit), (transit, second.lot_stock_id)):
            picking = self._picking(self.warehouse.int_type_id, source, target)
            self._move(picking, self.vitamin, 30, lot=self.lot)
            self._validate(picking)
        picking = self._picking(
            second.out_type_id, second.lot_stock_id, self.customer_location, partner=self.consumer
        )
        self._move(picking, self.vitamin, 9, lot=self.lot)
        self._validate(picking)
        self.assertEqual(self._net(), {"Consumer Carla": 9})
        (balance,) = self.trace.mass_balance(self.lot.ids)
        self.assertEqual((balance["on_hand"], balance["unexplained"]), (41, 0))


@tagged("post_install", "-at_install")
class TestTraceBackward(TraceCommon):
    def test_receipts_name_supplier_document_and_quantity(self):
        """R6, B23: one step back, with who received it."""
        supplier = self.env["res.partner"].create({"name": "Maker", "phone": "+49 30 1"})
        picking = self._picking(
            self.warehouse.in_type_id, self.supplier_location, self.bin_1, partner=supplier
        )
        picking.origin = "PO9"
        self._move(picking, self.vitamin, 40, lot=self.lot)
        self._validate(picking)
        self._ship(self.lot, 10, self.consumer)
        (row,) = self.trace.backward(self.lot.ids)
        expected = {
            "kind": "receipt",
            "supplier": "Maker",
            "phone": "+49 30 1",
            "origin": "PO9",
            "picking": picking.name,
            "quantity": 40,
            "user": self.env.user.name,
        }
        self.assertEqual({name: row[name] for name in expected}, expected)

    def test_owner_narrows_the_receipts(self):
        """F25: each owner's units came from that owner's receipts."""
        self._receive(self.lot, 40, self.bin_1)
        self._receive(self.lot, 7, self.bin_2, owner=self.brand_b)
        rows = self.trace.backward(self.lot.ids, owner_id=self.brand_b.id)
        self.assertEqual([row["quantity"] for row in rows], [7])


@tagged("post_install", "-at_install")
class TestPossiblyAffected(LooseCommon):
    def test_shipments_without_lot_while_the_lot_was_here_are_listed(self):
        """R7: nobody knows what they contained, so nobody drops them."""
        receipt = self._receive(self.lot, 10, self.bin_1)
        receipt.move_line_ids.date = fields.Datetime.now() - timedelta(days=5)
        self._ship_without_lot(3, self.consumer, days_ago=2)
        self._ship_without_lot(4, self.retailer, days_ago=9)
        rows = self.trace.possibly_affected(self.lot.ids)
        self.assertEqual([(row["consignee"], row["net"]) for row in rows], [("Consumer Carla", 3)])
        self.assertEqual(self.trace.forward(self.lot.ids), [])

    def test_what_became_a_product_without_lot_is_an_open_branch(self):
        """F21: the chain says where it ends, and those shipments are listed as possible."""
        self._receive(self.lot, 10, self.bin_1)
        production = self.vitamin.property_stock_production
        consumed = self._move_line(self.vitamin, 10, self.bin_1, production, lot=self.lot)
        produced = self._move_line(self.flyer, 10, production, self.bin_2)
        produced.consume_line_ids = consumed
        picking = self._picking(
            self.warehouse.out_type_id, self.bin_2, self.customer_location, partner=self.retailer
        )
        self._move(picking, self.flyer, 6)
        picking.action_confirm()
        picking.action_assign()
        self._validate(picking)
        (link,) = self.env["stock.lot.genealogy"].descendants(self.lot.ids)
        self.assertEqual((link["child_lot_id"], link["child_product"]), (False, "Flyer"))
        rows = self.trace.possibly_affected(self.lot.ids)
        self.assertEqual([(row["consignee"], row["net"]) for row in rows], [("Retailer Rita", 6)])
