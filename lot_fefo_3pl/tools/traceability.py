"""The key data elements of FSMA 204 (21 CFR 1.1340 shipping, 1.1345 receiving); plain Python.

One row per critical tracking event, one column per element. A warehouse that neither grows nor
packs food has the two events of receiving and shipping; making new food of it (1.1350) is shown as
the receipt of the new lot from its maker.
"""

COLUMNS = (
    "event",
    "traceability_lot_code",
    "quantity",
    "unit",
    "product_description",
    "previous_source",
    "receiving_location",
    "ship_from_location",
    "subsequent_recipient",
    "date",
    "tlc_source_location",
    "tlc_source_reference",
    "document_type",
    "document_number",
)
BOTH = (
    "traceability_lot_code",
    "quantity",
    "unit",
    "product_description",
    "date",
    "document_type",
    "document_number",
)
REQUIRED = {
    "receiving": (*BOTH, "previous_source", "receiving_location"),
    "shipping": (*BOTH, "ship_from_location", "subsequent_recipient"),
}
# Either of these two: where the code was assigned, or a reference that leads there.
SOURCES = ("tlc_source_location", "tlc_source_reference")


def gaps(kind, row):
    """The elements that are missing in a row.

    :param kind: ``"receiving"`` or ``"shipping"``.
    :return: list of column names; ``"tlc_source"`` stands for both ways to name the source.
    """
    missing = [name for name in REQUIRED[kind] if not row.get(name)]
    if not any(row.get(name) for name in SOURCES):
        missing.append("tlc_source")
    return missing
