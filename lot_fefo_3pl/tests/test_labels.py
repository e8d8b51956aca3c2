from datetime import date, timedelta
from io import BytesIO

import pypdfium2
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.lot_fefo_3pl.tools import data_matrix, gs1, symbol_svg, zpl
from odoo.addons.lot_fefo_3pl.tools.data_matrix import FNC1
from odoo.addons.lot_fefo_3pl.tools.gs1_label import (
    goods_elements,
    in_symbols,
    lot_obstacle,
    symbol_data,
    to_gtin,
)

from .common import LotControlCommon

GTIN = "09520123456788"
TODAY = date(2026, 11, 22)
EXPIRY = date(2027, 12, 31)
CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
LOTS = st.text(CSET_82, min_size=1, max_size=20)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def scanned(image):
    """What a scanner sends for each symbol of a picture, with its symbology identifier."""
    plain = zxingcpp.TextMode.Plain
    return {
        found.symbology_identifier + found.text
        for found in zxingcpp.read_barcodes(image, text_mode=plain)
    }


def draw_rows(rows, quiet=4, scale=4):
    side = len(rows) + 2 * quiet
    image = Image.new("L", (side, side), 255)
    for row, cells in enumerate(rows):
        for column, dark in enumerate(cells):
            if dark:
                image.putpixel((column + quiet, row + quiet), 0)
    return image.resize((side * scale, side * scale), Image.NEAREST)


def draw_bars(widths, scale=3):
    image = Image.new("L", (sum(widths) + 20, 1), 255)
    position = 10
    for number, width in enumerate(widths):
        for column in range(width):
            image.putpixel((position + column, 0), 255 * (number % 2))
        position += width
    return image.resize((image.width * scale, 80), Image.NEAREST)


def as_scanned(data, symbology):
    """What a handheld sends for the data of a symbol."""
    return symbology + data[1:].replace(FNC1, gs1.GS)


def from_zpl_code_128(written):
    """The data of a Code 128 as the ZPL manual reads its codes."""
    signs = {">8": FNC1, ">0": ">", "><": "^", ">=": "~", ">6": "", ">5": "", ">:": "", ">;": ""}
    data, position = "", 0
    while position < len(written):
        pair = written[position : position + 2]
        if pair in signs:
            data, position = data + signs[pair], position + 2
        elif pair.startswith("\\"):
            data, position = data + chr(int(written[position + 1 : position + 3], 16)), position + 3
        else:
            data, position = data + pair[0], position + 1
    return data


def from_zpl_matrix(written):
    return written.replace("__", "\0").replace("_1", FNC1).replace("\0", "_")


class TestSymbols(BaseCase):
    """What the symbols say, seen by a decoder that knows nothing of us, is what we meant."""

    @FEW
    @given(LOTS)
    def test_data_matrix_of_any_lot_is_read_back(self, lot):
        """Any lot that GS1 allows comes back from a GS1 DataMatrix as the same lot."""
        data = symbol_data(goods_elements(GTIN, lot=lot, expiry=EXPIRY, count=24))
        found = scanned(draw_rows(data_matrix.modules(data)))
        self.assertIn(as_scanned(data, "]d2"), found)
        scan = gs1.parse(as_scanned(data, "]d2"), today=TODAY)
        self.assertEqual(
            (scan.gtin, scan.lot, scan.expiry, scan.count, scan.errors),
            (GTIN, lot, EXPIRY, 24, ()),
        )

    @FEW
    @given(LOTS)
    def test_gs1_128_of_any_lot_is_read_back(self, lot):
        """And from a GS1-128."""
        data = symbol_data(goods_elements(GTIN, lot=lot, best_before=EXPIRY))
        self.assertEqual(scanned(draw_bars(symbol_svg.bars(data))), {as_scanned(data, "]C1")})
        scan = gs1.parse(as_scanned(data, "]C1"), today=TODAY)
        self.assertEqual((scan.lot, scan.best_before, scan.expiry), (lot, EXPIRY, None))

    @FEW
    @given(LOTS)
    def test_zpl_says_the_same(self, lot):
        """The codes of ZPL, undone as its manual says, are the data again."""
        data = symbol_data(goods_elements(GTIN, lot=lot, count=24))
        self.assertEqual(from_zpl_code_128(zpl.code_128(data)), data)
        self.assertEqual(from_zpl_matrix(zpl.data_matrix(data)), data)

    def test_every_size_of_data_matrix(self):
        """From 10x10 to 48x48 modules each size is read; beyond that it is refused."""
        sides = set()
        for length in range(1, 172, 2):
            data = FNC1 + ("aB9-" * 43)[:length]
            rows = data_matrix.modules(data)
            sides.add(len(rows))
            self.assertIn(as_scanned(data, "]d2"), scanned(draw_rows(rows, scale=6)), length)
        self.assertEqual(len(sides), 14)
        with self.assertRaises(ValueError):
            data_matrix.modules("a" * 175)
        with self.assertRaises(ValueError):
            data_matrix.modules("\u039b")

    def test_lost_separator_never_makes_another_lot(self):
        """G3: the lot is last, so without its separators the label does not say another lot."""
        data = symbol_data(goods_elements(GTIN, lot="4711", expiry=EXPIRY, count=24))
        lost = "]C1" + data.replace(FNC1, "")
        self.assertIn(gs1.parse(lost, today=TODAY).lot, (None, "4711"))

    def test_elements_are_cut_where_a_symbol_is_full(self):
        """A lot of 20 letters gets a symbol of its own, a short one does not."""
        wide = goods_elements(GTIN, lot="W" * 20, expiry=EXPIRY)
        symbols = in_symbols(wide, lambda data: symbol_svg.fits(data, 97))
        self.assertEqual([set(symbol) for symbol in symbols], [{"01", "17"}, {"10"}])
        short = goods_elements(GTIN, lot="W1", expiry=EXPIRY)
        self.assertEqual(len(in_symbols(short, lambda data: symbol_svg.fits(data, 97))), 1)

    def test_what_gs1_cannot_write(self):
        """A space, a number sign, an umlaut, 21 characters: no GS1 symbol says a changed lot."""
        for name in ("A B", "A#1", "\u00c41", "A^1"):
            self.assertEqual(lot_obstacle(name), "bad_character", name)
        self.assertEqual(lot_obstacle("A" * 21), "too_long")
        self.assertIsNone(lot_obstacle(CSET_82[:20]))

    def test_codes_that_are_no_gtin(self):
        """A wrong check digit or an internal number is not printed as a GTIN."""
        for code in ("09520123456789", "4711", "", None, "ABCDEFGH"):
            self.assertIsNone(to_gtin(code), code)
        self.assertEqual(to_gtin("9520123456788"), GTIN)


class LabelCommon(LotControlCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.company_id.gs1_company_prefix = "9520123"
        cls.lot = cls._lot(cls.vitamin, "L24-001")
        cls.lot.expiration_date = cls.warehouse._get_lot_day_end(EXPIRY)

    def _print(self, name, records, user=None):
        """The pages of a printed label report as pictures, at the resolution of label printers."""
        # No server listens there: a label needs nothing but itself.
        self.env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        reports = self.env["ir.actions.report"].with_user(user or self.operator)
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            content, _kind = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
                f"lot_fefo_3pl.stock_lot_label_{name}_report", records.ids
            )
        pages = pypdfium2.PdfDocument(BytesIO(content))
        return [page.render(scale=203 / 72).to_pil() for page in pages]

    def _zpl(self, name, records, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.operator)
        content, _kind = reports._render_qweb_text(
            f"lot_fefo_3pl.stock_lot_label_{name}_zpl_report", records.ids
        )
        return content.decode()

    def _labels(self, records):
        return records.with_user(self.operator)._get_lot_labels()


@tagged("post_install", "-at_install")
class TestLabels(LabelCommon):
    def test_printed_lot_label_is_scanned_back(self):
        """The PDF as a picture: one page, both symbols say product, lot and expiry."""
        [page] = self._print("lot", self.lot)
        data = "01095201234567881727123110L24-001"
        self.assertEqual(scanned(page), {"]d2" + data, "]C1" + data})
        scan = gs1.parse("]d2" + data, today=TODAY)
        self.assertEqual((scan.gtin, scan.lot, scan.expiry), (GTIN, "L24-001", EXPIRY))

    def test_printed_page_has_its_size(self):
        """A millimetre on the page is one on paper: the label is as wide as its paper says."""
        [page] = self._print("lot", self.lot)
        self.assertAlmostEqual(page.width, 105 / 25.4 * 203, delta=12)
        self.assertAlmostEqual(page.height, 74 / 25.4 * 203, delta=12)
        dark = page.convert("L").point(lambda value: 255 * (value < 128)).getbbox()
        self.assertGreater(dark[2], page.width * 0.9, "the matrix stands at the right edge")

    def test_printed_pallet_label_is_scanned_back(self):
        """SSCC, content, count, expiry and a lot of 20 characters from one A6 page."""
        lot = self._lot(self.vitamin, "ABCDEFGHIJ-123456789")
        lot.expiration_date = self.lot.expiration_date
        package = self._make_pallet({lot: 480})
        [page] = self._print("package", package)
        self.assertEqual(
            scanned(page),
            {
                f"]d20209520123456788172712313748{0}{gs1.GS}00{package.name}10{lot.name}",
                "]C102095201234567881727123137480",
                f"]C110{lot.name}",
                f"]C100{package.name}",
            },
        )
        everything = next(text for text in scanned(page) if text.startswith("]d2"))
        scan = gs1.parse(everything, today=TODAY)
        self.assertEqual(
            (scan.sscc, scan.content_gtin, scan.lot, scan.expiry, scan.count),
            (package.name, GTIN, lot.name, EXPIRY, 480),
        )

    def _make_pallet(self, content, location=None):
        packages = self.env["stock.package"]
        package = packages.create({"name": packages._next_sscc(self.warehouse.company_id)})
        for lot, quantity in content.items():
            picking = self._picking(
                self.warehouse.in_type_id, self.supplier_location, location or self.bin_1
            )
            self._move(picking, lot.product_id, quantity, lot=lot)
            picking.move_line_ids.result_package_id = package
            self._validate(picking)
        return package

    def test_mixed_pallet_says_only_its_number(self):
        """Two lots on a pallet: a label that names one of them would lie."""
        self.bin_1.lot_segregation = "mixed"
        package = self._make_pallet({self.lot: 5, self._lot(self.magnesium, "M1", 99): 5})
        [label] = self._labels(package)
        self.assertEqual([bars["text"] for bars in label["bars"]], [f"(00){package.name}"])
        self.assertIn(("Content", "2 products, 2 lots"), label["facts"])

    def test_package_without_sscc_says_so(self):
        """A package with Odoo's own number has a plain bar code and says that it is internal."""
        package = self.env["stock.package"].create({"name": "PACK77"})
        [label] = self._labels(package)
        self.assertEqual([bars["data"] for bars in label["bars"]], ["PACK77"])
        self.assertIn("no SSCC", label["note"])

    def test_printed_bin_label_is_scanned_back(self):
        """The bin's own barcode, which the station knows the bin by."""
        [page] = self._print("location", self.bin_1)
        self.assertEqual(scanned(page), {"]C0TPL-A-01"})

    def test_labels_of_what_a_bin_holds(self):
        """From a location: the labels of the lots that lie there, with quantity and bin."""
        self._receive(self.lot, 24, self.bin_1)
        [page] = self._print("location_content", self.bin_1)
        self.assertIn("]C10109520123456788172712313024" + gs1.GS + "10L24-001", scanned(page))
        [label] = self._labels(self.bin_1.quant_ids)
        self.assertIn(("Bin", self.bin_1.complete_name), label["facts"])
        self.assertIn(("Brand", "Brand A"), label["facts"])

    def test_receipt_prints_every_line_and_package(self):
        """A receipt: one label for each line, one for each package, before it is validated too."""
        receipt = self._picking(self.warehouse.in_type_id, self.supplier_location, self.bin_1)
        self._move(receipt, self.vitamin, 24, lot=self.lot)
        self._move(receipt, self.magnesium, 6, lot=self._lot(self.magnesium, "M1", 99))
        packages = self.env["stock.package"]
        sscc = packages._next_sscc(self.warehouse.company_id)
        receipt.move_line_ids[0].result_package_id = packages.create({"name": sscc})
        labels = self._labels(receipt)
        texts = [bars["text"] for label in labels for bars in label["bars"]]
        self.assertEqual(len(labels), 3)
        self.assertIn("(01)09520123456788(17)271231(30)24(10)L24-001", texts)
        self.assertIn(f"(00){sscc}", texts)

    def test_typed_lot_of_a_receipt_has_a_label(self):
        """The lot is typed on the line and made when the receipt is validated."""
        receipt = self._picking(self.warehouse.in_type_id, self.supplier_location, self.bin_1)
        self._move(receipt, self.vitamin, 24)
        receipt.action_confirm()
        line = receipt.move_line_ids[:1] or self.env["stock.move.line"].create(
            receipt.move_ids._prepare_move_line_vals(quantity=24)
        )
        line.write({"lot_name": "T9", "expiration_date": self.lot.expiration_date})
        [label] = self._labels(line)
        self.assertIn("(10)T9", label["matrix"]["text"])
        self.assertIn("(17)271231", label["matrix"]["text"])

    def test_best_before_where_it_is_the_rule(self):
        """AI 15 instead of 17 for a brand whose lots go by the best-before date."""
        self.env["stock.lot.policy"].create(
            {"name": "A", "owner_id": self.brand_a.id, "rotation_date": "use_date"}
        )
        self.lot.use_date = self.warehouse._get_lot_day_end(date(2027, 6, 30))
        [label] = self._labels(self.lot)
        self.assertEqual(label["matrix"]["text"], "(01)09520123456788(15)270630(10)L24-001")
        self.assertIn(("Best before", "2027-06-30"), label["facts"])
        self.assertEqual(
            gs1.parse(as_scanned(label["matrix"]["data"], "]d2"), today=TODAY).best_before,
            date(2027, 6, 30),
        )

    def test_expiry_is_the_day_in_the_warehouse(self):
        """West of Greenwich the day ends in the next UTC day: the label keeps the warehouse's."""
        self.warehouse.partner_id.tz = "America/Los_Angeles"
        self.lot.expiration_date = self.warehouse._get_lot_day_end(EXPIRY)
        self.assertEqual(self.lot.expiration_date.date(), EXPIRY + timedelta(days=1))
        [label] = self._labels(self.lot)
        self.assertIn("(17)271231", label["matrix"]["text"])

    def test_carton_has_its_own_gtin(self):
        """Exactly one carton of 12: its own GTIN and no count; 13 units: the unit's and 13."""
        carton = self.env["uom.uom"].create(
            {
                "name": "Carton of 12",
                "relative_factor": 12,
                "relative_uom_id": self.vitamin.uom_id.id,
            }
        )
        self.env["product.uom"].create(
            {"product_id": self.vitamin.id, "uom_id": carton.id, "barcode": "19520123456785"}
        )
        labels = self.env["stock.lot.label"]
        one = labels._prepare_goods(self.vitamin, self.lot, quantity=12)
        self.assertEqual(one["matrix"]["text"], "(01)19520123456785(17)271231(10)L24-001")
        more = labels._prepare_goods(self.vitamin, self.lot, quantity=13)
        self.assertIn("(01)09520123456788(17)271231(30)13", more["matrix"]["text"])

    def test_serial_number(self):
        """A serial number is AI 21."""
        self.vitamin.tracking = "serial"
        [label] = self._labels(self._lot(self.vitamin, "SN-1"))
        self.assertIn("(21)SN-1", label["matrix"]["text"])

    def test_product_without_gtin_gets_a_plain_label(self):
        """No GTIN: the lot number as a plain bar code, and the label says why."""
        lot = self._lot(self.comb, "C-1")
        [page] = self._print("lot", lot)
        self.assertEqual(scanned(page), {"]C0C-1"})
        [label] = self._labels(lot)
        self.assertIn("no GTIN", label["note"])
        self.assertFalse(label["matrix"])

    def test_lot_that_gs1_cannot_write(self):
        """The product stays GS1, the lot has a plain bar code of its own; both are scanned back."""
        lot = self._lot(self.vitamin, "CHARGE 2024 #7")
        [page] = self._print("lot", lot)
        self.assertIn("]C0CHARGE 2024 #7", scanned(page))
        self.assertFalse([text for text in scanned(page) if gs1.parse(text, today=TODAY).lot])
        [label] = self._labels(lot)
        self.assertIn("characters that GS1 does not know. Scan the product", label["note"])
        [label] = self._labels(self._lot(self.vitamin, "\u039b-42"))
        self.assertIn("type the lot", label["note"])
        [label] = self._labels(self._lot(self.vitamin, "A" * 21))
        self.assertIn("longer than 20", label["note"])

    def test_zpl_is_read_back_and_holds_no_foreign_command(self):
        """ZPL: the data of both symbols, and a product name that tries to be a command."""
        self.vitamin.name = "Vitamin ^XA~JR\\"
        written = self._zpl("lot", self.lot)
        self.assertEqual(written.count("^XA"), 1)
        self.assertEqual(written.count("~"), 0)
        data = FNC1 + "01095201234567881727123110L24-001"
        bars = written.split("^BCN,")[1].split("^FD")[1].split("^FS")[0]
        matrix = written.split("^BXN,")[1].split("^FD")[1].split("^FS")[0]
        self.assertEqual((from_zpl_code_128(bars), from_zpl_matrix(matrix)), (data, data))

    def test_zpl_of_every_source(self):
        """Lots, stock, lines, receipts, packages and bins have ZPL as well, one label each."""
        self._receive(self.lot, 24, self.bin_1)
        line = self.env["stock.move.line"].search([("lot_id", "=", self.lot.id)], limit=1)
        sources = {
            "lot": self.lot,
            "quant": self.bin_1.quant_ids,
            "move_line": line,
            "picking": line.picking_id,
            "package": self.env["stock.package"].create({"name": "PACK78"}),
            "location": self.bin_1,
            "location_content": self.bin_1,
        }
        for name, records in sources.items():
            with self.subTest(source=name):
                self.assertEqual(self._zpl(name, records).count("^XZ"), 1)

    def test_odoos_own_dialog_offers_gs1(self):
        """Print Labels on a receipt: per line with quantity, or one per unit."""
        receipt = self._receive(self.lot, 3, self.bin_1)
        layout = self.env["lot.label.layout"].with_user(self.operator)
        dialog = layout.create(
            {"move_line_ids": receipt.move_line_ids.ids, "print_format": "gs1_zpl"}
        )
        action = dialog.process()
        self.assertEqual(action["report_name"], "lot_fefo_3pl.stock_lot_label_move_line_zpl")
        self.assertEqual(action["context"]["active_ids"], receipt.move_line_ids.ids)
        dialog.write({"label_quantity": "units", "print_format": "gs1"})
        action = dialog.process()
        self.assertEqual(action["report_name"], "lot_fefo_3pl.stock_lot_label_lot")
        self.assertEqual(action["context"]["active_ids"], self.lot.ids * 3)
        dialog.print_format = "4x12"
        self.assertEqual(dialog.process()["report_name"], "stock.report_lot_label")

    def test_labels_follow_the_rights_of_the_user(self):
        """Who cannot read the lot cannot print its label."""
        with self.assertRaises(AccessError):
            self._zpl("lot", self.lot, user=self.employee)

    def test_picking_by_printed_label(self):
        """The label that we print verifies the lot at picking."""
        self._receive(self.lot, 24, self.bin_1)
        delivery = self._delivery([(self.vitamin, 2)])
        [label] = self._labels(self.lot)
        answer = delivery.with_user(self.operator).lot_scan(
            as_scanned(label["matrix"]["data"], "]d2")
        )
        self.assertEqual(answer["code"], "ok", answer["message"])
