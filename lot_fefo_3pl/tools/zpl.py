"""Text and bar code data as ZPL printers want them.

A name must never be a command: what could be one is written by number, announced by ``^FH\\``. In
the data of a Code 128 ``>`` begins a code (``>8`` is FNC1), in a Data Matrix ``_`` does (``_1``).
"""

from .data_matrix import FNC1

_COMMANDS = "^~\\"
_CODE_128_SIGNS = {FNC1: ">8", ">": ">0", "^": "><", "~": ">="}
_MATRIX_SIGNS = {FNC1: "_1", "_": "__"}


def text(value):
    """Return a text for ``^FH\\^FD``."""
    return "".join(_sign(char) for char in " ".join(str(value or "").split()))


def code_128(data):
    """Return data with FNC1 for ``^BC``: runs of digits in subset C, the rest in B."""
    in_c = _is_digits(data.lstrip(FNC1)[:4], 4)
    written, position = [">;" if in_c else ">:"], 0
    while position < len(data):
        step = 1
        if data[position] == FNC1:
            written.append(">8")
        elif in_c and _is_digits(data[position : position + 2], 2):
            step = 2
            written.append(data[position : position + 2])
        elif in_c:
            in_c, step = False, 0
            written.append(">6")
        elif _is_digits(data[position : position + 4], 4):
            in_c, step = True, 0
            written.append(">5")
        else:
            written.append(_CODE_128_SIGNS.get(data[position]) or _sign(data[position]))
        position += step
    return "".join(written)


def data_matrix(data):
    """Return data with FNC1 for ``^BX`` of quality 200 with the escape sign ``_``."""
    return "".join(_MATRIX_SIGNS.get(char) or _sign(char) for char in data)


def _sign(char):
    return f"\\{ord(char):02X}" if char in _COMMANDS else char


def _is_digits(text_, length):
    return len(text_) == length and text_.isascii() and text_.isdigit()
