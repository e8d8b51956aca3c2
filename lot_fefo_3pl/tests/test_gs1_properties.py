import string
from datetime import date

from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_messages import GS1Message
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.lot_fefo_3pl.tools import gs1
from odoo.addons.lot_fefo_3pl.tools.gs1_elements import check_digit_holds
from odoo.addons.lot_fefo_3pl.tools.lot_names import display_lot, lot_key

TODAY = date(2026, 11, 22)
SCRAPS = [
    *("]C1", "]d2", "]E0", "01", "02", "00", "10", "17", "37", "21", "3103", "8010", "8006"),
    *("7003", "3939", "{GS}", "<GS>", "~", "^]", "(01)", "(10)", "(17)", "271231", "270200"),
    *("09520123456788", "106141412345678908", "http://", "https://a/", "/10/", "?17=", "%", "&"),
    *("#", "/"),
]
CSET82 = "!\"%&'()*+,-./:;<=>?_" + string.digits + string.ascii_letters

fuzz = settings(derandomize=True, database=None, deadline=None, max_examples=400)
names = st.text(CSET82, min_size=1, max_size=20)
dates = st.dates(date(1977, 1, 1), date(2076, 12, 31)).map(lambda day: day.strftime("%y%m%d"))


@st.composite
def numbers(draw, length):
    digits = draw(st.text(string.digits, min_size=length - 1, max_size=length - 1))
    return next(f"{digits}{n}" for n in range(10) if check_digit_holds(f"{digits}{n}"))


@st.composite
def labels(draw):
    """An item with some of the elements that may stand with it, in any order."""
    optional = {
        "10": names,
        "11": dates,
        "13": dates,
        "15": dates,
        "17": dates,
        "20": st.from_regex(r"[0-9]{2}", fullmatch=True),
        "21": names,
        "30": st.integers(0, 99999999).map(str),
        "240": st.text(CSET82, min_size=1, max_size=30),
        "3103": st.integers(0, 999999).map("{:06d}".format),
        "400": st.text(CSET82, min_size=1, max_size=30),
        "99": st.text(CSET82, min_size=1, max_size=90),
    }
    fields = draw(st.fixed_dictionaries({"01": numbers(14)}, optional=optional))
    return dict(draw(st.permutations(list(fields.items()))))


scraps = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(SCRAPS),
        st.sampled_from("\x1d\x00\ud800\u0661\n "),
    ),
    max_size=8,
).map("".join)


@tagged("post_install", "-at_install")
class TestGs1Properties(BaseCase):
    @fuzz
    @given(scraps, st.booleans(), st.booleans())
    @example("https://a/01/09520123456788?17=", False, False)
    def test_no_input_crashes(self, raw, healthcare, lot_only):
        """G1: whatever a device sends, the answer is a scan with known codes."""
        scan = gs1.parse(raw, healthcare=healthcare, lot_only=lot_only, today=TODAY)
        self.assertIn(scan.kind, gs1.KINDS)
        self.assertEqual(scan.raw, raw)
        self.assertLessEqual({code for code, _detail in scan.errors}, set(gs1.ERRORS))
        self.assertLessEqual({code for code, _detail in scan.warnings}, set(gs1.WARNINGS))
        self.assertEqual(bool(scan.errors), scan.kind == "invalid")
        self.assertTrue(scan.lot is None or 0 < len(scan.lot) <= 20)

    @fuzz
    @given(labels(), st.sampled_from(["]C1", "]d2", "]Q3", "]e0"]))
    def test_label_round_trip(self, fields, symbology):
        """G1: what a label holds is what is read, element by element."""
        scan = gs1.parse(gs1.element_string(fields, symbology), today=TODAY)
        self.assertEqual((scan.kind, scan.errors), ("gs1", ()))
        self.assertEqual(scan.elements, fields)
        self.assertEqual(scan.lot, fields.get("10"))
        self.assertEqual(scan.serial, fields.get("21"))
        self.assertEqual(scan.expiry and scan.expiry.strftime("%y%m%d"), fields.get("17"))

    @fuzz
    @given(labels(), st.sampled_from(["{GS}", "~", "^]", "\\x1d", "[GS]"]), st.booleans())
    def test_stand_ins_read_alike(self, fields, stand_in, bare):
        """E13: a device that replaces the separator changes nothing, with identifier or bare."""
        raw = gs1.element_string(fields, "" if bare else "]C1").replace("\x1d", stand_in)
        scan = gs1.parse(raw, today=TODAY)
        self.assertEqual((scan.kind, scan.elements), ("gs1", fields))

    @fuzz
    @given(labels())
    def test_agrees_with_biip(self, fields):
        """G1: the library cuts a valid label into the same elements."""
        message = GS1Message.parse(gs1.element_string(fields, ""))
        self.assertEqual({es.ai.ai: es.value for es in message.element_strings}, fields)

    @fuzz
    @given(numbers(14), names, st.dates(date(2020, 1, 1), date(2040, 12, 31)))
    def test_lost_separator_never_silent(self, gtin, lot, expiry):
        """G3: a lot that swallowed its expiry is never read without a warning."""
        fields = {"01": gtin, "10": lot, "17": expiry.strftime("%y%m%d")}
        scan = gs1.parse(gs1.element_string(fields).replace("\x1d", ""), today=TODAY)
        self.assertTrue(scan.warned("separator_suspected"), scan)

    @fuzz
    @given(labels())
    def test_digital_link_round_trip(self, fields):
        """D1: addresses made by the library are read as the label they stand for."""
        message = GS1Message.parse(gs1.element_string(fields, ""))
        uri = GS1DigitalLinkURI.from_element_strings(message.element_strings).as_uri()
        scan = gs1.parse(uri, today=TODAY)
        self.assertEqual((scan.kind, scan.elements), ("digital_link", fields))

    @fuzz
    @given(st.one_of(numbers(8), numbers(12), numbers(13), numbers(14)))
    def test_plain_gtin_is_never_elements(self, digits):
        """G18: a plain product number has no lot and no date, whatever its digits."""
        assume(int(digits))
        scan = gs1.parse(digits, today=TODAY)
        self.assertEqual((scan.kind, scan.elements, scan.lot), ("gtin", {}, None))
        self.assertEqual(scan.gtin, digits.zfill(14))

    @fuzz
    @given(st.text())
    def test_lot_names_are_stable(self, name):
        """E05: cleaning twice changes nothing; a cleaned name keeps its key."""
        self.assertEqual(display_lot(display_lot(name)), display_lot(name))
        self.assertEqual(lot_key(lot_key(name)), lot_key(name))
        self.assertEqual(lot_key(display_lot(name)), lot_key(name))
