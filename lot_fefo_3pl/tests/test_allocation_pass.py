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
        for seed in range(30):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                outcome = self._assert_same_outcome(self._random_orders(random.Random(seed)))
                reserved += len(outcome["lines"])
                savepoint.close(rollback=True)
        self.assertGreater(reserved, 150)

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
            lots = [
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

    def test_goods_for_inside_get_their_bins(self):
        """Put-away rules and whole packages apply to what the pass reserved."""
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.wh_input_stock_loc_id.id}
        )
        self.env["stock.putaway.rule"].create(
            {
                "product_id": self.comb.id,
                "location_in_id": self.warehouse.wh_input_stock_loc_id.id,
                "location_out_id": shelf.id,
            }
        )
        package = self.env["stock.package"].create({"name": "PALLET"})
        lot = self._lot(self.comb, "C1")
        self._put(self.comb, 8, self.bin_1, lot=lot, owner=self.brand_b)
        self._put(self.flyer, 5, self.bin_2, package=package)
        self.warehouse.int_type_id.reservation_method = "manual"
        transfer = self._picking(
            self.warehouse.int_type_id, self.stock, self.warehouse.wh_input_stock_loc_id
        )
        self._move(transfer, self.comb, 6)
        self._move(transfer, self.flyer, 5)
        transfer.action_confirm()
        self._assert_same_outcome(transfer)
        transfer.action_assign()
        combs, flyers = transfer.move_ids.move_line_ids.sorted("product_id")
        self.assertEqual(combs.location_dest_id, shelf)
        self.assertEqual(flyers.result_package_id, package)

    def test_what_the_pass_leaves_to_core(self):
        """Serial numbers, full packagings, and transfers that have lines already."""
        serial = self.env["product.product"].create(
            {"name": "Scale", "is_storable": True, "tracking": "serial"}
        )
        for number in range(3):
            self._put(serial, 1, self.bin_1, lot=self._lot(serial, f"S{number}"))
        self._put(self.flyer, 13, self.bin_2)
        flyers = self.flyer
        flyers.categ_id = self.category
        self.category.packaging_reserve_method = "full"
        unit = flyers.uom_id
        orders = self._confirmed([(serial, 2, unit)])
        orders |= self._confirmed([(flyers, 14, unit)])
        orders |= self._confirmed([(serial, 4, unit)])
        orders.move_ids[1].packaging_uom_id = self.dozen
        outcome = self._assert_same_outcome(orders)
        self.assertEqual(
            [state for state, *_rest in outcome["moves"]],
            ["assigned", "partially_available", "partially_available"],
        )
        orders.move_ids._action_assign()
        self.assertEqual(orders.move_ids[1].quantity, 12)
        self._put(flyers, 60, self.bin_3)
        self._assert_same_outcome(orders)

    def test_module_that_asks_for_a_certain_lot_gets_it(self):
        """What the pass had put aside for that move is given back first."""
        late, early = self._lot(self.vitamin, "LATE", 300), self._lot(self.vitamin, "EARLY", 60)
        for lot in late | early:
            self._put(self.vitamin, 10, self.bin_1, lot=lot, owner=self.brand_a)
        unit = self.vitamin.uom_id
        orders = self._confirmed([(self.vitamin, 3, unit)])
        orders |= self._confirmed([(self.vitamin, 4, unit)])
        moves = self.registry["stock.move"]
        reserve = moves._update_reserved_quantity
        first, second = orders.move_ids

        def restricted(move, need, location, lot_id=None, **kwargs):
            return reserve(move, need, location, lot_id=late if move == second else None, **kwargs)

        with patch.object(moves, "_update_reserved_quantity", restricted):
            orders.move_ids._action_assign()
        self.assertEqual(second.move_line_ids.lot_id, late)
        self.assertEqual(first.move_line_ids.lot_id, early)
        reserved = {quant.lot_id: quant.reserved_quantity for quant in (late | early).quant_ids}
        self.assertEqual(reserved, {early: 3, late: 4})

    def test_trimmed_proposals_are_free_for_the_next_move(self):
        """A rule about a whole line refuses goods on both routes alike."""
        for number, days in enumerate((30, 60, 90)):
            lot = self._lot(self.vitamin, f"L{number}", days)
            self._put(self.vitamin, 5, self.bins[number], lot=lot, owner=self.brand_a)
        unit = self.vitamin.uom_id
        orders = self._confirmed([(self.vitamin, 12, unit)])
        orders |= self._confirmed([(self.vitamin, 12, unit)])
        moves = self.registry["stock.move"]
        with patch.object(moves, "_trim_lot_proposal", lambda move, goods, earlier: goods[:1]):
            outcome = self._assert_same_outcome(orders)
        self.assertEqual(len(outcome["lines"]), 2)
        self.assertEqual({state for state, *_rest in outcome["moves"]}, {"partially_available"})

    def test_forged_context_reserves_as_ever(self):
        """A caller can send the keys of the context, not the objects that they carry."""
        self._put(self.flyer, 30, self.bin_2)
        order = self._confirmed([(self.flyer, 14, self.flyer.uom_id)])
        forged = {"lot_fefo_3pl_ledger": True, "lot_fefo_3pl_allocation": {"taken": 14}}
        order.with_context(**forged).action_assign()
        self.assertEqual(order.move_line_ids.quantity, 14)
        quant = self.env["stock.quant"].search([("product_id", "=", self.flyer.id)])
        self.assertEqual(sum(quant.mapped("reserved_quantity")), 14)

    # Cost -------------------------------------------------------------------------------------

    def test_queries_do_not_grow_with_the_goods_nor_with_the_lines(self):
        """One search, one lock, one update, whatever is there; at most one query per line.

        Two more tell PostgreSQL how to read many products.
        """
        few = self._count_queries(lines=2, candidates=2)
        self.assertEqual(self._count_queries(lines=2, candidates=40), few)
        self.assertLessEqual(self._count_queries(lines=20, candidates=2), few + 18 + 2)
        with self._core_route():
            self.assertGreater(self._count_queries(lines=2, candidates=2), few)

    def _count_queries(self, lines, candidates):
        with self.env.cr.savepoint() as savepoint:
            products = self.env["product.product"].create(
                [
                    {
                        "name": f"P{number}",
                        "is_storable": True,
                        "tracking": "lot",
                        "categ_id": self.category.id,
                    }
                    for number in range(lines)
                ]
            )
            for product in products:
                for number in range(candidates):
                    self._put(product, 5, self.bin_1, lot=self._lot(product, f"L{number}"))
            order = self._confirmed([(product, 7, product.uom_id) for product in products])
            self._look_and_undo(order)  # fills the caches that outlive a transaction
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.move_ids._action_assign()
            self.env.flush_all()
            self.assertEqual(set(order.move_ids.mapped("state")), {"assigned"})
            count = self.env.cr.sql_log_count - before
            savepoint.close(rollback=True)
        return count
