"""GS1 Digital Link: a web address that carries the elements of a barcode.

`biip` reads such addresses too, but takes a lot from the query, pads a short GTIN and ignores
unknown numeric keys; in evidence of a scan that is not allowed.
"""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from .gs1_elements import by_number

# Primary keys and the qualifiers that may follow them, in this order.
QUALIFIERS = {
    "01": ("22", "10", "21", "235"),
    "8006": ("22", "10", "21"),
    "00": (),
    "8010": ("8011",),
    "8013": (),
    "253": (),
    "255": (),
    "401": (),
    "402": (),
    "414": ("254", "7040"),
    "415": ("8020",),
    "417": ("7040",),
    "8003": (),
    "8004": ("7040",),
    "8017": ("8019",),
    "8018": ("8019",),
}
_SCHEME = re.compile(r"https?://[^/\s]")
_ATTEMPT = re.compile(r"/(?:00|01|8006|8003|414|417)/\d{4,}(?:/|$)")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def is_web_address(text):
    """Return whether the text is an http address; the scheme counts in lower case only."""
    return bool(_SCHEME.match(text))


def read(address):
    """Return `(pairs, error)`; `(None, None)` for an address that is no Digital Link at all."""
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return [], ("bad_link", address)
    segments = parts.path.split("/")[1:]
    start = _primary_key(segments)
    if start is None:
        return ([], ("bad_link", parts.path)) if _ATTEMPT.search(parts.path) else (None, None)
    # A plus sign is itself in a path; the query parser has made a space of it.
    pairs = [(segments[i], unquote(segments[i + 1])) for i in range(start, len(segments), 2)]
    error = _check_path(pairs) or _check_query(query, pairs[0][0])
    if _BROKEN_ESCAPE.search(parts.path + parts.query):
        error = "bad_link", address
    return pairs + [pair for pair in query if by_number(pair[0])], error


def _primary_key(segments):
    """Return the index of the last primary key that is followed by whole pairs, or None."""
    for index in range(len(segments) - 2, -1, -2):
        if segments[index] in QUALIFIERS and segments[index + 1]:
            return index
    return None


def _check_path(pairs):
    allowed = list(QUALIFIERS[pairs[0][0]])
    for number, _value in pairs[1:]:
        if number not in allowed:
            return "link_order", "/".join(number for number, _value in pairs)
        allowed = allowed[allowed.index(number) + 1 :]
    return None


def _check_query(query, primary_key):
    for number, _value in query:
        if not (number.isascii() and number.isdigit()):
            continue
        if by_number(number) is None:
            return "unknown_ai", number
        if number in QUALIFIERS[primary_key]:
            return "link_order", f"?{number}="
    return None
