"""Write tables as files."""

import csv
import io
from datetime import date

import xlsxwriter

# What a spreadsheet takes for the beginning of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MAX_WIDTH = 60


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


def to_xlsx(title, header, rows):
    """The table as a workbook of one sheet; the parameters are those of ``to_workbook``."""
    return to_workbook([(title, header, rows)])


def to_workbook(sheets):
    """Tables as a workbook: bold headers that stay in view, dates as dates.

    :param sheets: an iterable of (title, header, rows): the name of the sheet, the column titles,
        and an iterable of rows of plain values; None becomes an empty cell.
    :return: bytes.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        for title, header, rows in sheets:
            _add_sheet(workbook, title, header, rows)
    return buffer.getvalue()


def _add_sheet(workbook, title, header, rows):
    sheet = workbook.add_worksheet(_sheet_name(title))
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, workbook.add_format({"bold": True, "bottom": 1}))
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    widths = [len(label) for label in header]
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, date):
                sheet.write_datetime(last, column, value, day)
            else:
                sheet.write(last, column, value)
            widths[column] = max(widths[column], len(str(value)))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, MAX_WIDTH) + 2)
    sheet.autofilter(0, 0, max(last, 1), len(widths) - 1)


def _sheet_name(title):
    return "".join(" " if char in "[]:*?/\\'" else char for char in title)[:31] or "1"
