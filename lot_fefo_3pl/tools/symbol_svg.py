"""Bar codes as vector pictures in exact modules, for a page of any printer.

Odoo draws its bar codes as bitmaps that are stretched to the place they have; the bars of a long
lot would blur. Here a module is a whole unit of the picture, and the picture says how wide it is.
"""

from base64 import b64encode

from reportlab.graphics.barcode.code128 import Code128

from . import data_matrix

# The width of one module in mm: GS1 wants 0.495 on logistic labels, and not less than 0.25.
WIDEST_MODULE, NARROWEST_MODULE = 0.495, 0.25
QUIET_BARS, QUIET_MATRIX = 10, 2


def bars(data):
    """Return the widths of a Code 128, in modules, a bar first; FNC1 in front makes it GS1-128.

    :raises ValueError: for characters beyond ASCII
    """
    symbol = Code128(data, quiet=0)
    symbol.validate()
    if not symbol.valid:
        raise ValueError(f"{data!r} cannot be written as Code 128")
    symbol.encode()
    symbol.decompose()
    # Bars are capital letters, spaces small ones: A is one module, B two.
    return [ord(letter.upper()) - ord("A") + 1 for letter in symbol.decomposed]


def bars_length(data):
    """Return the modules of a Code 128 with its quiet zones."""
    return sum(bars(data)) + 2 * QUIET_BARS


def fits(data, width):
    """Return whether a Code 128 has room in `width` mm with the narrowest modules."""
    return bars_length(data) * NARROWEST_MODULE <= width


def bars_svg(data, width, height):
    """Return a Code 128 as (picture, its width in mm), as wide as it may be in `width` mm."""
    widths = bars(data)
    length = sum(widths) + 2 * QUIET_BARS
    module = min(WIDEST_MODULE, width / length)
    position, path = QUIET_BARS, []
    for number, part in enumerate(widths):
        if number % 2 == 0:
            path.append(f"M{position} 0h{part}v10h-{part}z")
        position += part
    return _svg("".join(path), length, 10, length * module, height), length * module


def matrix_svg(data, module):
    """Return a Data Matrix as (picture, its side in mm) with modules of that many mm."""
    rows = data_matrix.modules(data)
    side = len(rows) + 2 * QUIET_MATRIX
    path = "".join(
        f"M{column + QUIET_MATRIX} {row + QUIET_MATRIX}h1v1h-1z"
        for row, cells in enumerate(rows)
        for column, dark in enumerate(cells)
        if dark
    )
    return _svg(path, side, side, side * module, side * module), side * module


def _svg(path, columns, rows, width, height):
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.3f}mm" height="{height:.3f}mm"'
        f' viewBox="0 0 {columns} {rows}" preserveAspectRatio="none"'
        f' shape-rendering="crispEdges"><path d="{path}" fill="#000"/></svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
