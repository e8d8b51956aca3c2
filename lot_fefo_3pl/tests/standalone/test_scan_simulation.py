"""10,000 simulated scans in force mode: not one wrong unit is accepted.

Run by the test command on a database of its own and a copy of it, in two processes with different
mistakes. The small brother of this test is ``tests/test_station_scans.py``.
"""

import os
import unittest
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context

import psycopg2

DATABASE = os.environ["LOT_TEST_DB"]
COPY = f"{DATABASE}_copy"
SCANS = 5000


def simulate(seed, database):
    """``(scans, results, faults, wrong)`` of one process; nothing is committed."""
    import odoo
    from odoo.modules.registry import Registry

    options = ["-c", os.environ["ODOO_RC"], "-d", database, "--no-http", "--log-level=error"]
    odoo.tools.config.parse_config(options)
    registry = Registry(database)

    from odoo.addons.lot_fefo_3pl.tests.common import LotControlCommon
    from odoo.addons.lot_fefo_3pl.tests.scan_simulation import ScanSimulation

    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        world = type("World", (LotControlCommon,), {"env": env})
        for name in ("partners", "warehouse", "products", "users"):
            getattr(world, f"_create_{name}")()
        simulation = ScanSimulation(world, seed).run(SCANS)
        cr.rollback()
        return (
            simulation.scans,
            dict(simulation.results),
            dict(simulation.faults),
            [str(what) for what in simulation.wrong],
        )


def execute(query):
    """Run a statement that no transaction may contain."""
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query)


class TestScanSimulation(unittest.TestCase):
    def setUp(self):
        drop = f'DROP DATABASE IF EXISTS "{COPY}"'
        self.addCleanup(execute, drop)
        execute(drop)
        execute(f'CREATE DATABASE "{COPY}" TEMPLATE "{DATABASE}"')

    def test_ten_thousand_scans(self):
        """S14 B28: 0 wrong units accepted, and the boxes hold what left by the books."""
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            outcomes = list(pool.map(simulate, (1, 2), (DATABASE, COPY)))
        results, faults = Counter(), Counter()
        for scans, some_results, some_faults, wrong in outcomes:
            self.assertEqual(wrong, [])
            self.assertGreaterEqual(scans, SCANS)
            results.update(some_results)
            faults.update(some_faults)
        self.assertGreaterEqual(sum(results.values()), 10000)
        self.assertGreater(results["ok"], 1000)
        self.assertGreater(faults["separator lost"], 100)
        self.assertIn("suspect_separator", results)


if __name__ == "__main__":
    unittest.main()
