"""Reading one scan: raw string in, `Scan` out, never an exception.

Which reading wins (the first that applies):

1. nothing but spaces: `empty`.
2. a symbology identifier decides: ]C1 ]e0 ]e1 ]e2 ]d2 ]Q3 ]J1 carry element strings (or a Digital
   Link), ]E0 ]E3 ]E4 ]I1 carry a GTIN and nothing else. Any other identifier is cut off, and the
   rest is read by the rules below.
3. `http://` or `https://` in lower case: a Digital Link if it has a primary key, else text.
4. `(01)...(10)...`: element strings in human readable form.
5. digits only: 8, 12, 13 or 14 with the right check digit are a GTIN, 18 (or `00` and 18) an SSCC.
   So a plain EAN is never taken for element strings; no element string of an item is that short.
6. a separator in front, an ASCII 29 anywhere, or elements that can be cut completely and have an
   item or SSCC among them: element strings. What begins with an item or SSCC whose check digit
   holds, and then cannot be cut, is a damaged label (`invalid`), not text.
7. everything else is text: a lot, a bin or a package name.

Separators are ASCII 29 and what devices write in its place: {GS} [GS] {FNC1} ^] ~ \\x1d and the
symbol U+241D. They cannot occur in GS1 data. <GS> and <FNC1> could, so they count only where no
other separator is found and are warned about. The number sign is never one: it cuts good lots.

Errors and warnings are pairs (code, detail); the codes are the closed sets below. A scan with an
error has kind `invalid` and no typed field at all; `elements` tells what was read of it.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from biip import ParseError
from biip.upc import Upc

from . import digital_link
from .gs1_elements import (
    GS,
    LONGEST_VALUE,
    by_number,
    check_associations,
    check_digit_holds,
    check_value,
    gs1_date,
    is_measure,
    measure,
    merge,
    split,
)
from .lost_separator import suspects_lost_separator
from .lot_names import display_lot

ERRORS = {
    "bad_character": "a character that GS1 data cannot have, such as a space or a number sign",
    "bad_date": "no such day",
    "bad_format": "the value does not have the format of its identifier",
    "bad_link": "a web address that is a damaged Digital Link",
    "check_digit": "the check digit is wrong",
    "conflict": "one identifier twice with different values",
    "excluded_pair": "two identifiers that may not stand together",
    "link_order": "Digital Link: lot or serial in the wrong place",
    "needs_content": "a count (37) without the contents it counts (02)",
    "needs_count": "contents (02) without their count (37)",
    "needs_item": "a lot, serial or date without the item it belongs to",
    "not_a_gtin": "the symbology promises a GTIN and the data is none",
    "no_data": "a symbology identifier or separators and nothing else",
    "too_long": "the value is longer than its identifier allows",
    "unknown_ai": "no such application identifier",
}
WARNINGS = {
    "ambiguous": "could also be read in the way the detail says",
    "day_00": "a healthcare item whose date does not name the day",
    "no_sscc": "contents of a logistic unit without the number of the unit",
    "separator_possible": "the tail of a value can be read as other elements",
    "separator_stand_in": "<GS> was taken for a separator although GS1 data could contain it",
    "separator_suspected": "the tail of a value can be read as elements with a plausible date",
}
KINDS = ("gs1", "digital_link", "gtin", "sscc", "text", "empty", "invalid")

LONGEST_SCAN = 4000
_SYMBOLOGY = re.compile(r"\][A-UX-Zc-eopsz][0-9A-Za-z]")
_AI_SYMBOLOGIES = ("]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1")
_GTIN_SYMBOLOGIES = ("]E0", "]E3", "]E4", "]I1")
_STAND_INS = re.compile(r"\{GS\}|\[GS\]|\{FNC1\}|\^\]|~|\\x1d|\u241d", re.IGNORECASE)
_DOUBTFUL_STAND_INS = re.compile(r"<(?:GS|FNC1)>", re.IGNORECASE)
_BRACKETS = re.compile(r"\((\d{2,4})\)")
_KEYS = {"00": 18, "01": 14, "02": 14}
_FIELDS = {
    "00": "sscc",
    "01": "gtin",
    "02": "content_gtin",
    "10": "lot",
    "21": "serial",
    "400": "order",
}
_DATES = {"17": "expiry", "15": "best_before", "11": "production", "13": "packed", "16": "sell_by"}


@dataclass(frozen=True)
class Scan:
    """What one scan says.

    `text` is the data without symbology identifier and invisible characters, for a look-up of
    names. `count` is that of identifier 30 or 37. `measures` maps 31nn to 36nn to decimals,
    `elements` every identifier to its value as it stands.
    """

    raw: str
    symbology: str | None = None
    kind: str = "text"
    text: str = ""
    gtin: str | None = None
    content_gtin: str | None = None
    lot: str | None = None
    serial: str | None = None
    expiry: date | None = None
    best_before: date | None = None
    production: date | None = None
    packed: date | None = None
    sell_by: date | None = None
    count: int | None = None
    sscc: str | None = None
    order: str | None = None
    measures: dict = field(default_factory=dict, hash=False)
    elements: dict = field(default_factory=dict, hash=False)
    errors: tuple = ()
    warnings: tuple = ()

    @property
    def item(self):
        """The GTIN of the goods: the item itself or the contents of a logistic unit."""
        return self.gtin or self.content_gtin

    def warned(self, code):
        """Return whether there is a warning with this code."""
        return any(warning == code for warning, _detail in self.warnings)


def parse(raw, *, healthcare=False, lot_only=False, today=None):
    """Read one scan. See the module for the order of the readings.

    :param raw: what the device sent
    :param healthcare: the item is regulated: a date without a day is warned about
    :param lot_only: the product is known from elsewhere: a lot or a date may stand alone
    :param today: the day from which centuries are judged; the present day when omitted
    """
    raw = "" if raw is None or raw is False else str(raw)
    if len(raw) > LONGEST_SCAN:
        return Scan(raw[:LONGEST_SCAN], kind="invalid", errors=(("too_long", ""),))
    return _Reader(raw, healthcare, lot_only, today or date.today()).read()


def element_string(fields, symbology="]C1"):
    """Return what a handheld emits for a label with these elements, in their order.

    :param fields: mapping or pairs of application identifier and value; they are not checked
    """
    pairs = list(fields.items() if hasattr(fields, "items") else fields)
    data = symbology
    for position, (number, value) in enumerate(pairs, start=1):
        data += number + value
        found = by_number(number)
        if position < len(pairs) and (found is None or found.separator_required):
            data += GS
    return data


class _Reader:
    """The reading of one raw string."""

    def __init__(self, raw, healthcare, lot_only, today):
        self.raw, self.healthcare, self.lot_only, self.today = raw, healthcare, lot_only, today
        data = raw.strip(" \t\r\n\v\f\0\ufeff")
        found = _SYMBOLOGY.match(data)
        self.symbology = found[0] if found else None
        self.data = data[len(found[0]) :] if found else data
        self.text = display_lot(self.data)
        self.warnings = []

    def read(self):  # pylint: disable=method-required-super
        if not self.text and not self.symbology and GS not in self.data:
            return self._scan("empty")
        if digital_link.is_web_address(self.data):
            return self._read_address()
        if self.symbology in _AI_SYMBOLOGIES:
            return self._read_message(self._separated())
        if self.symbology in _GTIN_SYMBOLOGIES:
            return self._read_gtin_symbol()
        if _BRACKETS.match(self.data):
            return self._read_brackets()
        return self._read_plain_number() or self._read_unmarked()

    # -- the readings ---------------------------------------------------------------------------

    def _read_address(self):
        pairs, error = digital_link.read(self.data)
        if pairs is None:
            return self._scan("text")
        return self._read_pairs("digital_link", pairs, error, guess=False)

    def _read_message(self, data):
        if not data.strip(GS):
            return self._invalid({}, [("no_data", "")])
        pairs, error = split(data)
        return self._read_pairs("gs1", pairs, error)

    def _read_gtin_symbol(self):
        digits = self.data[:13] if self.symbology == "]E3" else self.data
        if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()):
            return self._invalid({}, [("not_a_gtin", digits)])
        if not check_digit_holds(digits):
            return self._invalid({}, [("check_digit", digits)])
        return self._scan("gtin", gtin=digits.zfill(14))

    def _read_brackets(self):
        cut = _BRACKETS.split(self.data)
        pairs = []
        for number, value in zip(cut[1::2], cut[2::2], strict=True):
            if by_number(number) or not pairs:
                pairs.append((number, value.strip()))
            else:
                # A bracket that holds no identifier belongs to the value before it.
                pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}({number}){value.strip()}")
        if by_number(pairs[0][0]) is None:
            return self._scan("text")
        return self._read_pairs("gs1", pairs, None)

    def _read_plain_number(self):
        digits = self.data
        if not (digits.isascii() and digits.isdigit() and int(digits)):
            return None
        if len(digits) in (8, 12, 13, 14) and check_digit_holds(digits):
            expanded = _expanded_upc(digits)
            if expanded:
                self.warnings.append(("ambiguous", f"UPC-E {expanded}"))
            return self._scan("gtin", gtin=digits.zfill(14))
        if len(digits) == 8 and _expanded_upc(digits):
            return self._scan("gtin", gtin=_expanded_upc(digits).zfill(14))
        if len(digits) == 20 and digits.startswith("00"):
            digits = digits[2:]
        if len(digits) == 18 and check_digit_holds(digits):
            return self._scan("sscc", sscc=digits, elements={"00": digits})
        return None

    def _read_unmarked(self):
        """Read data without a symbology identifier as element strings if it can be only that."""
        data = self._separated()
        if GS in self.data or data.startswith(GS):
            return self._read_message(data)
        pairs, error = split(data)
        damaged = error or any(self._is_damaged(*pair) for pair in pairs)
        number, value = pairs[0] if pairs else ("", "")
        if damaged:
            certain = number in _KEYS and len(pairs) > 1 and check_digit_holds(value)
        else:
            certain = any(ai in _KEYS for ai, _value in pairs) and (
                len(pairs) > 1 or check_digit_holds(value)
            )
        if certain:
            return self._read_pairs("gs1", pairs, error)
        self.warnings.clear()
        if self.lot_only and number == "10" and not damaged:
            self.warnings.append(("ambiguous", f"(10){value}"))
        return self._scan("text")

    def _is_damaged(self, number, value):
        error = check_value(number, value, self.today)
        return bool(error) and error[0] not in ("check_digit", "bad_date")

    def _separated(self):
        """Return the data with the separator wherever the device wrote something in its place."""
        data = _STAND_INS.sub(GS, self.data)
        if GS not in data:
            data, found = _DOUBTFUL_STAND_INS.subn(GS, data)
            if found:
                self.warnings.append(("separator_stand_in", self.data))
        return data

    # -- elements to fields ---------------------------------------------------------------------

    def _read_pairs(self, kind, pairs, error, guess=True):
        errors = [error] if error else []
        errors += filter(None, (check_value(*pair, self.today) for pair in pairs))
        elements, conflicts = merge(pairs)
        errors += conflicts or ([] if errors else check_associations(elements, self.lot_only))
        if guess:
            self._suspect_lost_separators(elements)
        if errors:
            return self._invalid(elements, errors)
        values = {name: elements[number] for number, name in _FIELDS.items() if number in elements}
        values |= self._dates(elements)
        values["measures"] = {
            number: measure(number, value)
            for number, value in elements.items()
            if is_measure(number)
        }
        count = elements.get("30") or elements.get("37")
        values["count"] = int(count) if count else None
        if values.get("content_gtin") and "sscc" not in values:
            self.warnings.append(("no_sscc", values["content_gtin"]))
        if set(elements) == {"00"} and kind == "gs1":
            kind = "sscc"
        return self._scan(kind, elements=elements, **values)

    def _dates(self, elements):
        dates = {
            name: gs1_date(elements[number], self.today)
            for number, name in _DATES.items()
            if number in elements
        }
        if "7003" in elements:
            dates.setdefault("expiry", gs1_date(elements["7003"][:6], self.today))
        if self.healthcare:
            self.warnings += [
                ("day_00", f"({number}){elements[number]}")
                for number in _DATES
                if elements.get(number, "").endswith("00")
            ]
        return dates

    def _suspect_lost_separators(self, elements):
        for number, value in elements.items():
            found = by_number(number)
            if found is None or not found.separator_required or len(value) > LONGEST_VALUE:
                continue
            splits = suspects_lost_separator(value, elements, self.today)
            if splits:
                code = "separator_suspected" if splits[0].strong else "separator_possible"
                self.warnings.append((code, f"({number}){splits[0]}"))

    def _invalid(self, elements, errors):
        return self._scan("invalid", elements=elements, errors=tuple(errors))

    def _scan(self, kind, **values):
        return Scan(
            self.raw,
            symbology=self.symbology,
            kind=kind,
            text=self.text,
            warnings=tuple(self.warnings),
            **values,
        )


def _expanded_upc(digits):
    """Return the GTIN-12 that a UPC-E of 8 digits stands for, or None."""
    if len(digits) != 8 or digits[0] not in "01":
        return None
    try:
        return Upc.parse(digits).as_upc_a()
    except ParseError:
        return None
