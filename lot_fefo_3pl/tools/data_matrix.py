"""Data Matrix symbols (ECC 200, ISO/IEC 16022) with FNC1, as rows of dark and light modules.

The libraries that come with Odoo draw one size only and cannot write FNC1, which makes a symbol a
GS1 DataMatrix. This one writes characters of ASCII and pairs of digits in the square symbols that
have one block of error correction: up to 174 codewords, more than a label ever needs.
"""

from functools import lru_cache

FNC1 = "\xf1"

# Side, data regions in a row, data codewords, error correction codewords.
_SIZES = (
    (10, 1, 3, 5),
    (12, 1, 5, 7),
    (14, 1, 8, 10),
    (16, 1, 12, 12),
    (18, 1, 18, 14),
    (20, 1, 22, 18),
    (22, 1, 30, 20),
    (24, 1, 36, 24),
    (26, 1, 44, 28),
    (32, 2, 62, 36),
    (36, 2, 86, 42),
    (40, 2, 114, 48),
    (44, 2, 144, 56),
    (48, 2, 174, 68),
)
_PAD = 129
_PAIRS_FROM = 130
_CODEWORD_FNC1 = 232
_FIELD_POLYNOMIAL = 0x12D
# Where the eight bits of a codeword lie around its last one, as (row, column), first bit first.
_SHAPE = ((-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0))


def modules(data):
    """Return the rows of the smallest symbol with `data`; 1 is dark. No quiet zone.

    :param data: ASCII characters and FNC1
    :raises ValueError: other characters, or too much data
    """
    codewords = _encode(data)
    for side, regions, room, correction in _SIZES:
        if len(codewords) <= room:
            codewords = _pad(codewords, room)
            codewords += _correct(codewords, correction)
            return _frame(_place(codewords, side - 2 * regions), side, regions)
    raise ValueError("too much data for a Data Matrix symbol")


def _encode(data):
    codewords = []
    position = 0
    while position < len(data):
        pair = data[position : position + 2]
        if len(pair) == 2 and pair.isascii() and pair.isdigit():
            codewords.append(_PAIRS_FROM + int(pair))
            position += 2
            continue
        char = data[position]
        if char != FNC1 and not char.isascii():
            raise ValueError(f"{char!r} cannot be written")
        codewords.append(_CODEWORD_FNC1 if char == FNC1 else ord(char) + 1)
        position += 1
    return codewords


def _pad(codewords, room):
    """Fill up: one plain pad, then pads that look random, so that no pattern arises."""
    padded = codewords + [_PAD] * (room > len(codewords))
    while len(padded) < room:
        value = _PAD + (149 * (len(padded) + 1)) % 253 + 1
        padded.append(value if value <= 254 else value - 254)
    return padded


@lru_cache(maxsize=1)
def _powers():
    """The powers of 2 in the field, twice over, and the logarithms."""
    powers, value = [], 1
    for _exponent in range(255):
        powers.append(value)
        value <<= 1
        if value > 255:
            value ^= _FIELD_POLYNOMIAL
    logarithms = {power: exponent for exponent, power in enumerate(powers)}
    return powers * 2, logarithms


def _multiply(left, right):
    if not left or not right:
        return 0
    powers, logarithms = _powers()
    return powers[logarithms[left] + logarithms[right]]


@lru_cache(maxsize=len(_SIZES))
def _generator(degree):
    """The polynomial with the roots 2^1 to 2^degree, highest power first, without its leading 1."""
    powers, _logarithms = _powers()
    polynomial = [1]
    for root in powers[1 : degree + 1]:
        shifted = [*polynomial, 0]
        scaled = [0, *(_multiply(factor, root) for factor in polynomial)]
        polynomial = [a ^ b for a, b in zip(shifted, scaled, strict=True)]
    return tuple(polynomial[1:])


def _correct(codewords, count):
    """The Reed-Solomon codewords of the data."""
    remainder = [0] * count
    for codeword in codewords:
        factor = codeword ^ remainder[0]
        remainder = [
            old ^ _multiply(factor, term)
            for old, term in zip([*remainder[1:], 0], _generator(count), strict=True)
        ]
    return remainder


def _place(codewords, side):
    """Lay the bits out diagonally in the mapping matrix."""
    grid = [[None] * side for _row in range(side)]
    rest = iter(codewords)
    for row, column, turning in _walk(side):
        inside = 0 <= row < side and 0 <= column < side
        cells = None
        if turning:
            cells = _corner(row, column, side)
        elif inside and grid[row][column] is None:
            cells = [_wrap(row + down, column + right, side) for down, right in _SHAPE]
        if cells:
            codeword = next(rest)
            for bit, (cell_row, cell_column) in enumerate(cells):
                grid[cell_row][cell_column] = codeword >> (7 - bit) & 1
    if grid[-1][-1] is None:
        # The corner that no codeword reaches has a fixed pattern.
        grid[-1][-1] = grid[-2][-2] = 1
        grid[-1][-2] = grid[-2][-1] = 0
    return grid


def _walk(side):
    """Yield (row, column, turning) along the diagonals, up and down in turns."""
    row, column = 4, 0
    while row < side or column < side:
        yield row, column, True
        while row >= 0 and column < side:
            yield row, column, False
            row, column = row - 2, column + 2
        row, column = row + 1, column + 3
        while row < side and column >= 0:
            yield row, column, False
            row, column = row + 2, column - 2
        row, column = row + 3, column + 1


def _wrap(row, column, side):
    """A cell beyond the upper or left edge lies at the opposite one, shifted."""
    shift = 4 - (side + 4) % 8
    if row < 0:
        row, column = row + side, column + shift
    if column < 0:
        row, column = row + shift, column + side
    return row, column


def _corner(row, column, side):
    """The cells of a codeword that is broken at the corners, if one begins here.

    Of the four cases of the standard square symbols of these sizes have two.
    """
    last = side - 1
    if (row, column) == (side, 0):
        return [(last, 0), (last, 1), (last, 2), (0, last - 1), (0, last), (1, last), (2, last),
                (3, last)]  # fmt: skip
    if (row, column) == (side - 2, 0) and side % 4:
        return [(last - 2, 0), (last - 1, 0), (last, 0), (0, last - 3), (0, last - 2),
                (0, last - 1), (0, last), (1, last)]  # fmt: skip
    return None


def _frame(grid, side, regions):
    """Put the finder (solid left and bottom) and the clock (dashed top and right) around each
    region."""
    inner = side // regions - 2
    return [
        [_module(grid, row, column, inner + 2, inner) for column in range(side)]
        for row in range(side)
    ]


def _module(grid, row, column, outer, inner):
    region_row, in_row = divmod(row, outer)
    region_column, in_column = divmod(column, outer)
    if in_column == 0 or in_row == outer - 1:
        return 1
    if in_row == 0:
        return 1 - in_column % 2
    if in_column == outer - 1:
        return in_row % 2
    return grid[region_row * inner + in_row - 1][region_column * inner + in_column - 1]
