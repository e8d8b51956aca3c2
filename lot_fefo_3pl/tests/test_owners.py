from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestOwners(LotControlCommon):
    """Promise 3 and 6: two brands' goods never travel together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reference = cls.env["stock.reference"].create({"name": "SO1"})

    @classmethod
    def _procure(cls, product, quantity, warehouse=None, **values):
        return super()._procure(product, quantity, warehouse, reference_ids=cls.reference, **values)

    def test_one_order_for_two_brands_becomes_two_transfers(self):
        """G13: plain Odoo merges both brands into one transfer, which the portal then shows."""
        moves = self._procure(self.vitamin, 1) | self._procure(self.cream, 1)
        moves |= self._procure(self.magnesium, 1)
        pickings = moves.picking_id
        self.assertEqual(len(pickings), 2)
        self.assertEqual(pickings.owner_id, self.brand_a | self.brand_b)
        for picking in pickings:
            self.assertEqual(picking.move_ids.product_id.owner_id, picking.owner_id)

    def test_chained_transfers_say_whose_goods_they_are(self):
        """G18 G08: plain Odoo leaves the owner of the next steps empty."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        lot = self._lot(self.vitamin, "A-1", days=100)
        self._receive(lot, 5, self.bin_1)
        ship = self._procure(self.vitamin, 2)
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.vitamin.id), ("state", "!=", "done")]
        )
        pick = moves.filtered(lambda move: move.location_id == self.stock)
        self.assertEqual(ship.picking_id.owner_id, self.brand_a)
        self.assertEqual(pick.picking_id.owner_id, self.brand_a)
        pick.picking_id.action_assign()
        self._validate_verified(pick.picking_id)
        following = pick.move_dest_ids.picking_id
        self.assertEqual(following.owner_id, self.brand_a)
        self.assertEqual(following.move_line_ids.owner_id, self.brand_a)

    def test_without_lot_control_odoo_merges_as_ever(self):
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        moves = self._procure(self.vitamin, 1, plain) | self._procure(self.cream, 1, plain)
        self.assertEqual(len(moves.picking_id), 1)
        self.assertFalse(moves.picking_id.owner_id)
