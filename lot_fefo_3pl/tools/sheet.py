"""Write tables as files."""

import csv
import io

# What a spreadsheet takes for the beginning of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(header, rows):
    """The table as CSV that spreadsheets open as it is (UTF-8 with a byte order mark).

    :param header: the column titles.
    :param rows: an iterable of rows of plain values; None becomes an empty cell.
    :return: bytes.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _csv_cell(value):
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
