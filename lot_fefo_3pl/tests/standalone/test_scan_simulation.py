"""10,000 simulated scans in force mode: not one wrong unit is accepted.

Run by the test command on a database of its own, in two processes with different mistakes. The
small brother of this test is ``tests/test_station_scans.py``.
"""

import os
import unittest
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

DATABASE = os.environ["LOT_TEST_DB"]
SEEDS = (1, 2)
SCANS = 5000


def simulate(seed):
    """``(scans, results, faults, wrong)`` of one process; nothing is committed."""
    import odoo
    from odoo.modules.registry import Registry

    options = ["-c", os.environ["ODOO_RC"], "-d", DATABASE, "--no-http", "--log-level=error"]
    odoo.tools.config.parse_config(options)
    registry = Registry(DATABASE)

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


class TestScanSimulation(unittest.TestCase):
    def test_ten_thousand_scans(self):
        """S14 B28: 0 wrong units accepted, and the boxes hold what left by the books."""
        with ProcessPoolExecutor(len(SEEDS), mp_context=get_context("spawn")) as pool:
            outcomes = list(pool.map(simulate, SEEDS))
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
