"""The recall list as a sheet that any spreadsheet opens; plain Python, no Odoo."""

import csv
import io

COLUMNS = (
    "recall",
    "mock",
    "brand",
    "class",
    "reason",
    "consignee",
    "ship_to",
    "address",
    "phone",
    "email",
    "order",
    "client_reference",
    "delivery",
    "day",
    "product",
    "lot",
    "expiry",
    "owner",
    "shipped",
    "returned",
    "net",
    "unit",
    "package",
    "sscc",
    "carrier",
    "tracking",
)


def safe_cell(value):
    """A text that a spreadsheet would run as a formula is marked as text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def recall_list_csv(head: dict, rows: list[dict]) -> str:
    """CSV with one line per delivered line; ``head`` repeats on every line, so it sorts freely."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        values = {**head, **row}
        writer.writerow([safe_cell(values.get(name, "")) for name in COLUMNS])
    return output.getvalue()
