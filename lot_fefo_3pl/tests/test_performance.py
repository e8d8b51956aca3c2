from unittest.mock import patch

from odoo.fields import Domain
from odoo.tools import SQL

from .common import LotControlCommon


class TestPerformance(LotControlCommon):
    """What a click costs does not grow with the lines, as far as it is ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.lot.policy"].search([]).write(
            {
                "min_life": "days",
                "min_life_number": 10,
                "ascending": "yes",
                "exclude_returned": "yes",
                "deviation": "force",
            }
        )
        cls.few, cls.many = cls._delivery_of(2), cls._delivery_of(14)

    @classmethod
    def _delivery_of(cls, lines):
        """A reserved delivery with so many products, each in a bin of its own."""
        products = cls.env["product.product"].create(
            [
                {
                    "name": f"P{number} of {lines}",
                    "categ_id": cls.category.id,
                    "is_storable": True,
                    "tracking": "lot",
                    "use_expiration_date": True,
                    "owner_id": cls.brand_a.id,
                }
                for number in range(lines)
            ]
        )
        for product in products:
            lot = cls._lot(product, f"L-{product.id}", days=200)
            place = cls.bin_1.copy({"name": lot.name, "barcode": lot.name})
            cls.env["stock.quant"]._update_available_quantity(
                product, place, 5, lot_id=lot, owner_id=cls.brand_a
            )
        picking = cls._delivery([(product, 2) for product in products], owner=cls.brand_a)
        picking.action_assign()
        return picking

    def _count(self, work, picking):
        """The queries of ``work``; what outlives a transaction has been read before."""
        counts = []
        for _run in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.env.cr.savepoint() as savepoint:
                before = self.env.cr.sql_log_count
                work(picking)
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
                savepoint.close(rollback=True)
        return counts[-1]

    def _assert_constant(self, work):
        self.assertEqual(self._count(work, self.many), self._count(work, self.few))

    def test_the_guards_cost_the_same_for_few_lines_and_many(self):
        self._verify(self.few)
        self._verify(self.many)
        self._assert_constant(lambda picking: picking.move_line_ids._check_lot_done())

    def test_what_stands_against_goods_costs_the_same_for_few_lines_and_many(self):
        self._assert_constant(lambda picking: picking.move_line_ids._get_all_obstacles())

    def test_a_receipt_asks_for_no_push_rule_bin_by_bin(self):
        """Odoo asks for each place from the bin up to the root."""
        bins = self.many.move_line_ids.location_id
        deep = bins[0].copy({"name": "DEEP", "barcode": "DEEP", "location_id": bins[1].id})
        rules, product = self.env["stock.rule"], self.many.move_ids[0].product_id
        values = {"warehouse_id": self.warehouse}
        rules._get_push_rule(product, bins[0], values)
        deep.mapped("location_id.location_id.location_id.location_id.location_id")
        with self.assertQueryCount(0):
            self.assertFalse(rules._get_push_rule(product, deep, values))

    def test_what_is_held_is_one_search_for_moves_that_differ_in_nothing_else(self):
        """Orders of many customers for the same goods are promised by one query."""
        holds = self.env["stock.lot.hold"]
        in_force = [Domain("is_active", "=", True) for _move in range(2)]
        one, other = map(holds._get_held_domain, in_force)
        self.assertEqual(one, other)
        self.assertEqual(hash(one), hash(other))
        moves = (
            self._delivery_to(self.retailer).move_ids | self._delivery_to(self.consumer).move_ids
        )
        needs = dict.fromkeys(moves, 1)
        searches, _numbers = moves._get_allotment_searches(needs)
        self.assertEqual(len(searches), 1)

    def _delivery_to(self, partner):
        product = self.many.move_ids[0].product_id
        return self._delivery([(product, 1)], partner=partner, owner=self.brand_a)

    def test_a_scan_costs_the_same_in_a_large_transfer(self):
        def scan(picking):
            line = picking.move_line_ids[-1]
            answer = picking.lot_scan(line.lot_id.name, location_barcode=line.location_id.barcode)
            self.assertEqual(answer["status"], "ok")

        self._assert_constant(scan)

    def test_a_scan_reads_once_what_has_been_verified(self):
        """The answer counts the lines by what the scan itself has read."""
        line = self.many.move_line_ids[-1]
        self.env.flush_all()
        self.env.invalidate_all()
        scanned = self.env.registry["stock.move"]._get_lot_scanned
        with patch.object(
            self.env.registry["stock.move"], "_get_lot_scanned", autospec=True, side_effect=scanned
        ) as reading:
            answer = self.many.lot_scan(line.lot_id.name, location_barcode=line.location_id.barcode)
        self.assertEqual(answer["picking"]["total"], 14)
        reading.assert_called_once()

    def test_the_goods_that_nobody_owns_are_found_by_an_index(self):
        """The pages of a brand would read the stock of all brands for them."""
        quants = self.env["stock.quant"]
        unowned = quants._search([("owner_id", "=", False), ("lot_id", "=", 1)]).select()
        self.env.cr.execute(SQL("SET LOCAL enable_seqscan = off"))
        [[plan]] = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", unowned))
        self.assertIn("stock_quant_unowned_lot_idx", str(plan))

    def test_lines_are_not_told_their_owner_again(self):
        """Odoo would give back and take again what each line has reserved."""
        self.assertEqual(self.many.move_line_ids.owner_id, self.brand_a)
        self._assert_constant(
            lambda picking: picking.move_line_ids.write({"owner_id": self.brand_a.id})
        )

    def test_another_owner_moves_the_reservation(self):
        line = self.few.move_line_ids[0]
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", line.lot_id.id), ("location_id", "=", line.location_id.id)]
        )
        self.assertEqual(quant.reserved_quantity, 2)
        line.write({"owner_id": self.brand_b.id})
        self.assertEqual(line.owner_id, self.brand_b)
        self.assertEqual(quant.reserved_quantity, 0)

    def test_customers_that_no_policy_names_share_one_resolution(self):
        policies = self.env["stock.lot.policy"]

        def resolve(customer):
            return policies._get_demand_settings(
                self.warehouse, self.brand_a, customer, self.vitamin
            )

        common = resolve(self.consumer)
        self.assertIs(resolve(self.retailer), common)
        policies.create({"name": "R", "customer_id": self.retailer.id, "stop_ship": "none"})
        policies.create({"name": "R", "customer_id": self.retailer.id, "verification": "unit"})
        self.assertEqual(dict(resolve(self.retailer))["verification"], "unit")
        self.assertEqual(resolve(self.consumer), common)
