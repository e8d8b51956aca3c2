"""Two users at once, with real transactions. Run by the test command on a database of its own."""

import itertools
import os
import threading
import unittest

import odoo.cli  # sets Odoo up as its own commands do
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import config

DATABASE = os.environ["LOT_TEST_DB"]


def setUpModule():
    options = ["-c", os.environ["ODOO_RC"], "-d", DATABASE, "--no-http", "--log-level=critical"]
    config.parse_config(options, setup_logging=True)


class RaceCase(unittest.TestCase):
    """Each test begins with two empty bins of a new controlled warehouse and two lots."""

    @classmethod
    def setUpClass(cls):
        cls.registry = Registry(DATABASE)
        cls.numbers = itertools.count(1)

    def setUp(self):
        with self.registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            warehouse = env["stock.warehouse"].create(
                {"name": self.id(), "code": f"R{next(self.numbers)}", "lot_control": True}
            )
            zone = env["stock.location"].create(
                {"name": "Zone", "location_id": warehouse.lot_stock_id.id}
            )
            bins = env["stock.location"].create(
                [{"name": f"Bin {number}", "location_id": zone.id} for number in (1, 2)]
            )
            self.zone_id = zone.id
            product = env["product.product"].create(
                {"name": self.id(), "is_storable": True, "tracking": "lot"}
            )
            lots = env["stock.lot"].create(
                [{"name": name, "product_id": product.id} for name in ("LA", "LB")]
            )
            self.bin_ids, self.product_id, self.lot_ids = bins.ids, product.id, lots.ids
        self.first, self.second = self.registry.cursor(), self.registry.cursor()
        self.addCleanup(self.first.close)
        self.addCleanup(self.second.close)
        for cursor in (self.first, self.second):
            cursor.execute("SELECT 1")  # both have begun before either changes anything

    def _change(self, cursor, lot, quantity, place=0):
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        env["stock.quant"]._update_available_quantity(
            env["product.product"].browse(self.product_id),
            env["stock.location"].browse(self.bin_ids[place]),
            quantity,
            lot_id=env["stock.lot"].browse(self.lot_ids[lot]),
        )

    def _stock(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT location_id, lot_id, quantity FROM stock_quant"
                " WHERE product_id = %s AND quantity <> 0 ORDER BY id",
                [self.product_id],
            )
            return cr.fetchall()

    def _assert_tried_again(self, function, *args):
        """``function`` fails in a way that makes Odoo begin the transaction again."""
        with self.assertRaises((*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)):
            function(*args)

    def _commit_later(self, cursor):
        thread = threading.Timer(0.5, cursor.commit)
        thread.start()
        self.addCleanup(thread.join)
        return thread


class TestSegregationRaces(RaceCase):
    def test_two_lots_into_one_empty_bin(self):
        """K01: the second receipt begins before the first one commits."""
        self._change(self.first, 0, 5)
        self.first.commit()
        self._change(self.second, 1, 5)
        self._assert_tried_again(self.second.flush)
        self.second.rollback()
        self._change(self.second, 1, 5)
        with self.assertRaisesRegex(ValidationError, "lot LB.*lot LA"):
            self.second.flush()
        self.second.rollback()
        self.assertEqual(self._stock(), [(self.bin_ids[0], self.lot_ids[0], 5)])

    def test_two_lots_into_one_empty_bin_both_running(self):
        """K01: the second receipt waits for the first one, and is tried again."""
        self._change(self.first, 0, 5)
        self._change(self.second, 1, 5)
        self.first.flush()
        waiting = self._commit_later(self.first)
        self._assert_tried_again(self.second.flush)
        waiting.join()
        self.second.rollback()
        self.assertEqual(self._stock(), [(self.bin_ids[0], self.lot_ids[0], 5)])

    def test_first_user_gives_up_and_second_one_gets_the_bin(self):
        self._change(self.first, 0, 5)
        self.first.flush()
        self.first.rollback()
        self._change(self.second, 1, 5)
        self.second.commit()
        self.assertEqual(self._stock(), [(self.bin_ids[0], self.lot_ids[1], 5)])

    def test_one_lot_received_twice_stays_one_row(self):
        """K02: both create the first quant of the lot in the bin."""
        self._change(self.first, 0, 5)
        self._change(self.second, 0, 3)
        self.first.commit()
        self._assert_tried_again(self.second.flush)
        self.second.rollback()
        self._change(self.second, 0, 3)
        self.second.commit()
        self.assertEqual(self._stock(), [(self.bin_ids[0], self.lot_ids[0], 8)])

    def test_quant_in_use_is_waited_for(self):
        """K02: Odoo adds a second row when somebody else is changing the first one."""
        self._change(self.first, 0, 5)
        self.first.commit()
        self.second.rollback()
        self.second.execute("SELECT 1")
        self._change(self.first, 0, 1)
        self.first.flush()
        waiting = self._commit_later(self.first)
        self._assert_tried_again(self._change, self.second, 0, 2)
        waiting.join()
        self.second.rollback()
        self.assertEqual(self._stock(), [(self.bin_ids[0], self.lot_ids[0], 6)])

    def test_swap_while_another_lot_comes(self):
        self._change(self.first, 0, 5, place=0)
        self._change(self.first, 1, 7, place=1)
        self.first.commit()
        self.second.rollback()
        for lot, quantity, place in ((0, -5, 0), (0, 5, 1), (1, -7, 1), (1, 7, 0)):
            self._change(self.second, lot, quantity, place=place)
        self.first.execute("SELECT 1")
        self.second.commit()
        self._assert_tried_again(self._change, self.first, 0, 1)
        self.first.rollback()
        self.assertEqual(
            {(place, lot) for place, lot, _quantity in self._stock()},
            {(self.bin_ids[0], self.lot_ids[1]), (self.bin_ids[1], self.lot_ids[0])},
        )

    def test_two_users_receiving_get_different_bins(self):
        """K08: the second receipt is planned while the first one is, and passes over its bin."""
        first = self._plan_receipt(self.first)
        second = self._plan_receipt(self.second)
        self.first.commit()
        self.second.commit()
        self.assertEqual(len({*first, *second}), 2)

    def test_bin_planned_by_another_user_since_we_began(self):
        """K08: the first receipt is committed after the second user's transaction began."""
        first = self._plan_receipt(self.first)
        self.first.commit()
        self._assert_tried_again(self._plan_receipt, self.second)
        self.second.rollback()
        second = self._plan_receipt(self.second)
        self.second.commit()
        self.assertEqual(len({*first, *second}), 2)

    def _plan_receipt(self, cursor):
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        zone = env["stock.location"].browse(self.zone_id)
        picking = env["stock.picking"].create(
            {
                "picking_type_id": zone.warehouse_id.in_type_id.id,
                "location_id": env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": zone.id,
            }
        )
        env["stock.move"].create(
            {
                "product_id": self.product_id,
                "product_uom_qty": 5,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": zone.id,
            }
        )
        picking.action_confirm()
        return picking.move_line_ids.location_dest_id.ids

    def test_rule_tightened_while_goods_come(self):
        """Goods that come while the rule of their bin changes are bound by the new rule."""
        self._set_rule(self.first, "mixed")
        self.first.commit()
        self.second.rollback()
        self._change(self.second, 0, 5)
        self._change(self.second, 1, 5)
        self.second.flush()
        waiting = self._commit_later(self.second)
        self._assert_tried_again(self._set_rule, self.first, "product")
        waiting.join()
        self.first.rollback()
        with self.assertRaisesRegex(ValidationError, "lot LA.*lot LB"):
            self._set_rule(self.first, "product")
        self.first.rollback()

    def test_goods_come_after_rule_was_tightened(self):
        self._set_rule(self.first, "mixed")
        self.first.commit()
        self.second.rollback()
        self.second.execute("SELECT 1")
        self._set_rule(self.first, "product")
        self.first.commit()
        self._assert_tried_again(self._change, self.second, 0, 5)
        self.second.rollback()

    def _set_rule(self, cursor, rule):
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        env["stock.location"].browse(self.bin_ids[0]).lot_segregation = rule
        cursor.flush()


if __name__ == "__main__":
    unittest.main()
