from odoo.tests import HttpCase, tagged

from .test_count import CountCommon


class StationLookupTourCommon(CountCommon, HttpCase):
    """Looking up one of each kind in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's browser logs in with the login as password.
        cls.qa.password = cls.qa.login
        package = cls.env["stock.package"].create({"name": "095201230000000028"})
        receipt = cls._picking(cls.warehouse.in_type_id, cls.supplier_location, cls.bin_2)
        cls._move(receipt, cls.vitamin, 5, lot=cls.lot_b)
        receipt.move_line_ids.result_package_id = package
        cls._validate(receipt)
        cls._delivery([(cls.vitamin, 4)]).name = "LOOKUP-1"

    def _look_up(self):
        self.start_tour("/odoo/lot-station", "lot_station_lookup", login=self.qa.login, timeout=90)
        self.assertTrue(self.lot_a.is_held)
        count = self.env["stock.lot.count"].search([("location_id", "=", self.bin_2.id)])
        self.assertEqual((count.state, count.first_user_id), ("counting", self.qa))


@tagged("post_install", "-at_install")
class TestStationLookupHandheld(StationLookupTourCommon):
    """Promise 4: on a handheld, with one thumb."""

    browser_size = "390x844"
    touch_enabled = True

    def test_look_up(self):
        """Bin, lot, product, package, transfer; hold and count from there."""
        self._look_up()


@tagged("post_install", "-at_install")
class TestStationLookupDesk(StationLookupTourCommon):
    """Promise 4: at a desk with a wedge scanner."""

    browser_size = "1440x900"

    def test_look_up(self):
        """Bin, lot, product, package, transfer; hold and count from there."""
        self._look_up()
