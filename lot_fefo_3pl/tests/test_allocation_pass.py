import random
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from .common import LotControlCommon


class RolledBack(Exception):
    pass


class AllocationPassCommon(LotControlCommon):
    """Reserve one way, look, go back, reserve the other way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bins.lot_segregation = "mixed"
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    @contextmanager
    def _core_route(self):
        """Core reserves move by move; the rules and the order are the same."""
        moves = self.registry["stock.move"]
        with patch.object(moves, "_is_allocated_in_pass", lambda move: False):
            yield

    def _reserve_and_look(self, pickings):
        """Lines, states and quants after reserving, in terms that do not depend on new ids."""
        pickings.move_ids._action_assign()
        self.env.flush_all()
        self.env.invalidate_all()
        moves = pickings.move_ids.sorted("id")
        lines = [
            (
                line.move_id.id,
                line.picking_id.id,
                line.product_id.id,
                line.location_id.id,
                line.location_dest_id.id,
                line.lot_id.id,
                line.package_id.id,
                line.result_package_id.id,
                line.owner_id.id,
                line.company_id.id,
                line.product_uom_id.id,
                round(line.quantity, 6),
                line.picked,
                line.expiration_date,
            )
            for line in moves.move_line_ids.sorted(lambda line: (line.move_id.id, line.id))
        ]
        states = [(move.state, round(move.quantity, 6), move.next_serial_count) for move in moves]
        quants = self.env["stock.quant"].search(
            [("product_id", "in", moves.product_id.ids)], order="id"
        )
        stock = [
            (quant.id, quant.in_date, round(quant.quantity, 6), round(quant.reserved_quantity, 6))
            for quant in quants
        ]
        return {
            "lines": lines,
            "moves": states,
            "quants": stock,
            "pickings": pickings.mapped("state"),
        }

    def _look_and_undo(self, pickings):
        try:
            with self.env.cr.savepoint():
                outcome = self._reserve_and_look(pickings)
                raise RolledBack
        except RolledBack:
            self.env.invalidate_all()
        return outcome

    def _assert_same_outcome(self, pickings):
        """Both routes leave the same behind; returns it."""
        with self._core_route():
            by_core = self._look_and_undo(pickings)
        by_pass = self._look_and_undo(pickings)
        self.assertEqual(by_pass, by_core)
        return by_pass


@tagged("post_install", "-at_install")
class TestAllocationPass(AllocationPassCommon):
    """Promise 3: reserving in one pass takes what core would take, in far fewer queries."""

    def _put(self, product, quantity, place, lot=None, owner=None, package=None):
        self.env["stock.quant"]._update_available_quantity(
            product, place, quantity, lot_id=lot, owner_id=owner, package_id=package
        )

    def _confirmed(self, demand, **kwargs):
        """A delivery that is confirmed and not reserved; ``demand``: (product, quantity, uom)."""
        self.warehouse.out_type_id.reservation_method = "manual"
        picking = self._picking(
            self.warehouse.out_type_id,
            self.stock,
            self.customer_location,
            partner=kwargs.pop("partner", self.consumer),
            owner=kwargs.pop("owner", None),
        )
        for product, quantity, uom in demand:
            self._move(picking, product, quantity, product_uom=uom.id, **kwargs)
        picking.action_confirm()
        return picking

    # Same result ------------------------------------------------------------------------------

    def test_random_warehouses_are_reserved_as_by_core(self):
        """S1 K03: lines, states and quants of both routes are equal, whatever lies there."""
        reserved = 0
        for seed in range(60):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                outcome = self._assert_same_outcome(self._random_orders(random.Random(seed)))
                reserved += len(outcome["lines"])
                savepoint.close(rollback=True)
        self.assertGreater(reserved, 300)

    def _random_orders(self, dice):
        products = self.vitamin | self.magnesium | self.comb | self.flyer | self.cream
        packages = self.env["stock.package"].create([{"name": f"P{n}"} for n in range(2)])
        for product in products:
            self._random_stock(dice, product, packages)
        orders = self.env["stock.picking"]
        for _order in range(dice.randint(1, 4)):
            demand = [
                (
                    dice.choice(products),
                    dice.choice([1, 3, 4.5, 7, 12, 30]),
                    dice.choice([self.dozen, self.flyer.uom_id, self.flyer.uom_id]),
                )
                for _line in range(dice.randint(1, 6))
            ]
            orders |= self._confirmed(
                demand,
                partner=dice.choice([self.consumer, self.retailer]),
                owner=dice.choice([None, None, self.brand_a, self.brand_b]),
            )
        if dice.random() < 0.3:
            # Some are reserved in part already, so that core has to go on from there.
            orders[0].move_ids[0]._action_assign()
        return orders

    def _random_stock(self, dice, product, packages):
        lots = [None]
        if product.tracking == "lot":
            lots = [None] * dice.randint(0, 1) + [
                self._lot(product, f"L{number}", days=dice.choice([-5, 2, 40, 40, 90, None]))
                for number in range(dice.randint(1, 4))
            ]
        for _goods in range(dice.randint(0, 8)):
            self._put(
                product,
                dice.choice([0.5, 1, 2.25, 6, 12, 20]),
                dice.choice(self.bins),
                lot=dice.choice(lots),
                owner=dice.choice([product.owner_id, product.owner_id, self.brand_b, None]),
                package=dice.choice([None, None, *packages]),
            )
        quants = self.env["stock.quant"].search([("product_id", "=", product.id)])
        for quant in quants:
            luck = dice.random()
            if luck < 0.3:
                quant.reserved_quantity = dice.choice([quant.quantity, quant.quantity / 2])
            elif luck < 0.35:
                quant.reserved_quantity = quant.quantity + 1
