from odoo.tests import HttpCase, tagged

from .test_station_asn import StationAsnCommon
from .test_station_receive import OTHER_SSCC, SSCC


class StationInboundTourCommon(StationAsnCommon, HttpCase):
    """An operator at the dock, in a real browser: green, asked, red, and what came otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's browser logs in with the login as password.
        cls.operator.password = cls.operator.login

    def _check_receive(self):
        self.env["stock.lot.policy"].create(
            {
                "name": "Magnesium comes fresh",
                "product_id": self.magnesium.id,
                "inbound_action": "refuse",
                "inbound_min_days": 90,
            }
        )
        self.receipt.action_cancel()
        self._announce(
            self._row(1, self.vitamin, 48, SSCC, "A-1", 300),
            self._row(2, self.vitamin, 24, OTHER_SSCC, "A-2", 330),
            self._row(3, self.vitamin, 6),
            self._row(4, self.magnesium, 12, "", "M-1", 200),
        )
        self.start_tour(
            "/odoo/lot-station", "lot_fefo_3pl_station_receive", login=self.operator.login
        )
        quants = self.env["stock.quant"].search([("location_id", "in", self.bins.ids)])
        self.assertEqual(
            {quant.location_id.name: (quant.lot_id.name, quant.quantity) for quant in quants},
            {"A-01": ("A-1", 48), "A-02": ("A-2", 24), "A-03": ("A-3", 6), "A-04": ("M-1", 10)},
        )
        self.assertEqual(quants.owner_id, self.brand_a)
        scans = self.env["stock.lot.scan"].search([("user_id", "=", self.operator.id)])
        for code in ("wrong_bin", "wrong_date", "unknown_barcode", "short_dated", "over_receipt"):
            self.assertIn(code, scans.mapped("result"))

    def _check_receive_new(self):
        self.receipt.action_cancel()
        self.start_tour(
            "/odoo/lot-station", "lot_fefo_3pl_station_receive_new", login=self.operator.login
        )
        receipt = self.env["stock.picking"].search([("origin", "=", "SHIP-1")])
        self.assertEqual((receipt.state, receipt.owner_id), ("done", self.brand_b))
        self.assertEqual(receipt.move_line_ids.location_dest_id, self.bin_2)
        self.assertEqual(self._quantity(self._lot(self.cream, "C-1"), self.bin_2), 5)

    def _check_putaway(self):
        self.warehouse.reception_steps = "two_steps"
        self._receive(self._lot(self.vitamin, "B-9", days=300), 5, self.bin_1)
        lot = self._lot(self.vitamin, "A-1", days=300)
        self._receive(lot, 10, self.warehouse.wh_input_stock_loc_id)
        waiting = [("lot_id", "=", lot.id), ("state", "=", "assigned")]
        self.env["stock.move.line"].search(waiting).picking_id.name = "PUT-AWAY-1"
        self.start_tour(
            "/odoo/lot-station", "lot_fefo_3pl_station_putaway", login=self.operator.login
        )
        self.assertEqual(self._quantity(lot, self.bin_2), 4)
        self.assertEqual(self._quantity(lot, self.bin_3), 6)


@tagged("post_install", "-at_install")
class TestStationInboundDesk(StationInboundTourCommon):
    """Promise 1: receiving and putting away at a desk with a wedge scanner."""

    browser_size = "1440x900"

    def test_receive(self):
        self._check_receive()

    def test_receive_new(self):
        self._check_receive_new()

    def test_putaway(self):
        self._check_putaway()


@tagged("post_install", "-at_install")
class TestStationInboundHandheld(StationInboundTourCommon):
    """Promise 1: receiving and putting away on a handheld."""

    browser_size = "390x844"
    touch_enabled = True

    def test_receive(self):
        self._check_receive()

    def test_receive_new(self):
        self._check_receive_new()

    def test_putaway(self):
        self._check_putaway()
