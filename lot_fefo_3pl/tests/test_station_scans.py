from odoo.tests import tagged

from .common import LotControlCommon
from .scan_simulation import FAULTS, ScanSimulation

SCANS = 800


@tagged("post_install", "-at_install")
class TestStationScans(LotControlCommon):
    """Promise 4: no wrong unit is accepted, whatever is held before the scanner.

    The same simulation runs with 10,000 scans in ``tests/standalone``.
    """

    def test_no_wrong_unit_is_accepted(self):
        """S14 B28: force mode, random goods and labels; every box holds what left by the books."""
        simulation = ScanSimulation(self, seed=20261122).run(SCANS)
        self.assertEqual(simulation.wrong, [])
        self.assertGreaterEqual(simulation.scans, SCANS)
        self.assertGreater(simulation.results["ok"], SCANS / 10)
        self.assertLessEqual(set(FAULTS), set(simulation.faults))
        self.assertLessEqual(
            {"wrong_lot", "wrong_bin", "wrong_product", "held", "expired", "too_many"},
            set(simulation.results),
        )
