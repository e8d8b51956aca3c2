from odoo.tests import HttpCase, tagged

from .test_count import CountCommon


class StationCountTourCommon(CountCommon, HttpCase):
    """Counting in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's browser logs in with the login as password.
        cls.operator.password = cls.operator.login

    def _tour(self, name):
        self.start_tour(
            "/odoo/lot-station", f"lot_station_count_{name}", login=self.operator.login, timeout=90
        )

    def _green(self):
        self._tour("green")
        count = self.env["stock.lot.count"].search([("location_id", "=", self.bin_1.id)])
        self.assertEqual((count.state, count.exact, count.round), ("done", True, 1))

    def _difference(self):
        count = self._plan()
        self._tour("difference")
        self.assertEqual((count.state, count.round), ("done", 2))
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 8)
        results = self.env["stock.lot.scan"].search([("picking_name", "=", count.name)])
        self.assertIn("wrong_bin", results.mapped("result"))

    def _unknown_lot(self):
        self._tour("unknown_lot")
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "ZZ9")]))

    def _aside(self):
        self.bin_1.lot_segregation = "lot"
        self.warehouse.count_problem_location_id = self.bin_4
        self._tour("aside")
        self.assertEqual(self._quantity(self.lot_b, self.bin_4), 1)


@tagged("post_install", "-at_install")
class TestStationCountHandheld(StationCountTourCommon):
    """Promise 4: on a handheld, with one thumb."""

    browser_size = "390x844"
    touch_enabled = True

    def test_green(self):
        """What the book says is green at once."""
        self._green()

    def test_difference(self):
        """A difference is counted again, then posted."""
        self._difference()

    def test_unknown_lot(self):
        """An unknown lot is asked about, a damaged label refused."""
        self._unknown_lot()

    def test_put_aside(self):
        """What may not lie there is taken to another place."""
        self._aside()


@tagged("post_install", "-at_install")
class TestStationCountDesk(StationCountTourCommon):
    """Promise 4: at a desk with a wedge scanner."""

    browser_size = "1440x900"

    def test_green(self):
        """What the book says is green at once."""
        self._green()

    def test_difference(self):
        """A difference is counted again, then posted."""
        self._difference()

    def test_unknown_lot(self):
        """An unknown lot is asked about, a damaged label refused."""
        self._unknown_lot()

    def test_put_aside(self):
        """What may not lie there is taken to another place."""
        self._aside()
