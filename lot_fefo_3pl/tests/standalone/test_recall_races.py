"""A recall and shipments at the same moment, with real transactions.

Run by the test command on a database of its own. What has to hold, whoever comes first: a shipment
is in the recall's list or it is refused; never neither.
"""

import os
import random
import threading
import time
import unittest

import odoo
from odoo.exceptions import ConcurrencyError, UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import mute_logger

DATABASE = os.environ["LOT_TEST_DB"]
TRY_AGAIN = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)


def setUpModule():
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", DATABASE, "--no-http"])


def environment(cursor):
    return odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})


class RecallRaceCase(unittest.TestCase):
    """Each test begins with ten units of a lot in one bin."""

    @classmethod
    def setUpClass(cls):
        cls.registry = Registry(DATABASE)
        with cls.registry.cursor() as cr:
            env = environment(cr)
            cls.warehouse_id = (
                env["stock.warehouse"]
                .create({"name": cls.__name__, "code": cls.__name__[-5:], "lot_control": True})
                .id
            )
            # As from a point of sale: nobody scans for these transfers.
            env["stock.lot.policy"].search(
                [("warehouse_id", "=", cls.warehouse_id)]
            ).verification = "none"
            cls.customer_id = env["res.partner"].create({"name": "Consumer"}).id

    def setUp(self):
        with self.registry.cursor() as cr:
            env = environment(cr)
            self.brand_id = env["res.partner"].create({"name": self.id()}).id
            self.product_id = (
                env["product.product"]
                .create(
                    {
                        "name": self.id(),
                        "is_storable": True,
                        "tracking": "lot",
                        "owner_id": self.brand_id,
                    }
                )
                .id
            )
            self.lot_id = env["stock.lot"].create({"name": "L1", "product_id": self.product_id}).id
            stock = env["stock.warehouse"].browse(self.warehouse_id).lot_stock_id
            bins = env["stock.location"].create(
                [{"name": f"{self.id()} {n}", "location_id": stock.id} for n in (1, 2)]
            )
            self.bin_ids = bins.ids
            self._receive(env, 10)
        self.first, self.second = self.registry.cursor(), self.registry.cursor()
        # Transactions that are tried again are what this is about; their errors are no news.
        quiet = mute_logger("odoo.sql_db", "odoo.service.model")
        quiet.__enter__()
        self.addCleanup(quiet.__exit__)
        self.addCleanup(self.first.close)
        self.addCleanup(self.second.close)
        for cursor in (self.first, self.second):
            cursor.execute("SELECT 1")  # both have begun before either changes anything

    # Steps -----------------------------------------------------------------------------------

    def _transfer(self, env, kind, quantity, source_id, target_id):
        """Make and validate a transfer of the lot in one go, as a point of sale does."""
        warehouse = env["stock.warehouse"].browse(self.warehouse_id)
        places = {"location_id": source_id, "location_dest_id": target_id}
        goods = {"product_id": self.product_id, **places}
        picking = env["stock.picking"].create(
            {
                "picking_type_id": warehouse[kind].id,
                "partner_id": self.customer_id,
                "owner_id": self.brand_id,
                **places,
            }
        )
        line = {"lot_id": self.lot_id, "owner_id": self.brand_id, "quantity": quantity, **goods}
        env["stock.move"].create(
            {
                "product_uom_qty": quantity,
                "picking_id": picking.id,
                "picked": True,
                "move_line_ids": [(0, 0, {**line, "picking_id": picking.id})],
                **goods,
            }
        )
        picking.button_validate()
        env.flush_all()

    def _receive(self, env, quantity, place=0):
        source = env.ref("stock.stock_location_suppliers").id
        self._transfer(env, "in_type_id", quantity, source, self.bin_ids[place])

    def _ship(self, env, quantity=1, place=0):
        target = env.ref("stock.stock_location_customers").id
        self._transfer(env, "out_type_id", quantity, self.bin_ids[place], target)

    def _recall(self, env):
        result = env["stock.lot.recall"].start([self.lot_id], "Race")
        env.flush_all()
        return result

    def _in_background(self, function, cursor):
        outcome = {}

        def run():
            try:
                outcome["result"] = function(environment(cursor))
                cursor.commit()
            except (UserError, *TRY_AGAIN) as error:
                outcome["error"] = error
                cursor.rollback()

        thread = threading.Thread(target=run)
        thread.start()
        time.sleep(0.5)
        return thread, outcome

    def _shipped(self):
        """Units that really left, by the ledger."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT COALESCE(SUM(line.quantity_product_uom), 0) FROM stock_move_line line"
                " JOIN stock_location place ON place.id = line.location_dest_id"
                " WHERE line.lot_id = %s AND line.state = 'done' AND place.usage = 'customer'",
                [self.lot_id],
            )
            return cr.fetchone()[0]


class TestRecallRaces(RecallRaceCase):
    def test_shipment_begun_before_the_recall_is_refused_after_it(self):
        """R3: the shipment read the lot when it was still free."""
        self._recall(environment(self.first))
        self.first.commit()
        with self.assertRaises(TRY_AGAIN):
            self._ship(environment(self.second))
        self.second.rollback()
        with self.assertRaisesRegex(UserError, "Recall"):
            self._ship(environment(self.second))

    def test_shipment_validated_while_the_recall_confirms_is_refused(self):
        """R3: the shipment does not slip past goods that the recall has locked."""
        self._recall(environment(self.first))
        thread, outcome = self._in_background(self._ship, self.second)
        self.first.commit()
        thread.join()
        self.assertIsInstance(outcome["error"], TRY_AGAIN)
        self.assertEqual(self._shipped(), 0)

    def test_recall_waits_for_a_running_shipment_and_lists_it(self):
        """R3: the shipment had left already and was not committed yet."""
        self._ship(environment(self.second), 3)
        thread, outcome = self._in_background(self._recall, self.first)
        self.second.commit()
        thread.join()
        self.assertIsInstance(outcome["error"], TRY_AGAIN)
        self.assertEqual(self._recall(environment(self.first))["shipped"], 3)

    def test_shipment_of_goods_that_arrived_after_the_recall_began_is_listed(self):
        """R3: received into a new bin and shipped from it, all unseen by the recall's snapshot."""
        with self.registry.cursor() as cr:
            self._receive(environment(cr), 4, place=1)
        with self.registry.cursor() as cr:
            self._ship(environment(cr), 4, place=1)
        with self.assertRaises(TRY_AGAIN):
            self._recall(environment(self.first))
        self.first.rollback()
        result = self._recall(environment(self.first))
        self.assertEqual((result["shipped"], result["on_hand"]), (4, 10))

    def test_shipment_of_a_warehouse_without_lot_control_is_listed(self):
        """R3: nothing of ours touches the lot there, so only a fresh look finds the shipment."""
        with self.registry.cursor() as cr:
            env = environment(cr)
            values = {"name": f"Plain {self.lot_id}", "code": f"P{self.lot_id}"}
            house = env["stock.warehouse"].create(values)
            place = env["stock.location"].create(
                {"name": "New place", "location_id": house.lot_stock_id.id}
            )
            self.bin_ids += [house.lot_stock_id.id, place.id]
            # In two places before and after, so that Odoo does not write the lot's location.
            self._receive(env, 9, place=2)
        self.first.rollback()
        self.first.execute("SELECT 1")
        for step in (self._receive, self._ship):
            with self.registry.cursor() as cr:
                step(environment(cr), 4, place=3)
        with self.assertRaises(TRY_AGAIN):
            self._recall(environment(self.first))
        self.first.rollback()
        self.assertEqual(self._recall(environment(self.first))["shipped"], 4)

    def test_recall_lists_what_its_own_transaction_shipped(self):
        env = environment(self.first)
        self._ship(env, 2)
        self.assertEqual(self._recall(env)["shipped"], 2)

    def test_recall_among_many_shipments_misses_none(self):
        """R3: eight shippers and one recall; the list equals what really left."""
        refused, results = [], []

        def shipper(seed):
            time.sleep(random.Random(seed).uniform(0, 1.0))
            with self.registry.cursor() as cr:
                env = environment(cr)
                try:
                    retrying(lambda: self._ship(env), env)
                except (UserError, *TRY_AGAIN):
                    refused.append(seed)
                    cr.rollback()

        def recaller():
            time.sleep(0.5)
            with self.registry.cursor() as cr:
                env = environment(cr)
                results.append(retrying(lambda: self._recall(env), env))

        threads = [threading.Thread(target=shipper, args=(seed,)) for seed in range(8)]
        threads.append(threading.Thread(target=recaller))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (result,) = results
        self.assertEqual(result["shipped"], self._shipped())
        self.assertEqual(result["shipped"] + len(refused), 8)
        self.assertEqual(result["on_hand"], 10 - result["shipped"])
