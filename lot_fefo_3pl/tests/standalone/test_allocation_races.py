"""Many users reserve the same few products at once, with real processes and commits.

Run by the test command on a database of its own. What has to hold, whoever comes first: no unit is
promised twice, and every transfer gets its goods as long as there are any.
"""

import logging
import multiprocessing
import os
import unittest

import psycopg2

import odoo
import odoo.sql_db
from odoo.exceptions import ConcurrencyError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, execute_cr
from odoo.tools import mute_logger

DATABASE = os.environ["LOT_TEST_DB"]
TRY_AGAIN = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
WORKERS = 8
PRODUCTS = 10
BINS = 5
IN_A_BIN = 40
PATIENCE = 120


def setUpModule():
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", DATABASE, "--no-http"])


def environment(cursor):
    return odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})


def check_availability(registry, picking_id):
    """As a request does it: the method is called by name, and tried again when refused."""
    with registry.cursor() as cr:
        arguments = ([[picking_id]], {})
        execute_cr(cr, odoo.SUPERUSER_ID, "stock.picking", "action_assign", *arguments)


def work(registry, picking_ids, gate, answers):
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)  # refused, and tried again
    gate.wait()
    for picking_id in picking_ids:
        try:
            check_availability(registry, picking_id)
        except psycopg2.Error as error:
            answers.put(str(error))
        else:
            answers.put(None)


class AllocationRaceCase(unittest.TestCase):
    """A controlled warehouse with ten products, 200 units of each in five bins."""

    @classmethod
    def setUpClass(cls):
        cls.registry = Registry(DATABASE)
        with cls.registry.cursor() as cr:
            warehouse = environment(cr)["stock.warehouse"].create(
                {"name": cls.__name__, "code": cls.__name__[-5:], "lot_control": True}
            )
            warehouse.out_type_id.reservation_method = "manual"
            cls.warehouse_id = warehouse.id

    def setUp(self):
        with self.registry.cursor() as cr:
            env = environment(cr)
            self.product_ids = (
                env["product.product"]
                .create(
                    [
                        {"name": f"{self.id()} {n}", "is_storable": True, "tracking": "lot"}
                        for n in range(PRODUCTS)
                    ]
                )
                .ids
            )
            self._fill_bins(env)

    def _fill_bins(self, env):
        stock = env["stock.warehouse"].browse(self.warehouse_id).lot_stock_id
        bins = env["stock.location"].create(
            [{"name": f"{self.id()} {n}", "location_id": stock.id} for n in range(BINS)]
        )
        for product in env["product.product"].browse(self.product_ids):
            for place in bins:
                lot = env["stock.lot"].create({"name": place.name, "product_id": product.id})
                env["stock.quant"]._update_available_quantity(product, place, IN_A_BIN, lot_id=lot)

    def _deliveries(self, count, quantity):
        with self.registry.cursor() as cr:
            env = environment(cr)
            kind = env["stock.warehouse"].browse(self.warehouse_id).out_type_id
            customer = env.ref("stock.stock_location_customers")
            pickings = env["stock.picking"].create(
                [
                    {
                        "picking_type_id": kind.id,
                        "location_id": kind.default_location_src_id.id,
                        "location_dest_id": customer.id,
                        "move_ids": [
                            odoo.Command.create(
                                {
                                    "product_id": product_id,
                                    "product_uom_qty": quantity,
                                    "location_id": kind.default_location_src_id.id,
                                    "location_dest_id": customer.id,
                                }
                            )
                            for product_id in self.product_ids
                        ],
                    }
                    for _number in range(count)
                ]
            )
            pickings.action_confirm()
            return pickings.ids

    def _reserve_at_once(self, picking_ids):
        """All workers reserve their share; the errors that reached a user."""
        odoo.sql_db.close_all()  # a forked worker may share no connection
        context = multiprocessing.get_context("fork")
        gate, answers = context.Barrier(WORKERS), context.Queue()
        processes = [
            context.Process(
                target=work, args=(self.registry, picking_ids[n::WORKERS], gate, answers)
            )
            for n in range(WORKERS)
        ]
        for process in processes:
            process.start()
        try:
            answered = [answers.get(timeout=PATIENCE) for _picking in picking_ids]
        finally:
            for process in processes:
                process.join(timeout=5)
                if process.is_alive():
                    process.kill()
        return [answer for answer in answered if answer]

    def _rows(self, query):
        with self.registry.cursor() as cr:
            cr.execute(query, [self.product_ids])
            return cr.fetchall()

    def _assert_no_unit_twice(self):
        self.assertEqual(
            self._rows(
                "SELECT id, quantity, reserved_quantity FROM stock_quant"
                " WHERE product_id = ANY(%s) AND reserved_quantity > COALESCE(quantity, 0)"
            ),
            [],
        )
        self.assertEqual(
            self._rows(
                "SELECT lot_id, location_id, SUM(quantity_product_uom) FROM stock_move_line"
                " WHERE product_id = ANY(%s) AND state NOT IN ('done', 'cancel')"
                " GROUP BY lot_id, location_id EXCEPT"
                " SELECT lot_id, location_id, reserved_quantity FROM stock_quant"
            ),
            [],
            "the lines promise something else than the quants say",
        )

    def _states(self):
        return dict(
            self._rows(
                "SELECT state, COUNT(*) FROM stock_move WHERE product_id = ANY(%s) GROUP BY state"
            )
        )

    def _reserved(self):
        [[reserved]] = self._rows(
            "SELECT SUM(reserved_quantity) FROM stock_quant WHERE product_id = ANY(%s)"
        )
        return reserved


class TestAllocationRaces(AllocationRaceCase):
    def test_eight_workers_share_ten_hot_products(self):
        """K03: every transfer is reserved, no unit is promised twice, nobody gets an error."""
        pickings = self._deliveries(64, 3)
        self.assertEqual(self._reserve_at_once(pickings), [])
        self._assert_no_unit_twice()
        self.assertEqual(self._states(), {"assigned": 640})

    def test_eight_workers_want_more_than_there_is(self):
        """K03: what is there is promised to the last unit, and no more."""
        self.assertEqual(self._reserve_at_once(self._deliveries(32, 7)), [])
        self._assert_no_unit_twice()
        self.assertEqual(self._reserved(), PRODUCTS * BINS * IN_A_BIN)

    @mute_logger("odoo.sql_db")
    def test_second_one_is_refused_when_the_first_commits_in_between(self):
        """K04: a reservation inside a longer operation cannot wait, so it is tried again."""
        first, second = self._deliveries(2, 3)
        with self.registry.cursor() as cr, self.registry.cursor() as other:
            other.execute("SELECT 1")  # has seen the stock of before
            environment(cr)["stock.picking"].browse(first).move_ids._action_assign()
            cr.commit()
            with self.assertRaises(TRY_AGAIN):
                environment(other)["stock.picking"].browse(second).move_ids._action_assign()
            other.rollback()
            environment(other)["stock.picking"].browse(second).move_ids._action_assign()
        self._assert_no_unit_twice()

    @mute_logger("odoo.sql_db")
    def test_reserved_goods_that_left_meanwhile_are_not_promised(self):
        """K05 K06: the first ships what it reserved, the second sees it and takes the next bin."""
        first, second = self._deliveries(2, IN_A_BIN)
        with self.registry.cursor() as cr, self.registry.cursor() as other:
            other.execute("SELECT 1")
            moves = environment(cr)["stock.picking"].browse(first).move_ids
            moves._action_assign()
            cr.execute(
                "UPDATE stock_quant SET quantity = quantity - reserved_quantity,"
                " reserved_quantity = 0 WHERE product_id = ANY(%s) AND reserved_quantity > 0",
                [self.product_ids],
            )
            cr.commit()
            with self.assertRaises(TRY_AGAIN):
                environment(other)["stock.picking"].browse(second).move_ids._action_assign()
        check_availability(self.registry, second)
        self.assertEqual(
            self._rows(
                "SELECT COUNT(*) FROM stock_quant"
                " WHERE product_id = ANY(%s) AND quantity = 0 AND reserved_quantity > 0"
            ),
            [(0,)],
        )

    def test_turn_ends_with_the_transaction(self):
        """A turn that is left over would stop everybody for good."""
        pickings = self._deliveries(WORKERS, 3)
        self.assertEqual(self._reserve_at_once(pickings), [])
        [[locks]] = self._rows(
            "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = ANY(%s)"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        self.assertEqual(locks, 0)


if __name__ == "__main__":
    unittest.main()
