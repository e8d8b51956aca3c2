from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ProductionCommon


@tagged("post_install", "-at_install")
class TestKits(ProductionCommon):
    """Promise 3 and 4: a kit is delivered as its components, each by the rules and by scan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.env["product.product"].create({"name": "Starter Kit", "is_storable": True})
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "product_id": cls.kit.id,
                "type": "phantom",
                "bom_line_ids": [
                    (0, 0, {"product_id": cls.vitamin.id, "product_qty": 2}),
                    (0, 0, {"product_id": cls.magnesium.id, "product_qty": 1}),
                ],
            }
        )
        cls.early = cls._lot(cls.vitamin, "EARLY", days=60)
        cls._receive(cls.early, 4, cls.bin_2)
        cls.env["stock.lot.policy"].search([]).verification = "line"
        cls.other = cls._lot(cls.magnesium, "M-1", days=90)
        cls._receive(cls.other, 10, cls.bin_3)

    def _lots(self, picking):
        return {
            (line.lot_id.name, line.quantity) for line in picking.move_line_ids if line.quantity
        }

    def test_components_of_a_kit_are_reserved_by_the_rules(self):
        delivery = self._delivery([(self.kit, 3)], owner=self.brand_a)
        self.assertEqual(self._lots(delivery), {("EARLY", 4), ("A-100", 2), ("M-1", 3)})
        self.assertEqual(delivery.move_line_ids.owner_id, self.brand_a)

    def test_kit_takes_the_life_that_the_customer_wants(self):
        """S4: a kit is no way around the customer's minimum life."""
        self.env["stock.lot.policy"].create(
            {
                "name": "Rita wants 80 days",
                "customer_id": self.retailer.id,
                "min_life": "days",
                "min_life_number": 80,
            }
        )
        delivery = self._delivery([(self.kit, 2)], owner=self.brand_a, partner=self.retailer)
        self.assertEqual(self._lots(delivery), {("A-100", 4), ("M-1", 2)})

    def test_kit_leaves_when_every_component_is_scanned(self):
        """D01: each component is verified, not the kit."""
        delivery = self._delivery([(self.kit, 1)], owner=self.brand_a)
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "not been verified"):
            delivery.button_validate()
        self._validate(delivery)
        self.assertEqual(delivery.state, "done")

    def test_kit_in_steps_keeps_lots_and_owner(self):
        """B06 G18: what the pick brought goes on, with its owner."""
        self.warehouse.delivery_steps = "pick_ship"
        moves = self._procure(self.kit, 1)
        moves |= self.env["stock.move"].search(
            [("bom_line_id", "in", self.bom.bom_line_ids.ids), ("state", "!=", "done")]
        )
        pick = moves.picking_id
        self.assertEqual((len(pick), pick.owner_id), (1, self.brand_a))
        pick.action_assign()
        self._validate(pick)
        ship = pick.move_ids.move_dest_ids.picking_id
        self.assertEqual(ship.owner_id, self.brand_a)
        self.assertEqual(self._lots(ship), {("EARLY", 2), ("M-1", 1)})
        self._validate(ship)
        self.assertEqual(ship.state, "done")

    def test_held_component_keeps_the_kit_back(self):
        self.env["stock.lot.hold"].with_user(self.qa)._hold(
            self.other, self.env.ref("lot_fefo_3pl.hold_reason_damaged")
        )
        delivery = self._delivery([(self.kit, 1)], owner=self.brand_a)
        self.assertEqual(self._lots(delivery), {("EARLY", 2)})
