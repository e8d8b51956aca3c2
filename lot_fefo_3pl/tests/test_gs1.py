from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.lot_fefo_3pl.tools import gs1
from odoo.addons.lot_fefo_3pl.tools.lost_separator import suspects_lost_separator
from odoo.addons.lot_fefo_3pl.tools.lot_names import display_lot, lot_key

GTIN = "09520123456788"
SSCC = "106141412345678908"
GS = "\x1d"
TODAY = date(2026, 11, 22)


def parse(raw, **options):
    return gs1.parse(raw, today=TODAY, **options)


class Gs1Case(BaseCase):
    def assertReads(self, raw, kind="gs1", **values):
        """Assert kind and fields; whatever is not named must be empty."""
        scan = parse(raw) if isinstance(raw, str) else raw
        self.assertEqual((scan.kind, scan.errors), (kind, ()), scan)
        for name in (
            "gtin",
            "content_gtin",
            "lot",
            "serial",
            "expiry",
            "best_before",
            "production",
            "packed",
            "sell_by",
            "count",
            "sscc",
            "order",
        ):
            self.assertEqual(getattr(scan, name), values.pop(name, None), f"{name} of {scan}")
        for name, value in values.items():
            self.assertEqual(getattr(scan, name), value, name)

    def assertRefuses(self, raw, *codes, **options):
        scan = parse(raw, **options)
        self.assertEqual(scan.kind, "invalid", scan)
        self.assertEqual(tuple(code for code, _detail in scan.errors), codes)
        self.assertFalse(scan.item or scan.lot or scan.sscc or scan.expiry, scan)


@tagged("post_install", "-at_install")
class TestGs1Message(Gs1Case):
    def test_label_all_elements_read(self):
        """G1: item, expiry and lot of a GS1-128."""
        self.assertReads(
            f"]C101{GTIN}1727123110ABC123", gtin=GTIN, lot="ABC123", expiry=date(2027, 12, 31)
        )

    def test_lot_before_date_same_fields(self):
        """G2: the order of the elements does not matter, the separator ends the lot."""
        first, second = (
            parse(f"]C101{GTIN}1727123110ABC123"),
            parse(f"]C101{GTIN}10ABC123{GS}17271231"),
        )
        self.assertReads(second, gtin=GTIN, lot="ABC123", expiry=date(2027, 12, 31))
        self.assertEqual(first.elements, second.elements)

    def test_separator_lost_warned(self):
        """G3: the swallowed date is not guessed away, it is warned about."""
        scan = parse(f"]C101{GTIN}10ABC12317271231")
        self.assertReads(scan, gtin=GTIN, lot="ABC12317271231")
        self.assertEqual(
            scan.warnings, (("separator_suspected", "(10)ABC123 (17)271231"),), scan.warnings
        )

    def test_datamatrix_serial_read(self):
        """G4: lot with a slash, serial after the separator."""
        self.assertReads(
            f"]d201{GTIN}1727123110LOT-7/B{GS}21SN0001",
            gtin=GTIN,
            lot="LOT-7/B",
            serial="SN0001",
            expiry=date(2027, 12, 31),
        )

    def test_day_00_is_last_of_month(self):
        """G5: day 00 is the last day of the month, in leap years too."""
        for yymmdd, expected in (("280200", date(2028, 2, 29)), ("270600", date(2027, 6, 30))):
            self.assertEqual(parse(f"]C101{GTIN}17{yymmdd}10A").expiry, expected)

    def test_day_00_healthcare_warned(self):
        """G5: regulated healthcare items must name the day: accepted with a warning."""
        self.assertFalse(parse(f"]C101{GTIN}1728020010A").warned("day_00"))
        self.assertTrue(parse(f"]C101{GTIN}1728020010A", healthcare=True).warned("day_00"))
        self.assertFalse(parse(f"]C101{GTIN}1728022910A", healthcare=True).warned("day_00"))

    def test_impossible_date_refused(self):
        """G6: 30 February, month 13, month 0 and day 32 are no dates."""
        for yymmdd in ("270230", "271301", "270001", "270132"):
            self.assertRefuses(f"]d201{GTIN}17{yymmdd}10BAD", "bad_date")

    def test_gtin_check_digit_refused(self):
        """G7: a wrong check digit is refused with and without a symbology identifier."""
        self.assertRefuses("]d201095201234567891727123110ABC123", "check_digit")
        self.assertRefuses("01095201234567891727123110ABC123", "check_digit")

    def test_pallet_contents_read(self):
        """G8: unit, contents, count, lot and best before date."""
        self.assertReads(
            f"]C100{SSCC}02{GTIN}3724{GS}10ABC123{GS}15271130",
            sscc=SSCC,
            content_gtin=GTIN,
            count=24,
            lot="ABC123",
            best_before=date(2027, 11, 30),
            item=GTIN,
            warnings=(),
        )

    def test_contents_without_unit_warned(self):
        """G8: contents whose unit is on another barcode of the label are read with a warning."""
        self.assertTrue(parse(f"]C102{GTIN}3724{GS}10ABC123").warned("no_sscc"))

    def test_contents_without_count_refused(self):
        """G9: contents need their count."""
        self.assertRefuses(f"]C102{GTIN}10ABC123", "needs_count")

    def test_item_with_count_of_contents_refused(self):
        """G10: an item has no contents."""
        self.assertRefuses(f"]C101{GTIN}3724{GS}10ABC123", "excluded_pair", "needs_content")
        self.assertRefuses(f"]C101{GTIN}02{GTIN}3724", "excluded_pair", "excluded_pair")

    def test_weight_read(self):
        """G11: 1.250 kg with its decimals."""
        self.assertReads(
            "]C1019952012345678131030012501527063010W-1",
            gtin="99520123456781",
            lot="W-1",
            best_before=date(2027, 6, 30),
            measures={"3103": Decimal("1.250")},
        )

    def test_lot_length_limit(self):
        """G12: 20 characters are a lot, 21 are none, also when the rest could be cut off."""
        self.assertEqual(parse(f"]C101{GTIN}10{'A' * 20}").lot, "A" * 20)
        self.assertRefuses(f"]C101{GTIN}10{'A' * 21}", "too_long")
        self.assertRefuses(f"]C101{GTIN}10{'A' * 20}17271231", "too_long")

    def test_lot_characters(self):
        """G13: space and number sign are no GS1 characters; the sign is no separator (E14)."""
        for lot in ("AB C", "AB#C", "AB#17271231", "AB\u0661", "ABé", "AB\x00C"):
            self.assertRefuses(f"]C101{GTIN}10{lot}", "bad_character")
        for lot in ("!\"%&'()*+,-./:;<=>?_", "aB"):
            self.assertEqual(parse(f"]C101{GTIN}10{lot}").lot, lot)

    def test_superfluous_separators_tolerated(self):
        """G14: separators after elements that need none, doubled, and at the end."""
        self.assertReads(
            f"]C1{GS}01{GTIN}{GS}17271231{GS}{GS}10ABC123{GS}",
            gtin=GTIN,
            lot="ABC123",
            expiry=date(2027, 12, 31),
        )

    def test_repeated_lot(self):
        """G15: two different lots conflict, the same lot twice does not."""
        self.assertRefuses(f"]C101{GTIN}10AAA{GS}10BBB", "conflict")
        self.assertReads(f"]C101{GTIN}10AAA{GS}10AAA", gtin=GTIN, lot="AAA")
        self.assertRefuses(f"]C101{GTIN}31030012503102000125", "conflict")

    def test_lot_without_item(self):
        """G16: a lot alone is refused unless the product is known."""
        for raw in ("]C110ABC123", "(10)ABC123", f"{GS}10ABC123", "]C117271231"):
            self.assertRefuses(raw, "needs_item")
        for raw in ("]C110ABC123", "(10)ABC123", f"{GS}10ABC123"):
            self.assertEqual(parse(raw, lot_only=True).lot, "ABC123")

    def test_bare_lot_element_is_ambiguous_text(self):
        """G16: without a symbology identifier 10ABC123 may be the lot itself."""
        scan = parse("10ABC123", lot_only=True)
        self.assertReads(scan, "text", text="10ABC123")
        self.assertEqual(scan.warnings, (("ambiguous", "(10)ABC123"),))

    def test_leading_zeros_kept(self):
        """G17: lot 00123 is not lot 123."""
        self.assertEqual(parse(f"]C101{GTIN}1000123").lot, "00123")

    def test_internal_elements_kept(self):
        """G19: additional id, variable count, production and packaging date."""
        self.assertReads(
            f"]C101{GTIN}240SKU-9{GS}306{GS}10ABC123{GS}1126010113260102",
            gtin=GTIN,
            lot="ABC123",
            count=6,
            production=date(2026, 1, 1),
            packed=date(2026, 1, 2),
            elements={
                "01": GTIN,
                "240": "SKU-9",
                "30": "6",
                "10": "ABC123",
                "11": "260101",
                "13": "260102",
            },
        )

    def test_century(self):
        """G5: seen from 2026, year 76 is 2076 and 77 is 1977; seen from 2060, 05 is 2105."""
        for year, expected in (("76", 2076), ("77", 1977), ("27", 2027), ("99", 1999)):
            self.assertEqual(parse(f"]C101{GTIN}17{year}0131").expiry.year, expected)
        self.assertEqual(
            gs1.parse(f"]C101{GTIN}17050131", today=date(2060, 1, 1)).expiry.year, 2105
        )

    def test_expiry_with_time(self):
        """G5: the day of an expiry time is the expiry; 24:00 is no time."""
        self.assertEqual(parse(f"]C101{GTIN}70032712312359{GS}10A").expiry, date(2027, 12, 31))
        self.assertRefuses(f"]C101{GTIN}70032712312400", "bad_date")

    def test_unknown_or_truncated_refused(self):
        """G7: unknown identifiers, short values and empty symbols are damaged labels."""
        self.assertRefuses(f"]C101{GTIN}05ABC", "unknown_ai")
        self.assertRefuses(f"]C101{GTIN[:10]}", "bad_format")
        self.assertRefuses(f"]C101{GTIN}10", "bad_format")
        self.assertRefuses(f"]C101{GTIN}30{GS}10A", "bad_format")
        self.assertRefuses("]C1", "no_data")
        self.assertRefuses(f"{GS}{GS}", "no_data")
        self.assertRefuses("]C1" + "0" * 5000, "too_long")


@tagged("post_install", "-at_install")
class TestGs1Forms(Gs1Case):
    def test_symbologies_of_elements(self):
        """E13: every symbology that carries element strings reads the same label alike."""
        for symbology in ("]C1", "]d2", "]Q3", "]e0", "]J1"):
            scan = parse(f"{symbology}01{GTIN}1727123110ABC123")
            self.assertReads(scan, gtin=GTIN, lot="ABC123", expiry=date(2027, 12, 31))
            self.assertEqual(scan.symbology, symbology)

    def test_separator_stand_ins(self):
        """E13: what handhelds write in place of ASCII 29 is a separator."""
        for stand_in in (GS, "{GS}", "{gs}", "[GS]", "{FNC1}", "^]", "~", "\\x1d", "\u241d"):
            for symbology in ("]C1", ""):
                self.assertReads(
                    f"{symbology}01{GTIN}10ABC{stand_in}17271231",
                    gtin=GTIN,
                    lot="ABC",
                    expiry=date(2027, 12, 31),
                    warnings=(),
                )

    def test_doubtful_stand_in_warned(self):
        """E13: <GS> could be lot characters: a separator with a warning, and only if alone."""
        scan = parse(f"]C101{GTIN}10ABC<GS>17271231")
        self.assertReads(scan, gtin=GTIN, lot="ABC", expiry=date(2027, 12, 31))
        self.assertTrue(scan.warned("separator_stand_in"))
        self.assertEqual(parse(f"]C101{GTIN}10AB<GS>C{GS}17271231").lot, "AB<GS>C")

    def test_human_readable(self):
        """E13: brackets typed or sent by the device, with spaces around the values."""
        for raw in (f"(01){GTIN}(17)271231(10)ABC123", f" (01) {GTIN} (17) 271231 (10) ABC123\n"):
            self.assertReads(raw, gtin=GTIN, lot="ABC123", expiry=date(2027, 12, 31))
        self.assertEqual(parse(f"(01){GTIN}(10)AB(77)C").lot, "AB(77)C")
        self.assertReads("(99999)A", "text", text="(99999)A")

    def test_no_symbology_identifier(self):
        """E13: raw elements without identifier, also with the date in front."""
        self.assertReads(f"01{GTIN}10ABC123", gtin=GTIN, lot="ABC123")
        self.assertReads(f"1727123101{GTIN}10ABC", gtin=GTIN, lot="ABC", expiry=date(2027, 12, 31))
        self.assertReads(f"\r\n01{GTIN}10ABC123\t", gtin=GTIN, lot="ABC123")

    def test_gtin_sizes(self):
        """G18: EAN-8, UPC-A, EAN-13 and GTIN-14 are products without a lot."""
        for raw in ("96385074", "614141123452", "9520123456788", GTIN, "19520123456785"):
            self.assertReads(raw, "gtin", gtin=raw.zfill(14))
        self.assertReads("]E09520123456788", "gtin", gtin=GTIN)
        self.assertReads("]E496385074", "gtin", gtin="00000096385074")
        self.assertReads("]E3952012345678812345", "gtin", gtin=GTIN)
        self.assertReads("04252614", "gtin", gtin="00042100005264")
        self.assertRefuses("]E09520123456789", "check_digit")
        self.assertRefuses("]E0ABC", "not_a_gtin")

    def test_plain_number_that_is_nothing_is_text(self):
        """E16: digits with a wrong check digit are an internal code, never elements."""
        for raw in ("15210527", "9520123456789", "17271231", "106141412345678909", "00000000"):
            self.assertReads(raw, "text", text=raw)

    def test_sscc(self):
        """G8: a logistic unit, with and without its identifier."""
        for raw in (SSCC, f"00{SSCC}", f"]C100{SSCC}", f"(00){SSCC}"):
            self.assertReads(raw, "sscc", sscc=SSCC)
        self.assertRefuses("]C100106141412345678909", "check_digit")

    def test_names_are_text(self):
        """E16: lots, bins and packages are looked up by name, unchanged."""
        for raw in ("LOT-A", "WH-BIN-01", "PACK0000123", "21-07-B", "10ABC~X", "0101", "]", "]x"):
            self.assertReads(raw, "text", text=raw)
        self.assertReads("]C0WH-BIN-01", "text", text="WH-BIN-01", symbology="]C0")
        self.assertReads(" LOT\u200b-A\r\n", "text", text="LOT-A")

    def test_nothing(self):
        """E16: an empty scan is said to be empty."""
        for raw in ("", "  \r\n", None, False, "\u200b"):
            self.assertEqual(parse(raw).kind, "empty")


@tagged("post_install", "-at_install")
class TestDigitalLink(Gs1Case):
    def test_lot_serial_expiry(self):
        """D1: lot and serial in the path, expiry in the query."""
        for symbology in ("", "]Q1", "]d1", "]Q3", "]d2"):
            self.assertReads(
                f"{symbology}https://id.gs1.org/01/{GTIN}/10/ABC123/21/12345?17=271231",
                "digital_link",
                gtin=GTIN,
                lot="ABC123",
                serial="12345",
                expiry=date(2027, 12, 31),
            )

    def test_any_domain_percent_decoded(self):
        """D2: any domain and stem; %2F is a slash of the lot, a plus in the path is a plus."""
        stem = f"https://brand.example.com/some/path/01/{GTIN}/10/"
        for lot in ("AB%2FC%2BD", "AB%2FC+D"):
            self.assertReads(
                f"{stem}{lot}?17=271231&15=271130",
                "digital_link",
                gtin=GTIN,
                lot="AB/C+D",
                expiry=date(2027, 12, 31),
                best_before=date(2027, 11, 30),
            )
        self.assertRefuses(f"{stem}A%20B", "bad_character")
        self.assertRefuses(f"{stem}A%ZZ", "bad_link")
        self.assertRefuses(f"https://a/01/{GTIN}?240=A+B", "bad_character")

    def test_order_of_qualifiers(self):
        """D3: variant, lot, serial: no other order."""
        self.assertRefuses(f"https://id.gs1.org/01/{GTIN}/21/12345/10/ABC123", "link_order")

    def test_lot_in_query_refused(self):
        """D4: the lot belongs into the path."""
        self.assertRefuses(f"https://id.gs1.org/01/{GTIN}?17=271231&10=ABC123", "link_order")

    def test_unit_with_contents(self):
        """D5: a unit names its contents in the query."""
        self.assertReads(
            f"https://id.gs1.org/00/{SSCC}?02={GTIN}&37=24&10=ABC123",
            "digital_link",
            sscc=SSCC,
            content_gtin=GTIN,
            count=24,
            lot="ABC123",
        )

    def test_unknown_keys(self):
        """D6: unknown words are ignored, unknown numbers are refused."""
        self.assertReads(
            "https://a/01/12312312312333?99=ABC&unknown=666&98=XYZ",
            "digital_link",
            gtin="12312312312333",
            elements={"01": "12312312312333", "99": "ABC", "98": "XYZ"},
        )
        self.assertRefuses("https://a/01/12312312312333?999=ABC", "unknown_ai")

    def test_short_gtin_refused(self):
        """D7: a GTIN has 14 digits in an address."""
        self.assertRefuses("https://brand.example.com/01/9520123456788", "bad_format")

    def test_slash_fragment_scheme(self):
        """D8: a slash at the end damages it, a fragment is ignored, HtTp is text."""
        self.assertRefuses(f"https://id.gs1.org/01/{GTIN}/", "bad_link")
        self.assertReads(f"https://id.gs1.org/01/{GTIN}#10/A", "digital_link", gtin=GTIN)
        self.assertReads(f"HtTp://id.gs1.org/01/{GTIN}", "text")

    def test_other_addresses_are_text(self):
        """D8: an ordinary web address is no Digital Link, a broken one does not crash."""
        self.assertReads("https://brand.example.com/products/creme?id=5", "text")
        self.assertRefuses("http://[/01/09520123456788", "bad_link")


@tagged("post_install", "-at_install")
class TestLostSeparator(BaseCase):
    def _first(self, lot, **options):
        splits = suspects_lost_separator(lot, today=TODAY, **options)
        return (splits[0].lot, splits[0].elements, splits[0].strong) if splits else None

    def test_dates_are_strong(self):
        """G3: a tail that is a plausible date, alone or followed by more."""
        self.assertEqual(self._first("ABC12317271231"), ("ABC123", {"17": "271231"}, True))
        self.assertEqual(
            self._first("A112601011527063021SN1"),
            ("A", {"11": "260101", "15": "270630", "21": "SN1"}, True),
        )
        self.assertEqual(self._first("A306" + "17271231"), ("A", {"30": "6", "17": "271231"}, True))

    def test_numbers_are_weak(self):
        """G3: a tail that could be a serial or a count is a weak suspicion."""
        self.assertEqual(self._first("ABC3712"), ("ABC", {"37": "12"}, False))
        self.assertEqual(self._first("ABC21SN"), ("ABC", {"21": "SN"}, False))

    def test_good_lots_not_suspected(self):
        """G3: no date, a day that is none, a far date, and an identifier that is there already."""
        for lot in ("ABC123", "A17271331", "A17600101", "", "20261122"):
            self.assertIsNone(self._first(lot), lot)
        self.assertIsNone(self._first("ABC17271231", present=("01", "10", "17")))

    def test_too_long_lot_still_explained(self):
        """G3: a lot that became too long tells where it was probably cut."""
        scan = parse(f"]C101{GTIN}10{'A' * 15}17271231")
        self.assertEqual(scan.errors[0][0], "too_long")
        self.assertTrue(scan.warned("separator_suspected"))

    def test_serial_swallowing_the_lot(self):
        """G3: the lot may have been swallowed by what stands before it."""
        self.assertEqual(
            parse(f"]C101{GTIN}21SN1" + "10LOT").warnings,
            (("separator_possible", "(21)SN1 (10)LOT"),),
        )


@tagged("post_install", "-at_install")
class TestLotNames(BaseCase):
    def test_look_alikes_share_a_key(self):
        """E05: case, spaces, invisible characters, O and 0, I, l and 1, kinds of dashes."""
        for same in (
            "lot-1",
            "LOT-1 ",
            "L0T-I",
            "LOT -1",
            "L\u200bOT-1",
            "\uff2c\uff2f\uff34\uff0d\uff11",
            "LOT\u20131",
        ):
            self.assertEqual(lot_key(same), lot_key("LOT-1"), same)
        for other in ("LOT-2", "LOT1", "LOT-11", "LOT-01"):
            self.assertNotEqual(lot_key(other), lot_key("LOT-1"), other)

    def test_stored_name(self):
        """E05: what is stored has nothing invisible and keeps its case and inner spaces."""
        self.assertEqual(display_lot("\t LoT\u200b 1\u00a0\ufeff\r\n"), "LoT 1")
        self.assertEqual(display_lot("A\x00B\u00adC"), "ABC")
        self.assertEqual((display_lot(None), lot_key(None)), ("", ""))
