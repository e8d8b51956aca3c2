from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .segregation_common import SegregationCommon


@tagged("post_install", "-at_install")
class TestSegregationSerial(SegregationCommon):
    """Promise 2: serial numbers of a product that expire on the same day count as one lot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.thermometer, cls.lamp = cls.env["product.product"].create(
            [
                {
                    "name": "Thermometer",
                    "is_storable": True,
                    "tracking": "serial",
                    "use_expiration_date": True,
                    "expiration_time": 500,
                    "owner_id": cls.brand_a.id,
                },
                {"name": "Lamp", "is_storable": True, "tracking": "serial"},
            ]
        )
        # At noon, so that a test that runs at midnight has the same days.
        cls.noon = fields.Datetime.now().replace(hour=12) + timedelta(days=400)

    def _serials(self, product, *names, day=0, dated=True):
        moment = self.noon + timedelta(days=day) if dated else False
        return self.env["stock.lot"].create(
            [{"product_id": product.id, "name": name, "expiration_date": moment} for name in names]
        )

    def _receive_all(self, lots, location):
        for lot in lots:
            self._receive(lot, 1, location)
        self.env.cr.flush()

    # What counts as one lot ------------------------------------------------------------------

    def test_serial_numbers_of_one_day_share_a_bin_under_every_rule(self):
        for rule, place in zip(("expiry", "package", "product", "lot"), self.bins, strict=True):
            with self.subTest(rule=rule):
                place.lot_segregation = rule
                serials = self._serials(self.thermometer, f"{rule}-1", f"{rule}-2")
                self._receive_all(serials, place)
                self.assertEqual(place.quant_ids.lot_id, serials)

    def test_serial_numbers_of_two_days_are_kept_apart_and_named_with_their_days(self):
        self._receive_all(self._serials(self.thermometer, "S-1"), self.bin_1)
        other = self._serials(self.thermometer, "S-2", day=1)
        for rule in ("product", "package", "expiry", "lot"):
            self.bin_1.lot_segregation = rule
            with (
                self.subTest(rule=rule),
                self._assert_refused(
                    "cannot take .*Thermometer, serial number S-2, expires",
                    "holds .*serial number S-1, expires",
                    "nearest free location is .*A-02",
                ),
            ):
                self._receive(other, 1, self.bin_1)

    def test_undated_serial_numbers_share_a_bin_and_not_with_dated_ones(self):
        self._receive_all(self._serials(self.lamp, "L-1", "L-2", dated=False), self.bin_1)
        self.assertEqual(len(self.bin_1.quant_ids), 2)
        with self._assert_refused("L-3, expires", "L-[12] without expiry date"):
            self._receive(self._serials(self.lamp, "L-3"), 1, self.bin_1)

    def test_one_lot_only_keeps_products_of_one_day_apart(self):
        self.bin_1.lot_segregation = "lot"
        self._receive_all(self._serials(self.thermometer, "S-1"), self.bin_1)
        with self._assert_refused("Lamp", "Thermometer", "One lot only"):
            self._receive(self._serials(self.lamp, "L-1"), 1, self.bin_1)

    def test_lots_beside_serial_numbers(self):
        self.bin_1.lot_segregation = "lot"
        self._receive(self.lot_a, 5, self.bin_1)
        with self._assert_refused("Lamp", "lot A-100", "One lot only"):
            self._receive(self._serials(self.lamp, "L-1", dated=False), 1, self.bin_1)

    # What changes later ----------------------------------------------------------------------

    def test_changed_expiry_of_a_serial_number_is_refused_beside_others(self):
        serials = self._serials(self.thermometer, "S-1", "S-2")
        self._receive_all(serials, self.bin_1)
        with self._assert_refused("S-[12], expires", "One lot per product"):
            serials[1].expiration_date = self.noon + timedelta(days=3)

    def test_changed_expiry_of_a_serial_number_alone_is_what_counts(self):
        first, second = self._serials(self.thermometer, "S-1", "S-2")
        self._receive_all(first, self.bin_1)
        first.expiration_date = second.expiration_date = self.noon + timedelta(days=3)
        self._receive_all(second, self.bin_1)
        with self._assert_refused("S-3"):
            self._receive(self._serials(self.thermometer, "S-3"), 1, self.bin_1)

    def test_changed_tracking_is_refused_where_it_breaks_a_rule(self):
        self._receive_all(self._serials(self.thermometer, "S-1", "S-2"), self.bin_1)
        with self._assert_refused("Move the goods apart first", "A-01 holds", "S-1", "S-2"):
            self.thermometer.tracking = "lot"

    def test_changed_tracking_is_followed_where_it_breaks_nothing(self):
        self._receive_all(self._serials(self.thermometer, "S-1"), self.bin_1)
        self.thermometer.tracking = "lot"
        self.env.cr.flush()
        with self._assert_refused("lot S-2", "lot S-1"):
            self._receive(self._serials(self.thermometer, "S-2"), 1, self.bin_1)
        self.thermometer.tracking = "serial"
        self._receive_all(self._serials(self.thermometer, "S-3"), self.bin_1)
        self.assertEqual(len(self.bin_1.quant_ids.filtered("quantity")), 2)

    # Put-away, repair and the map ------------------------------------------------------------

    def _receipt_of_serials(self, *days):
        picking = self._picking(self.warehouse.in_type_id, self.supplier_location, self.stock)
        self._move(picking, self.thermometer, len(days))
        picking.action_confirm()
        for number, (line, day) in enumerate(zip(picking.move_line_ids, days, strict=True)):
            line.write(
                {
                    "lot_name": f"N-{number}",
                    "expiration_date": self.noon + timedelta(days=day),
                }
            )
        return picking

    def test_put_away_brings_serial_numbers_of_one_day_together(self):
        """A12: units of one day are proposed one bin, those of another day another one."""
        self._receive_all(self._serials(self.thermometer, "S-1", day=7), self.bin_3)
        receipt = self._receipt_of_serials(0, 0, 7, 0)
        self.assertEqual(len(receipt.move_line_ids.location_dest_id), 2)
        self.assertEqual(receipt.move_line_ids[2].location_dest_id, self.bin_3)
        by_day = receipt.move_line_ids.grouped("expiration_date")
        self.assertEqual([len(lines.location_dest_id) for lines in by_day.values()], [1, 1])
        self._validate(receipt)
        self.env.cr.flush()
        self.assertEqual(len(self.bin_3.quant_ids), 2)

    def test_put_away_keeps_to_the_capacity_in_serial_numbers(self):
        self.bins.storage_category_id = self.env["stock.storage.category"].create(
            {
                "name": "Two",
                "capacity_ids": [
                    Command.create({"product_id": self.thermometer.id, "quantity": 2})
                ],
            }
        )
        receipt = self._receipt_of_serials(0, 0, 0)
        by_bin = receipt.move_line_ids.grouped("location_dest_id")
        self.assertEqual(sorted(len(lines) for lines in by_bin.values()), [1, 2])

    def test_history_of_serial_numbers_is_repaired_by_day(self):
        self.warehouse.lot_control = False
        same = self._serials(self.thermometer, "S-1", "S-2")
        other = self._serials(self.thermometer, "S-3", day=1)
        self._receive_all(same, self.bin_1)
        self._receive_all(other, self.bin_1)
        self._receive_all(self._serials(self.lamp, "L-1", "L-2", dated=False), self.bin_2)
        self.warehouse.lot_control = True
        self.env.cr.flush()
        self.assertTrue(self.bin_1.segregation_pending)
        self.assertFalse(self.bin_2.segregation_pending)
        action = self.bin_1.with_user(self.supervisor).action_propose_repair()
        picking = self.env["stock.picking"].search(action["domain"])
        self.assertEqual(picking.move_line_ids.lot_id, other)
        self._validate(picking)
        self.env.cr.flush()
        self.assertFalse(self.bin_1.segregation_pending)

    def test_map_shows_serial_numbers_of_one_day_as_one_lot(self):
        self._receive_all(self._serials(self.thermometer, "S-1", "S-2"), self.bin_1)
        self.bin_2.lot_segregation = "mixed"
        self._receive_all(
            self._serials(self.thermometer, "S-3") | self._serials(self.thermometer, "S-4", day=1),
            self.bin_2,
        )
        places = self.env["stock.location"].search(
            [("id", "in", self.bins.ids), ("is_mixed", "=", True)]
        )
        self.assertEqual(places, self.bin_2)
        self.assertFalse(self.bin_1.is_mixed)
        self.assertTrue(self.bin_2.is_mixed)
