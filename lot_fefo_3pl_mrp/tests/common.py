from odoo import Command

from odoo.addons.lot_fefo_3pl.tests.test_trace import TraceCommon


class ProductionCommon(TraceCommon):
    """Two products that are made of the vitamin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.production_stock = cls.warehouse.lot_stock_id
        cls._receive(cls.lot, 100, cls.bin_1)
        cls.bundle = cls.env["product.product"].create(
            {
                "name": "Winter Bundle",
                "is_storable": True,
                "tracking": "lot",
                "owner_id": cls.brand_a.id,
            }
        )
        cls.gift = cls.env["product.product"].create(
            {"name": "Gift Bag", "is_storable": True, "tracking": "lot", "owner_id": cls.brand_a.id}
        )

    def _bom(self, product, component, quantity=1, bom_type="normal"):
        return self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_id": product.id,
                "type": bom_type,
                "bom_line_ids": [
                    Command.create({"product_id": component.id, "product_qty": quantity})
                ],
            }
        )

    def _produce(self, product, component_lot, quantity, name=None, source=None):
        """A finished manufacturing order that used exactly this lot; the lot that it made."""
        component = component_lot.product_id
        bom = self.env["mrp.bom"].search([("product_id", "=", product.id)]) or self._bom(
            product, component
        )
        order = self.env["mrp.production"].create(
            {
                "product_id": product.id,
                "product_qty": quantity,
                "bom_id": bom.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "location_src_id": self.production_stock.id,
                "location_dest_id": self.bin_3.id,
            }
        )
        order.action_confirm()
        lot = self.env["stock.lot"]
        if name:
            lot = self._lot(product, name)
            order.lot_producing_ids = lot
        order.qty_producing = quantity
        raw = order.move_raw_ids
        raw.move_line_ids.unlink()
        raw.move_line_ids = [
            Command.create(
                {
                    "product_id": component.id,
                    "lot_id": component_lot.id,
                    "owner_id": component_lot.owner_id.id,
                    "quantity": quantity,
                    "location_id": (source or self.bin_1).id,
                    "location_dest_id": raw.location_dest_id.id,
                }
            )
        ]
        self._give_reason(raw)
        raw.picked = True
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        return order, lot
