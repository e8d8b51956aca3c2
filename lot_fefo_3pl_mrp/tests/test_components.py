from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ProductionCommon


@tagged("post_install", "-at_install")
class TestComponents(ProductionCommon):
    """Promise 3: production takes its components by the same rules as an order its goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.early = cls._lot(cls.vitamin, "EARLY", days=60)
        cls._receive(cls.early, 10, cls.bin_2)

    def _order(self, quantity):
        order = self.env["mrp.production"].create(
            {
                "product_id": self.bundle.id,
                "product_qty": quantity,
                "bom_id": (self.bundle.bom_ids or self._bom(self.bundle, self.vitamin)).id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "location_src_id": self.production_stock.id,
                "location_dest_id": self.bin_3.id,
            }
        )
        order.action_confirm()
        order.action_assign()
        return order

    def _finish(self, order, name="B-1"):
        order.lot_producing_ids = self._lot(self.bundle, name)
        order.qty_producing = order.product_qty
        order.move_raw_ids.picked = True
        return order.with_context(skip_expired=True).button_mark_done()

    def test_components_are_taken_first_expired_first_out(self):
        order = self._order(4)
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, self.early)
        self.assertEqual(order.move_raw_ids.move_line_ids.owner_id, self.brand_a)
        self._finish(order)
        self.assertEqual(order.state, "done")
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_rotation, "kept")

    def test_expired_component_is_neither_reserved_nor_consumed(self):
        """F24: plain Odoo consumes expired lots when the caller sends skip_expired."""
        order = self._order(4)
        self.early.expiration_date = fields.Datetime.now() - timedelta(days=2)
        with self.assertRaisesRegex(ValidationError, "EARLY.*expired on"):
            self._finish(order)
        self.assertEqual(self._order(4).move_raw_ids.move_line_ids.lot_id, self.lot)

    def test_held_component_is_neither_reserved_nor_consumed(self):
        """C05: a hold takes components back from production too."""
        order = self._order(4)
        self.env["stock.lot.hold"].with_user(self.qa)._hold(
            self.early, self.env.ref("lot_fefo_3pl.hold_reason_damaged")
        )
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, self.lot)
        line = order.move_raw_ids.move_line_ids
        line.write({"lot_id": self.early.id, "location_id": self.bin_2.id})
        with self.assertRaisesRegex(ValidationError, "EARLY.*held for Damaged"):
            self._finish(order)

    def test_other_component_lot_needs_a_reason(self):
        """B05 B14: the operator names why; the order's dialog asks for it."""
        order = self._order(4)
        line = order.move_raw_ids.move_line_ids
        line.write({"lot_id": self.lot.id, "location_id": self.bin_1.id})
        with self.assertRaisesRegex(ValidationError, "EARLY.*goes first"):
            self._finish(order)
        action = order.with_user(self.operator).action_check_lots()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.operator)
            .with_context(**action["context"])
            .create({"reason": "Opened carton first"})
        )
        self.assertEqual(dialog.line_ids.rule_code, "deviation")
        dialog.action_grant()
        self._finish(order)
        self.assertEqual(order.state, "done")
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_rotation, "broken")

    def test_another_brands_goods_are_not_used_up(self):
        """G02: components of the product's brand only."""
        foreign = self._lot(self.vitamin, "OF-B", days=30)
        self._receive(foreign, 10, self.bin_4, owner=self.brand_b)
        order = self._order(4)
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, self.early)

    def test_typed_consumption_takes_fit_goods(self):
        """C02: a typed quantity takes the same goods as a reservation."""
        order = self._order(4)
        order.do_unreserve()
        self.early.expiration_date = fields.Datetime.now() - timedelta(days=2)
        order.move_raw_ids.quantity = 3
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, self.lot)
