from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_station_pick import StationPickCommon


class StationPickTourCommon(StationPickCommon, HttpCase):
    """One picking in a real browser: what is right is green, everything else stops in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's browser logs in with the login as password.
        cls.operator.password = cls.operator.login
        cls.delivery.name = "STATION-1"
        cls.env.company.gs1_company_prefix = "9521234"
        cls.old, cls.held, cls.short = (
            cls._lot(cls.vitamin, name, days=days)
            for name, days in (("VC-OLD", 300), ("VC-HELD", 310), ("VC-SHORT", 320))
        )
        places = cls.env["stock.location"].create(
            [{"name": f"B-0{n}", "location_id": cls.stock.id} for n in range(1, 5)]
        )
        cream = cls._lot(cls.cream, "FC-1", days=300)
        for lot, place in zip((cls.old, cls.held, cls.short, cream), places, strict=True):
            cls._receive(lot, 5, place)
        cls.old.expiration_date = fields.Datetime.now() - timedelta(days=3)
        cls.short.expiration_date = fields.Datetime.now() + timedelta(days=10)
        cls.env["stock.lot.hold"]._hold(cls.held, cls.env.ref("lot_fefo_3pl.hold_reason_damaged"))
        cls.policy.write({"min_life": "days", "min_life_number": 30})
        carton = cls.env["uom.uom"].create(
            {
                "name": "Carton of 3",
                "relative_factor": 3,
                "relative_uom_id": cls.magnesium.uom_id.id,
            }
        )
        cls.env["product.uom"].create(
            {"product_id": cls.magnesium.id, "uom_id": carton.id, "barcode": "19520123456792"}
        )

    def _tour(self, name):
        self.start_tour("/odoo/lot-station", name, login=self.operator.login, timeout=120)

    def _pick(self):
        unit = {"name": "Units", "product_id": self.magnesium.id, "verification": "unit"}
        self.env["stock.lot.policy"].create(unit)
        self._tour("lot_fefo_3pl_station_pick")
        self.assertEqual(self.delivery.state, "done")
        self.assertEqual(self._quantity(self.early, self.bin_1), 16)
        self.assertEqual(self._quantity(self.mag, self.bin_3), 18)
        results = (
            self.env["stock.lot.scan"]
            .search([("picking_ref", "=", self.delivery.id)], order="id")
            .mapped("result")
        )
        self.assertLessEqual(
            {
                "already_done",
                "ask_bin",
                "expired",
                "held",
                "short_dated",
                "too_many",
                "unknown_barcode",
                "unknown_lot",
                "wrong_bin",
                "wrong_lot",
                "wrong_product",
            },
            set(results),
        )
        self.assertEqual(results.count("ok"), 3, "one for the line, two units")

    def _problems(self):
        self._tour("lot_fefo_3pl_station_pick_problems")
        self.assertEqual(self.delivery.state, "done")
        self.assertEqual(self.delivery.move_line_ids.lot_id, self.late | self.mag)
        self.assertEqual(self._quantity(self.mag, self.bin_3), 19)
        overrides = (
            self.env["stock.lot.override"]
            .search([("picking_id", "=", self.delivery.id)])
            .grouped("rule_code")
        )
        self.assertEqual(overrides["unverified"].user_id, self.supervisor)
        self.assertEqual(overrides["unverified"].reason, "Eaten by a mouse")
        self.assertEqual(overrides["deviation"].user_id, self.operator)
        self.assertEqual(self.delivery.backorder_ids.move_ids.product_uom_qty, 1)
        self.assertTrue(self.delivery.move_line_ids.result_package_id)
        events = self.env["stock.lot.audit"].search([]).mapped("event")
        self.assertLessEqual({"line.short", "override.denied", "override.station"}, set(events))


@tagged("post_install", "-at_install")
class TestStationPickHandheld(StationPickTourCommon):
    """Promise 4: on a handheld, with one thumb."""

    browser_size = "390x844"
    touch_enabled = True

    def test_pick(self):
        """S14: right, wrong, offline and after a reload; every refusal is on record."""
        self._pick()

    def test_problems(self):
        """D08 S14: swap, short, label, box, back-order."""
        self._problems()


@tagged("post_install", "-at_install")
class TestStationPickDesk(StationPickTourCommon):
    """Promise 4: at a desk with a wedge scanner."""

    browser_size = "1440x900"

    def test_pick(self):
        """S14: right, wrong, offline and after a reload; every refusal is on record."""
        self._pick()

    def test_problems(self):
        """D08 S14: swap, short, label, box, back-order."""
        self._problems()
