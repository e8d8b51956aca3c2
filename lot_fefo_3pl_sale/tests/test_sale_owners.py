from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.lot_fefo_3pl.tests.test_trace import TraceCommon


class SaleCommon(TraceCommon):
    @classmethod
    def _order(cls, *lines, warehouse=None, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.consumer.id,
                "warehouse_id": (warehouse or cls.warehouse).id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                    for product, quantity in lines
                ],
                **values,
            }
        )
        return order


@tagged("post_install", "-at_install")
class TestSaleOwners(SaleCommon):
    """Promise 3 and 6: a sales order takes the goods of its brand, and only those."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls.env["product.product"].create(
            {"name": "Shared Carton", "is_storable": True, "tracking": "lot", "list_price": 1}
        )
        cls.of_a = cls._lot(cls.shared, "S-A")
        cls.of_b = cls._lot(cls.shared, "S-B")
        cls._receive(cls.of_b, 10, cls.bin_1, owner=cls.brand_b)
        cls._receive(cls.of_a, 10, cls.bin_2, owner=cls.brand_a)

    def test_order_takes_the_goods_of_its_brand(self):
        """G01 G02 G08: plain Odoo gives the order the other brand's goods, which came first."""
        order = self._order((self.shared, 4), owner_id=self.brand_a.id)
        order.action_confirm()
        picking = order.picking_ids
        self.assertEqual(picking.owner_id, self.brand_a)
        self.assertEqual(picking.move_ids.restrict_partner_id, self.brand_a)
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, self.of_a)
        self.assertEqual(picking.move_line_ids.owner_id, self.brand_a)

    def test_owner_goes_through_all_steps(self):
        """G18: chained steps keep the owner of the order."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._order((self.shared, 4), owner_id=self.brand_a.id)
        order.action_confirm()
        picking = order.picking_ids
        for _step in range(3):
            self.assertEqual(picking.owner_id, self.brand_a)
            picking.action_assign()
            self.assertEqual(picking.move_line_ids.owner_id, self.brand_a)
            self._validate(picking)
            picking = picking.move_ids.move_dest_ids.picking_id
        self.assertFalse(picking)
        self.assertEqual(order.order_line.qty_delivered, 4)

    def test_order_of_no_brand_does_not_take_a_brands_goods(self):
        order = self._order((self.shared, 4))
        order.action_confirm()
        order.picking_ids.action_assign()
        self.assertFalse(order.picking_ids.move_line_ids)

    def test_one_order_of_two_brands_becomes_two_transfers(self):
        """G13: plain Odoo puts both brands on one slip."""
        order = self._order((self.vitamin, 1), (self.cream, 1), (self.magnesium, 1))
        order.action_confirm()
        pickings = order.picking_ids
        self.assertEqual(len(pickings), 2)
        self.assertEqual(pickings.owner_id, self.brand_a | self.brand_b)
        for picking in pickings:
            self.assertEqual(picking.move_ids.product_id.owner_id, picking.owner_id)

    def test_line_that_is_added_later_joins_the_transfer_of_its_brand(self):
        order = self._order((self.vitamin, 1), (self.cream, 1))
        order.action_confirm()
        order.order_line = [Command.create({"product_id": self.magnesium.id, "product_uom_qty": 1})]
        self.assertEqual(len(order.picking_ids), 2)
        of_a = order.picking_ids.filtered(lambda picking: picking.owner_id == self.brand_a)
        self.assertEqual(of_a.move_ids.product_id, self.vitamin | self.magnesium)

    def test_line_can_name_a_policy_of_its_own(self):
        """A2: the rules of an order line come before those of the customer."""
        for name, days, place in (("V-1", 60, self.bin_3), ("V-2", 300, self.bin_4)):
            self._receive(self._lot(self.vitamin, name, days=days), 5, place)
        named = self.env["stock.lot.policy"].create(
            {"name": "Export", "for_orders": True, "min_life": "days", "min_life_number": 90}
        )
        order = self._order((self.vitamin, 2))
        order.order_line.lot_policy_id = named
        order.action_confirm()
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_ids.lot_policy_id, named)
        self.assertEqual(order.picking_ids.move_line_ids.lot_id.name, "V-2")

    def test_order_of_one_brand_does_not_sell_another_ones_product(self):
        with self.assertRaisesRegex(ValidationError, "Face Cream belongs to Brand B"):
            self._order((self.cream, 1), owner_id=self.brand_a.id)

    def test_quotation_offers_what_is_free_of_its_brand(self):
        """G04: plain Odoo counts the goods of all brands."""
        for owner, free in ((self.brand_a, 10), (self.brand_b, 10), (self.env["res.partner"], 0)):
            with self.subTest(owner=owner.name):
                order = self._order((self.shared, 1), owner_id=owner.id)
                self.assertEqual(order.order_line.free_qty_today, free)
        order = self._order((self.vitamin, 1), (self.cream, 1))
        self._receive(self._lot(self.vitamin, "V-1", days=90), 3, self.bin_3)
        order.order_line.invalidate_recordset()
        self.assertEqual(order.order_line.mapped("free_qty_today"), [3, 0])

    def test_trace_and_recall_name_the_customers_reference(self):
        """R5 B3: the customer's own order number stands on every row."""
        lot = self._lot(self.vitamin, "V-1", days=90)
        self._receive(lot, 5, self.bin_3)
        order = self._order((self.vitamin, 2), client_order_ref="PO-4711")
        order.action_confirm()
        self.assertEqual(order.picking_ids.client_order_ref, "PO-4711")
        order.picking_ids.action_assign()
        self._validate(order.picking_ids)
        rows = self.trace.forward(lot.ids)
        self.assertEqual([(row["client_ref"], row["net"]) for row in rows], [("PO-4711", 2)])
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        recall = recalls.browse(recalls.start(lot.ids, "Metal", is_mock=True)["recall_id"])
        self.assertEqual(recall.shipment_ids.client_ref, "PO-4711")
        found = self.env["stock.picking"].search([("client_order_ref", "=", "PO-4711")])
        self.assertEqual(found, order.picking_ids)

    def test_without_lot_control_orders_work_as_ever(self):
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        order = self._order((self.vitamin, 1), (self.cream, 1), warehouse=plain)
        order.action_confirm()
        self.assertEqual(len(order.picking_ids), 1)
        self.assertFalse(order.picking_ids.move_ids.restrict_partner_id)
