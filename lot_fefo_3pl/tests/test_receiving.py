from datetime import timedelta

from odoo.tests import tagged

from ..tools.gs1 import GS
from .common import LotControlCommon

HEADER = "reference;line;brand;scan;quantity;bin;sscc;lot;expiry\n"


@tagged("post_install", "-at_install")
class TestReceiving(LotControlCommon):
    """Promise 1: every lot is captured at receiving, with its expiry, and tied to a bin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.warehouse._get_lot_today()
        cls.count = 0

    @classmethod
    def _yymmdd(cls, days):
        return (cls.today + timedelta(days=days)).strftime("%y%m%d")

    @classmethod
    def _label(cls, product, lot, days=None, gs=GS):
        """A GS1-128 label; the lot comes before the date, so it ends with a separator."""
        date = f"{gs}17{cls._yymmdd(days)}" if days is not None else ""
        return f"]C101{product.barcode.zfill(14)}10{lot}{date}"

    def _line(self, scan, quantity="10", place=None, brand=None, **cells):
        type(self).count += 1
        cells = {"reference": "ASN-1", "line": str(self.count), **cells}
        return ";".join(
            [
                cells["reference"],
                cells["line"],
                brand or self.brand_a.name,
                scan,
                quantity,
                self.bin_1.barcode if place is None else place,
                cells.get("sscc", ""),
                cells.get("lot", ""),
                cells.get("expiry", ""),
            ]
        )

    def _import(self, *lines, user=None):
        text = HEADER + "\n".join(lines) + "\n"
        warehouse = self.warehouse.with_user(user or self.operator)
        return warehouse.lot_import_inbound(text, "inbound.csv")

    def _import_one(self, *args, **kwargs):
        [line] = self._import(self._line(*args, **kwargs))["lines"]
        return line

    def _assert_nothing_received(self, line, status, code):
        self.assertEqual((line["status"], line["code"]), (status, code), line["message"])
        self.assertFalse(line["document"])
        self.assertFalse(
            self.env["stock.quant"].search(
                [("location_id", "child_of", self.stock.id), ("quantity", "!=", 0)]
            )
        )

    # Accepted --------------------------------------------------------------------------------

    def test_scanned_pallet_becomes_lot_with_expiry_brand_bin_and_pallet(self):
        line = self._import_one(
            self._label(self.vitamin, "A-1", 300), "48", sscc="]C100106141412345678908"
        )
        self.assertEqual((line["status"], line["code"]), ("accepted", "received"))
        picking = self.env["stock.picking"].search([("name", "=", line["document"])])
        self.assertEqual(picking.state, "done")
        self.assertEqual((picking.owner_id, picking.origin), (self.brand_a, "ASN-1"))
        quant = self.env["stock.quant"].search([("location_id", "=", self.bin_1.id)])
        self.assertEqual((quant.lot_id.name, quant.quantity), ("A-1", 48))
        self.assertEqual(quant.owner_id, self.brand_a)
        self.assertEqual(quant.package_id.name, "106141412345678908")
        day = self.warehouse._get_lot_day(quant.lot_id.expiration_date)
        self.assertEqual(day, self.today + timedelta(days=300))
        self.assertEqual(line["bin"], self.bin_1.display_name)

    def test_expiry_is_the_end_of_the_day_in_the_zone_of_the_warehouse(self):
        self.warehouse.partner_id = self.env["res.partner"].create(
            {"name": "Dock", "tz": "America/New_York"}
        )
        scan = f"]d201{self.vitamin.barcode.zfill(14)}1727063010A-2"
        self.assertEqual(self._import_one(scan)["status"], "accepted")
        lot = self._lot(self.vitamin, "A-2")
        self.assertEqual(str(lot.expiration_date), "2027-07-01 03:59:59")

    def test_separator_is_understood_in_every_spelling(self):
        labels = [GS, "{GS}", "<GS>", "^]"]
        result = self._import(
            *(
                self._line(self._label(self.vitamin, f"S-{number}", 200, gs), place=place.barcode)
                for number, (gs, place) in enumerate(zip(labels, self.bins, strict=True))
            )
        )
        self.assertEqual(result["counts"], {"accepted": 4}, result["result_csv"])
        lots = self.env["stock.lot"].search([("product_id", "=", self.vitamin.id)])
        self.assertEqual(set(lots.mapped("name")), {"S-0", "S-1", "S-2", "S-3"})

    def test_lines_of_a_shipment_make_one_receipt_per_brand(self):
        result = self._import(
            self._line(self._label(self.vitamin, "A-1", 300)),
            self._line(self._label(self.magnesium, "A-9", 300), place=self.bin_2.barcode),
            self._line(self._label(self.cream, "A-1", 300), place=self.bin_3.name, brand="brand b"),
        )
        self.assertEqual(result["counts"], {"accepted": 3}, result["result_csv"])
        self.assertEqual(len(result["documents"]), 2)
        # The same lot string of two brands is two lots.
        lots = self.env["stock.lot"].search([("name", "=", "A-1")])
        self.assertEqual(lots.owner_id, self.brand_a | self.brand_b)

    def test_digital_link_and_count_on_the_label(self):
        link = (
            f"https://id.gs1.org/01/{self.vitamin.barcode.zfill(14)}/10/DL-1"
            f"?17={self._yymmdd(200)}&30=24"
        )
        self.assertEqual(self._import_one(link, "")["status"], "accepted")
        self.assertEqual(self._quantity(self._lot(self.vitamin, "DL-1"), self.bin_1), 24)

    def test_carton_code_counts_its_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env["product.uom"].create(
            {"product_id": self.vitamin.id, "uom_id": dozen.id, "barcode": "19520123456785"}
        )
        scan = f"]C10119520123456785{'17' + self._yymmdd(200)}10C-1"
        self.assertEqual(self._import_one(scan, "4")["status"], "accepted")
        self.assertEqual(self._quantity(self._lot(self.vitamin, "C-1"), self.bin_1), 48)

    def test_without_bin_the_putaway_rule_of_odoo_chooses(self):
        self.env["stock.putaway.rule"].create(
            {
                "location_in_id": self.stock.id,
                "location_out_id": self.bin_4.id,
                "product_id": self.vitamin.id,
            }
        )
        line = self._import_one(self._label(self.vitamin, "A-1", 300), place="")
        self.assertEqual(line["bin"], self.bin_4.display_name)
        self.assertEqual(self._quantity(self._lot(self.vitamin, "A-1"), self.bin_4), 10)

    # Held ------------------------------------------------------------------------------------

    def test_short_dated_goods_come_in_on_hold(self):
        """S9: the product's alert time is the least life that goods must have on arrival."""
        self.vitamin.alert_time = 90
        line = self._import_one(self._label(self.vitamin, "A-1", 89))
        self.assertEqual((line["status"], line["code"]), ("held", "short_dated"), line["message"])
        self.assertIn("hold", line["message"])
        lot = self._lot(self.vitamin, "A-1")
        self.assertTrue(lot.is_held)
        self.assertEqual(lot.hold_ids.user_id, self.operator)
        fresh = self._import_one(self._label(self.vitamin, "A-2", 90), place=self.bin_2.barcode)
        self.assertEqual(fresh["status"], "accepted")

    def test_goods_of_a_held_lot_are_received_and_reported_as_held(self):
        lot = self._lot(self.vitamin, "A-1", days=300)
        reason = self.env.ref("lot_fefo_3pl.hold_reason_short_dated")
        self.env["stock.lot.hold"]._hold(lot, reason)
        day = self.warehouse._get_lot_day(lot.expiration_date)
        scan = f"01{self.vitamin.barcode.zfill(14)}17{day:%y%m%d}10A-1"
        line = self._import_one(scan)
        self.assertEqual((line["status"], line["code"]), ("held", "lot_held"), line["message"])
        self.assertEqual(self._quantity(lot, self.bin_1), 10)

    # Refused or asked ------------------------------------------------------------------------

    def test_unknown_product_is_refused(self):
        scan = "]C101095201234568181727063010A-1"
        line = self._import_one(scan)
        self._assert_nothing_received(line, "refused", "unknown_product")
        self.assertIn("09520123456818", line["message"])

    def test_product_of_the_other_brand_is_refused(self):
        line = self._import_one(self._label(self.cream, "A-1", 300))
        self._assert_nothing_received(line, "refused", "other_brand")
        self.assertIn("Brand B", line["message"])

    def test_ean_without_lot_is_asked_and_accepted_with_typed_lot_and_expiry(self):
        """G18: a plain EAN names the product only."""
        expiry = (self.today + timedelta(days=200)).isoformat()
        line = self._import_one("9520123456788", line="7")
        self._assert_nothing_received(line, "ask", "missing_lot")
        line = self._import_one("9520123456788", line="7", lot="A-1", expiry=expiry)
        self.assertEqual(line["status"], "accepted", line["message"])

    def test_lost_separator_is_asked_and_no_lot_is_created(self):
        """G3: without its separator the lot swallows the date."""
        line = self._import_one(self._label(self.vitamin, "ABC123", 400, gs=""))
        self._assert_nothing_received(line, "ask", "separator_suspected")
        self.assertIn("ABC123", line["message"])
        self.assertFalse(self.env["stock.lot"].search([("product_id", "=", self.vitamin.id)]))

    def test_look_alike_of_a_known_lot_is_asked(self):
        """E05: lot1, LOT1 and L0T1 are one lot to a person."""
        self._lot(self.vitamin, "LOT10", days=100)
        line = self._import_one(self._label(self.vitamin, "LOT1O", 300))
        self._assert_nothing_received(line, "ask", "similar_lot")
        self.assertIn("LOT10", line["message"])

    def test_dated_product_without_date_is_asked(self):
        """E01: Odoo would invent a date."""
        line = self._import_one(self._label(self.vitamin, "A-1"))
        self._assert_nothing_received(line, "ask", "missing_expiry")

    def test_pallet_number_alone_is_asked(self):
        line = self._import_one("]C100106141412345678908")
        self._assert_nothing_received(line, "ask", "pallet_only")

    def test_missing_quantity_is_asked(self):
        line = self._import_one(self._label(self.vitamin, "A-1", 300), "")
        self._assert_nothing_received(line, "ask", "missing_quantity")

    def test_expired_goods_are_refused_on_the_day_after(self):
        line = self._import_one(self._label(self.vitamin, "A-1", -1))
        self._assert_nothing_received(line, "refused", "expired")
        last_day = self._import_one(self._label(self.vitamin, "A-2", 0))
        self.assertEqual(last_day["status"], "accepted", last_day["message"])

    def test_damaged_labels_are_refused(self):
        """G6 G7: illegal day, month or check digit."""
        for scan, code in (
            ("]d201095201234567881727023010BAD", "bad_date"),
            ("]d2010952012345678817271301" + "10BAD", "bad_date"),
            ("]d201095201234567891727123110BAD", "check_digit"),
        ):
            with self.subTest(scan=scan):
                self._assert_nothing_received(self._import_one(scan), "refused", code)

    def test_known_lot_with_another_date_is_refused(self):
        """E03: Odoo drops the second date silently."""
        self._lot(self.vitamin, "A-1", days=100)
        line = self._import_one(self._label(self.vitamin, "A-1", 300))
        self._assert_nothing_received(line, "refused", "expiry_conflict")

    def test_new_lot_with_two_dates_in_one_file_is_refused_the_second_time(self):
        result = self._import(
            self._line(self._label(self.vitamin, "A-1", 300)),
            self._line(self._label(self.vitamin, "A-1", 301)),
        )
        self.assertEqual(
            [line["code"] for line in result["lines"]], ["received", "expiry_conflict"]
        )

    def test_label_and_typed_values_must_agree(self):
        label = self._label(self.vitamin, "A-1", 300)
        other_day = (self.today + timedelta(days=301)).isoformat()
        for line in (
            self._import_one(label, lot="A-2"),
            self._import_one(label, expiry=other_day),
            self._import_one(label + f"{GS}3024", "25"),
        ):
            self._assert_nothing_received(line, "refused", "contradiction")

    def test_unknown_or_foreign_bin_is_refused(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Other", "code": "OTH", "lot_control": True}
        )
        other.lot_stock_id.barcode = "OTH-STOCK"
        for place in ("NOWHERE", "OTH-STOCK", self.warehouse.wh_output_stock_loc_id.complete_name):
            line = self._import_one(self._label(self.vitamin, "A-1", 300), place=place)
            self._assert_nothing_received(line, "refused", "unknown_bin")

    def test_bin_over_capacity_is_refused(self):
        category = self.env["stock.storage.category"].create(
            {
                "name": "Shelf",
                "max_weight": 1000,
                "product_capacity_ids": [(0, 0, {"product_id": self.vitamin.id, "quantity": 15})],
            }
        )
        self.bin_1.storage_category_id = category
        result = self._import(
            self._line(self._label(self.vitamin, "A-1", 300)),
            self._line(self._label(self.vitamin, "A-1", 300)),
        )
        self.assertEqual([line["code"] for line in result["lines"]], ["received", "capacity"])
        self.assertEqual(self._quantity(self._lot(self.vitamin, "A-1"), self.bin_1), 10)

    def test_pallet_number_comes_once(self):
        label = self._label(self.vitamin, "A-1", 300)
        first = self._import_one(label, sscc="00106141412345678908")
        self.assertEqual(first["status"], "accepted", first["message"])
        again = self._import_one(label, sscc="00106141412345678908", place=self.bin_2.barcode)
        self.assertEqual(again["code"], "pallet_known")
        self.assertFalse(self._quantity(self._lot(self.vitamin, "A-1"), self.bin_2))

    def test_wrong_quantities_are_refused(self):
        for quantity in ("0", "-5", "1e3", "nan", "1,5", "abc", "1_000", "99999999999"):
            with self.subTest(quantity=quantity):
                line = self._import_one(self._label(self.vitamin, "A-1", 300), quantity)
                self._assert_nothing_received(line, "refused", "quantity")

    def test_what_odoo_refuses_is_refused_alone_and_leaves_nothing(self):
        """One line that cannot be received does not take the others with it."""
        # Odoo itself refuses two units of one serial number, and only when the receipt is done.
        self.magnesium.tracking = "serial"
        serial = f"]C101{self.magnesium.barcode.zfill(14)}17{self._yymmdd(300)}21M-1"
        result = self._import(
            self._line(self._label(self.vitamin, "A-1", 300)),
            self._line(serial, "2", place=self.bin_2.barcode),
            self._line(self._label(self.vitamin, "A-1", 300)),
        )
        statuses = [(line["status"], line["code"]) for line in result["lines"]]
        self.assertEqual(
            statuses,
            [("accepted", "received"), ("refused", "not_allowed"), ("accepted", "received")],
            result["result_csv"],
        )
        self.assertEqual(len(result["documents"]), 1)
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "M-1")]))
        self.assertEqual(self._quantity(self._lot(self.vitamin, "A-1"), self.bin_1), 20)
