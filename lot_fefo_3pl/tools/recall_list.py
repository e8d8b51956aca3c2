"""The columns of the recall list and of the exercise's three lists; plain Python, no Odoo."""

HEAD = ("recall", "mock", "brand", "class", "reason")
DELIVERED = (
    "certainty",
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
# The recall's own columns stand on every line, so that the list can be sorted and cut freely.
RECALL_LIST = HEAD + DELIVERED
INBOUND = (
    "day",
    "kind",
    "supplier",
    "address",
    "phone",
    "picking",
    "origin",
    "product",
    "lot",
    "expiry",
    "owner",
    "quantity",
    "uom",
    "sscc",
    "user",
)
ON_HAND = ("location", "package", "product", "lot", "owner", "quantity", "unit", "frozen")
BALANCE = (
    "product",
    "lot",
    "owner",
    "received",
    "produced",
    "returned",
    "found",
    "shipped",
    "sent_back",
    "consumed",
    "scrapped",
    "lost",
    "on_hand",
    "unexplained",
    "percent",
    "uom",
)


def table(columns, rows):
    """Rows (mappings) as lists in the order of ``columns``; what is missing stays empty."""
    return [
        [row.get(name) or (0 if row.get(name) == 0 else None) for name in columns] for row in rows
    ]
