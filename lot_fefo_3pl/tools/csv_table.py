"""Reading a CSV file that people and devices send: rows or one clear reason why not."""

import csv
import io

DELIMITERS = ",;\t"


class TableError(Exception):
    """A file that cannot be read as a whole; ``code`` says why, ``detail`` where."""

    def __init__(self, code, detail=""):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def decode(data):
    """Return the text of an uploaded file, which must be UTF-8 (with or without a mark)."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError("encoding") from error


def read(text, required, optional=()):
    """Return ``[(line number, {column: value} or None), ...]``; None for a line that is cut wrong.

    Comma, semicolon and tab are told apart by the header, whose names are matched without regard
    to case and spaces around them. Missing cells of known columns are empty strings. A separator
    of GS1 data (ASCII 29) inside a cell is kept.

    :raises TableError: ``empty``, ``encoding``, ``missing``, ``unknown``, ``twice`` or ``quotes``.
    """
    text = text.removeprefix("\ufeff")
    if "\0" in text or "\ufffd" in text:
        raise TableError("encoding")
    if not text.strip():
        raise TableError("empty")
    header_line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header_line.count)
    # newline="" keeps line ends for the reader, which alone knows what is inside quotes.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(map(_strip, cells))]
    except csv.Error as error:
        raise TableError("quotes", str(reader.line_num)) from error
    if not lines:
        raise TableError("empty")
    columns = _columns(lines[0][1], required, optional)
    if len(lines) == 1:
        raise TableError("empty")
    return [(number, _values(columns, cells, optional)) for number, cells in lines[1:]]


def write(columns, rows):
    """Return CSV text with these columns of ``rows`` (mappings)."""
    output = io.StringIO()
    writer = csv.DictWriter(output, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue()


def _strip(cell):
    # Python counts ASCII 29 as white space; here it is data.
    return cell.strip(" \t\r\n")


def _columns(cells, required, optional):
    columns = [_strip(cell).lower() for cell in cells]
    missing = [name for name in required if name not in columns]
    if missing:
        raise TableError("missing", ", ".join(missing))
    unknown = [name for name in columns if name not in (*required, *optional)]
    if unknown:
        raise TableError("unknown", ", ".join(name or "''" for name in unknown))
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise TableError("twice", ", ".join(twice))
    return columns


def _values(columns, cells, optional):
    if len(cells) != len(columns):
        return None
    values = dict.fromkeys(optional, "")
    values.update(zip(columns, map(_strip, cells), strict=True))
    return values
