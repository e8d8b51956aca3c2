from odoo.tests import Form, tagged

from .common import ProductionCommon


@tagged("post_install", "-at_install")
class TestProductionOwner(ProductionCommon):
    """Promise 3: what is made of a brand's goods belongs to the brand."""

    def _quant(self, lot):
        return lot.quant_ids.filtered(lambda quant: quant.location_id.usage == "internal")

    def test_product_belongs_to_its_brand_and_is_shipped(self):
        """G01: plain Odoo leaves produced goods to nobody, and nobody's goods do not ship."""
        _order, bundle = self._produce(self.bundle, self.lot, 5, "B-1")
        self.assertEqual(self._quant(bundle).owner_id, self.brand_a)
        delivery = self._delivery([(self.bundle, 2)])
        self.assertEqual(delivery.move_line_ids.lot_id, bundle)
        self._validate(delivery)
        self.assertEqual(delivery.state, "done")

    def test_product_of_no_brand_belongs_to_the_only_owner_of_its_components(self):
        self.bundle.owner_id = False
        _order, bundle = self._produce(self.bundle, self.lot, 5, "B-1")
        self.assertEqual(self._quant(bundle).owner_id, self.brand_a)
        delivery = self._delivery([(self.bundle, 2)], owner=self.brand_a)
        self.assertEqual(delivery.move_line_ids.lot_id, bundle)

    def test_product_of_two_brands_components_is_left_to_people(self):
        self.bundle.owner_id = False
        other = self._lot(self.vitamin, "OF-B", days=200)
        self._receive(other, 5, self.bin_2, owner=self.brand_b)
        order = self.env["mrp.production"].create(
            {
                "product_id": self.bundle.id,
                "product_qty": 2,
                "bom_id": self._bom(self.bundle, self.vitamin).id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "location_src_id": self.production_stock.id,
                "location_dest_id": self.bin_3.id,
            }
        )
        order.action_confirm()
        bundle = self._lot(self.bundle, "B-1")
        order.lot_producing_ids = bundle
        order.qty_producing = 2
        raw = order.move_raw_ids
        line = raw.move_line_ids[:1]
        line.quantity = 1
        second = line.copy({"lot_id": other.id, "location_id": self.bin_2.id, "quantity": 1})
        second.owner_id = self.brand_b
        approvals = self.env["stock.lot.override"]
        lines = line | second
        self.assertTrue(lines._get_lot_obstacles(), "another brand's goods are refused")
        self.assertFalse(approvals.search([("move_id", "=", raw.id)]))

    def test_unbuilt_goods_go_back_to_their_owner(self):
        order, bundle = self._produce(self.bundle, self.lot, 5, "B-1")
        self.vitamin.owner_id = False
        form = Form(self.env["mrp.unbuild"].with_context(default_mo_id=order.id))
        form.lot_id = bundle
        form.location_id = self.bin_3
        form.location_dest_id = self.bin_4
        unbuild = form.save()
        unbuild.action_unbuild()
        back = self.env["stock.move.line"].search(
            [("move_id.unbuild_id", "=", unbuild.id), ("lot_id", "=", self.lot.id)]
        )
        self.assertEqual(back.owner_id, self.brand_a)
