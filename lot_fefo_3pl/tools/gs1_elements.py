"""GS1 element strings: cutting a message into (identifier, value) pairs and checking them.

`biip` knows the identifiers and their formats. On top of it stand the rules it leaves to the
caller: an element of variable length ends at a separator and nowhere else, check digits, dates seen
from a given day, and the associations of the GS1 syntax dictionary that matter to goods.
"""

import calendar
import contextlib
import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from biip import ParseConfig, ParseError
from biip.checksums import gs1_standard_check_digit
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from biip.gs1_element_strings import GS1ElementString

GS = "\x1d"
NOT_CSET82 = re.compile(r"[^!\"%-?A-Z_a-z]")
ITEM_KEYS = ("01", "02", "03", "8006", "8026")
DATE_AIS = ("11", "12", "13", "15", "16", "17")
TIMED_AIS = ("7003", "7006", "7007", "7011", "4324", "4325", "4326")
LONGEST_VALUE = 90

# Our own date rule replaces that of biip, which always looks from the present day.
_FORMAT_ONLY = ParseConfig(gs1_element_strings_verify_date=False)
_FIXED_LENGTH = re.compile(r"\+N(\d+)$")
# The part of the value that ends in a check digit.
_CHECKED = {
    "00": slice(0, 18),
    "01": slice(0, 14),
    "02": slice(0, 14),
    "03": slice(0, 14),
    "253": slice(0, 13),
    "255": slice(0, 13),
    "402": slice(0, 17),
    **{f"41{n}": slice(0, 13) for n in range(8)},
    "8003": slice(1, 14),
    "8006": slice(0, 14),
    "8017": slice(0, 18),
    "8018": slice(0, 18),
    "8026": slice(0, 14),
}
_NEEDS_ITEM = {
    "10": ITEM_KEYS,
    "11": ITEM_KEYS,
    "13": ITEM_KEYS,
    "15": ITEM_KEYS,
    "16": ITEM_KEYS,
    "17": (*ITEM_KEYS, "255"),
    "20": ITEM_KEYS,
    "21": ("01", "03", "8006"),
    "22": ("01",),
    "30": ("01", "02"),
    "235": ("01",),
    "240": ITEM_KEYS,
    "241": ITEM_KEYS,
    "242": ITEM_KEYS,
    "7003": ("01", "02"),
}
_EXCLUDED = (("01", "02"), ("01", "37"), ("01", "255"), ("01", "8006"), ("8006", "37"),
             ("02", "8026"), ("8006", "8026"), ("21", "235"))  # fmt: skip


@lru_cache(maxsize=1024)
def _identifier(head):
    try:
        return GS1ApplicationIdentifier.extract(head)
    except ParseError:
        return None


def identifier(data):
    """Return the application identifier `data` begins with, or None."""
    return _identifier(data[:4])


def by_number(number):
    """Return the application identifier with exactly this number, or None."""
    found = _identifier(number)
    return found if found and found.ai == number else None


def split(data):
    """Cut a message into pairs; return `(pairs, error)`, the error None or `(code, detail)`.

    An element of variable length takes everything up to the next separator, so that a value that
    is too long is seen as such and never as a shorter value followed by something else.
    """
    pairs = []
    for segment in data.split(GS):
        rest = segment
        while rest:
            found = identifier(rest)
            if found is None:
                return pairs, ("unknown_ai", rest[:4])
            start = len(found)
            end = len(rest) if found.separator_required else start + fixed_length(found)
            pairs.append((found.ai, rest[start:end]))
            rest = rest[end:]
    return pairs, None


def fixed_length(found):
    """Return the length of the value of an identifier that needs no separator."""
    return int(_FIXED_LENGTH.search(found.format)[1])


def check_digit_holds(digits):
    """Return whether the last digit is the GS1 check digit of the others."""
    if not (digits.isascii() and digits.isdigit() and len(digits) > 1):
        return False
    return gs1_standard_check_digit(digits[:-1]) == int(digits[-1])


def check_value(number, value, today):
    """Return the error `(code, detail)` of one element, or None."""
    found = by_number(number)
    if found is None:
        return "unknown_ai", number
    error = _check_format(found, value)
    if error:
        return error
    if number in _CHECKED and not check_digit_holds(value[_CHECKED[number]]):
        return "check_digit", value
    if number in DATE_AIS or number in TIMED_AIS:
        return _check_date(number, value, today)
    return None


def _check_format(found, value):
    with contextlib.suppress(ParseError):
        GS1ElementString.parse(found.ai + value, config=_FORMAT_ONLY)
        # The formats of biip allow an empty count.
        return None if value else ("bad_format", f"({found.ai})")
    if NOT_CSET82.search(value) and found.ai != "8010":
        return "bad_character", f"({found.ai}){value}"
    longest = re.search(r"\.\.(\d+)\]?$", found.format)
    if longest and len(value) > int(longest[1]):
        return "too_long", f"({found.ai}){value}"
    if found.ai in DATE_AIS and len(value) == 6 and value.isdigit():
        return "bad_date", f"({found.ai}){value}"
    return "bad_format", f"({found.ai}){value}"


def _check_date(number, value, today):
    whole_day = number in DATE_AIS or number in ("4324", "4325")
    days = [value[:6]] if number != "7007" else [value[:6], value[6:] or value[:6]]
    if any(gs1_date(day, today) is None or (day[4:] == "00" and not whole_day) for day in days):
        return "bad_date", f"({number}){value}"
    clock = value[6:] if number in ("7003", "7011", "4324", "4325") else ""
    if clock and clock != "9999" and (clock[:2] > "23" or clock[2:] > "59"):
        return "bad_date", f"({number}){value}"
    return None


def gs1_date(yymmdd, today):
    """Return the date, or None when there is no such day. Day 00 is the last day of the month.

    The century is the one that puts the year between 49 years before and 50 years after `today`.
    """
    year, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6])
    century, this_year = divmod(today.year, 100)
    if year - this_year >= 51:
        century -= 1
    elif year - this_year <= -50:
        century += 1
    year += century * 100
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None


def measure(number, value):
    """Return the decimal value of a weight, length, area or volume (identifiers 31nn to 36nn)."""
    return GS1ElementString.parse(number + value, config=_FORMAT_ONLY).decimal or Decimal(0)


def is_measure(number):
    return len(number) == 4 and "31" <= number[:2] <= "36"


def merge(pairs):
    """Return `(elements, errors)`: equal repetitions are merged, different ones conflict."""
    elements, errors = {}, []
    for number, value in pairs:
        if elements.setdefault(number, value) != value:
            errors.append(("conflict", f"({number}){elements[number]} / {value}"))
    measures = {}
    errors.extend(
        ("conflict", f"({measures[number[:3]]}) / ({number})")
        for number in filter(is_measure, elements)
        if measures.setdefault(number[:3], number) != number
    )
    return elements, errors


def check_associations(elements, lot_only):
    """Return the errors of elements that may not stand together or not alone."""
    errors = []
    for number, keys in _NEEDS_ITEM.items():
        if number in elements and not lot_only and not any(key in elements for key in keys):
            errors.append(("needs_item", f"({number})"))
    for one, other in _EXCLUDED:
        if one in elements and other in elements:
            errors.append(("excluded_pair", f"({one}) / ({other})"))
    contents = [number for number in ("02", "8026") if number in elements]
    if contents and "37" not in elements:
        errors.append(("needs_count", f"({contents[0]})"))
    if "37" in elements and not contents:
        errors.append(("needs_content", "(37)"))
    return errors
