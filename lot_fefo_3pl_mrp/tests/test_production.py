from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ProductionCommon


@tagged("post_install", "-at_install")
class TestTraceProduction(ProductionCommon):
    """Promise 5: lots are followed through production."""

    def test_component_lot_is_traced_to_the_customers_of_the_product(self):
        """R5: two levels of production, then the customer; each link names its order."""
        first, bundle = self._produce(self.bundle, self.lot, 20, "B-1")
        second, gift = self._produce(self.gift, bundle, 5, "G-1", source=self.bin_3)
        self._ship(bundle, 4, self.consumer, source=self.bin_3)
        self._ship(gift, 2, self.retailer, source=self.bin_3)
        rows = self.trace.forward(self.lot.ids, descend=True)
        self.assertEqual(
            {(row["consignee"], row["through"], row["net"]) for row in rows},
            {("Consumer Carla", "A-100 > B-1", 4), ("Retailer Rita", "A-100 > B-1 > G-1", 2)},
        )
        links = self.env["stock.lot.genealogy"].descendants(self.lot.ids)
        self.assertEqual(
            [
                (link["depth"], link["consumed"], link["produced"], link["production_id"])
                for link in links
            ],
            [(1, 20, 20, first.id), (2, 5, 5, second.id)],
        )
        self.assertEqual({link["document"] for link in links}, {first.name, second.name})

    def test_product_is_traced_back_to_its_components(self):
        """R6: which component lots are in this lot, with the order."""
        order, bundle = self._produce(self.bundle, self.lot, 20, "B-1")
        (link,) = self.env["stock.lot.genealogy"].ancestors(bundle.ids)
        self.assertEqual(
            (link["parent_lot"], link["child_lot"], link["production_id"]),
            ("A-100", "B-1", order.id),
        )
        (row,) = self.trace.backward(bundle.ids)
        self.assertEqual((row["kind"], row["quantity"]), ("production", 20))

    def test_product_without_lot_ends_the_chain_in_the_open(self):
        """F21: the branch is shown, and its shipments are possibly affected."""
        self.bundle.tracking = "none"
        self._produce(self.bundle, self.lot, 20)
        picking = self._picking(
            self.warehouse.out_type_id, self.bin_3, self.customer_location, partner=self.retailer
        )
        self._move(picking, self.bundle, 6)
        picking.action_confirm()
        picking.action_assign()
        self._validate(picking)
        (link,) = self.env["stock.lot.genealogy"].descendants(self.lot.ids)
        self.assertEqual((link["child_lot_id"], link["child_product"]), (False, "Winter Bundle"))
        rows = self.trace.possibly_affected(self.lot.ids)
        self.assertEqual([(row["consignee"], row["net"]) for row in rows], [("Retailer Rita", 6)])

    def test_recall_of_a_component_holds_the_products(self):
        """R3, R5: what was made of the lot is frozen with it, whoever holds it."""
        _order, bundle = self._produce(self.bundle, self.lot, 20, "B-1")
        self._ship(bundle, 4, self.consumer, source=self.bin_3)
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        recall = recalls.browse(recalls.start(self.lot.ids, "Metal")["recall_id"])
        self.assertEqual(recall.consignee_ids.mapped("name"), ["Consumer Carla"])
        self.assertTrue(bundle.is_held)
        with self.assertRaises(UserError):
            self._ship(bundle, 1, self.consumer, source=self.bin_3)

    def test_batch_made_without_the_lot_is_not_recalled(self):
        """F22: another order's product is not drawn in."""
        other = self._lot(self.vitamin, "A-101", days=300)
        self._receive(other, 50, self.bin_2)
        self._produce(self.bundle, self.lot, 10, "B-1")
        _order, clean = self._produce(self.bundle, other, 10, "B-2", source=self.bin_2)
        self._ship(clean, 3, self.consumer, source=self.bin_3)
        self.assertEqual(self.trace.forward(self.lot.ids, descend=True), [])

    def test_mass_balance_counts_what_production_took_and_made(self):
        """R8: consumed and produced units have terms of their own."""
        _order, bundle = self._produce(self.bundle, self.lot, 20, "B-1")
        component, product = self.trace.mass_balance((self.lot + bundle).ids)
        self.assertEqual((component["consumed"], component["unexplained"]), (20, 0))
        self.assertEqual((product["produced"], product["on_hand"]), (20, 20))

    def test_unbuilding_leads_back_to_the_component(self):
        """R5: taking a bundle apart brings its component lot back, and the trace knows."""
        self.bundle.owner_id = False
        order, bundle = self._produce(self.bundle, self.lot, 20, "B-1")
        form = Form(self.env["mrp.unbuild"].with_context(default_product_id=self.bundle.id))
        form.mo_id = order
        form.lot_id = bundle
        form.product_qty = 20
        form.location_id = self.bin_3
        form.location_dest_id = self.bin_4
        form.save().action_unbuild()
        links = self.env["stock.lot.genealogy"].descendants(bundle.ids)
        self.assertIn("A-100", {link["child_lot"] for link in links})

    def test_kit_components_keep_their_lot(self):
        """F23, R5: a kit is delivered as its components, each with its lot."""
        kit = self.env["product.product"].create({"name": "Starter Kit", "is_storable": True})
        self._bom(kit, self.vitamin, quantity=2, bom_type="phantom")
        picking = self._delivery([(kit, 3)], partner=self.consumer, owner=self.brand_a)
        picking.action_assign()
        self._validate(picking)
        (row,) = self.trace.forward(self.lot.ids)
        self.assertEqual(
            (row["consignee"], row["product"], row["net"]), ("Consumer Carla", "Vitamin C", 6)
        )
