"""What a label says in GS1 terms: elements, their order, what can be written and what cannot.

Counts stand before the lot, so that a separator that a scanner loses never makes another lot of
what follows it: the lot is the last thing in every symbol.
"""

from .data_matrix import FNC1
from .gs1_elements import NOT_CSET82, by_number, check_digit_holds, gs1_standard_check_digit

LONGEST_LOT = 20
# What one GS1-128 symbol may carry: data, identifiers and separators.
LONGEST_GS1_128 = 48
SSCC_SERIAL_END = 17


def make_sscc(prefix, number, extension=0):
    """Return the SSCC of the `number`-th logistic unit of a company prefix, 18 digits.

    The extension digit counts on when the serial numbers behind the prefix are used up.

    :raises OverflowError: when the last number of the last extension digit is passed
    """
    places = SSCC_SERIAL_END - 1 - len(prefix)
    further, serial = divmod(number, 10**places)
    if extension + further > 9:
        raise OverflowError(number)
    digits = f"{extension + further}{prefix}{serial:0{places}d}"
    return f"{digits}{gs1_standard_check_digit(digits)}"


def is_sscc(name):
    """Return whether a package name is an SSCC."""
    return len(name or "") == 18 and check_digit_holds(name)


def to_gtin(code):
    """Return a product code as a GTIN of 14 digits, or None when it is none."""
    if code and len(code) in (8, 12, 13, 14) and check_digit_holds(code):
        return code.zfill(14)
    return None


def lot_obstacle(name):
    """Return why a lot cannot stand in a GS1 symbol: `too_long`, `bad_character` or None."""
    if NOT_CSET82.search(name):
        return "bad_character"
    return "too_long" if len(name) > LONGEST_LOT else None


def day(date):
    """Return a date as GS1 writes it."""
    return date.strftime("%y%m%d")


def goods_elements(gtin, lot=None, serial=None, expiry=None, best_before=None, count=None):
    """Return the elements of a carton or a unit: what does not apply is left out."""
    values = {
        "01": gtin,
        "15": best_before and day(best_before),
        "17": expiry and day(expiry),
        "30": count and str(count),
        "21": serial,
        "10": lot,
    }
    return {number: value for number, value in values.items() if value}


def content_elements(gtin, count, lot=None, expiry=None, best_before=None):
    """Return the elements of what a pallet of one lot holds; its SSCC must be on the label too."""
    values = {
        "02": gtin,
        "15": best_before and day(best_before),
        "17": expiry and day(expiry),
        "37": str(count),
        "10": lot,
    }
    return {number: value for number, value in values.items() if value}


def symbol_data(elements):
    """Return what a symbol encodes: FNC1 in front, and wherever an element needs its end marked."""
    data, pending = FNC1, False
    for number, value in elements.items():
        data += (FNC1 if pending else "") + number + value
        pending = by_number(number).separator_required
    return data


def human_readable(elements):
    """Return the text below a symbol."""
    return "".join(f"({number}){value}" for number, value in elements.items())


def in_symbols(elements, fits):
    """Cut elements into as few GS1-128 symbols as possible.

    :param fits: function of the data of a symbol, whether it has room on the label
    """
    symbols = []
    for number, value in elements.items():
        longer = {**(symbols[-1] if symbols else {}), number: value}
        data = symbol_data(longer)
        if symbols and len(data) - 1 <= LONGEST_GS1_128 and fits(data):
            symbols[-1] = longer
        else:
            symbols.append({number: value})
    return symbols
