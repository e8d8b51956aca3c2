"""What is stored as a lot name, and when two names look the same to a person."""

import re
import unicodedata

# Invisible characters that are not of the categories Cc and Cf.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2800\u3164\ufe00-\ufe0f\uffa0]"
)
_SPACES = re.compile(r"\s+")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_LOOK_ALIKES = str.maketrans({"o": "0", "i": "1", "l": "1"})


def display_lot(name):
    """Return the name as it is stored: nothing invisible, no space at the ends, case kept."""
    visible = "".join(
        " " if char.isspace() else char
        for char in _INVISIBLE.sub("", name or "")
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    return _SPACES.sub(" ", visible).strip()


def lot_key(name):
    """Return the key that names have in common when a person may take one for the other.

    Case, spaces, invisible characters, widths and kinds of dashes do not count; the letter O is
    the digit 0, the letters I and l are the digit 1.
    """
    key = unicodedata.normalize("NFKC", name or "")
    key = display_lot(unicodedata.normalize("NFKC", key.casefold())).replace(" ", "")
    # Without the spaces an accent may meet its letter.
    key = unicodedata.normalize("NFKC", key)
    return _DASHES.sub("-", key).translate(_LOOK_ALIKES)
