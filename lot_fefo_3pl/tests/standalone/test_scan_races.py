"""Two devices scanning at the same moment, with real transactions.

Run by the test command on a database of its own. What has to hold: a unit is verified once, and a
scan that is sent twice counts once, however the two transactions overlap.
"""

import os
import threading
import unittest
import uuid

import odoo
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import mute_logger

DATABASE = os.environ["LOT_TEST_DB"]


def setUpModule():
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", DATABASE, "--no-http"])


def environment(cursor):
    return odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})


class ScanRaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.registry = Registry(DATABASE)

    def setUp(self):
        with self.registry.cursor() as cr:
            env = environment(cr)
            name = uuid.uuid4().hex
            warehouse = env["stock.warehouse"].create(
                {"name": name, "code": name[:5], "lot_control": True}
            )
            product = env["product.product"].create(
                {"name": self.id(), "is_storable": True, "tracking": "lot"}
            )
            lot = env["stock.lot"].create({"name": "L1", "product_id": product.id})
            place = env["stock.location"].create(
                {"name": self.id(), "location_id": warehouse.lot_stock_id.id}
            )
            env["stock.quant"]._update_available_quantity(product, place, 50, lot_id=lot)
            places = {
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": env.ref("stock.stock_location_customers").id,
            }
            picking = env["stock.picking"].create(
                {"picking_type_id": warehouse.out_type_id.id, **places}
            )
            move = {"product_id": product.id, "product_uom_qty": 5, "picking_id": picking.id}
            env["stock.move"].create({**move, **places})
            picking.action_confirm()
            self.picking_id = picking.id
            self.assertEqual(picking.move_line_ids.lot_id, lot)
        quiet = mute_logger("odoo.sql_db", "odoo.service.model")
        quiet.__enter__()
        self.addCleanup(quiet.__exit__)

    def _scan(self, env, **options):
        return env["stock.picking"].browse(self.picking_id).lot_scan("L1", **options)

    def _overlapping(self, first_options, second_options):
        """Two scans in transactions that began before either wrote; both answers."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            for cursor in (first, second):
                cursor.execute("SELECT 1")
            answer = self._scan(environment(first), **first_options)
            answers = []
            thread = threading.Thread(
                target=lambda: answers.append(self._retried(second, **second_options))
            )
            thread.start()
            thread.join(0.5)
            first.commit()
            thread.join()
        return answer, *answers

    def _retried(self, cursor, **options):
        env = environment(cursor)
        answer = retrying(lambda: self._scan(env, **options), env)
        cursor.commit()
        return answer

    def _line(self, cr):
        return environment(cr)["stock.picking"].browse(self.picking_id).move_line_ids

    def test_last_unit_is_verified_once(self):
        """S14: two pickers at one bin; the second is told that nothing is left."""
        first, second = self._overlapping({"quantity": 5}, {"quantity": 5})
        self.assertEqual((first["code"], second["code"]), ("ok", "already_done"))

    def test_scan_sent_twice_at_the_same_time_counts_once(self):
        """S14: a device that lost the connection sends again while the first is still running."""
        options = {"quantity": 2, "uid": uuid.uuid4().hex}
        first, second = self._overlapping(options, options)
        self.assertEqual(first, second)
        with self.registry.cursor() as cr:
            self.assertEqual(self._line(cr).lot_verified_qty, 2)

    def test_many_devices_verify_no_more_than_the_line(self):
        """S14: eight devices, one unit each, five units wanted."""
        codes = []

        def device():
            with self.registry.cursor() as cursor:
                codes.append(self._retried(cursor, quantity=1)["code"])

        threads = [threading.Thread(target=device) for _device in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(codes), ["already_done"] * 3 + ["ok"] * 5)
        with self.registry.cursor() as cr:
            self.assertEqual(self._line(cr).lot_verified_qty, 5)
