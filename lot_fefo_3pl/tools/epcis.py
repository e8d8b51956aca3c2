"""EPCIS 2.0 documents of lots (GS1 EPCIS and CBV 2.0, ISO/IEC 19987 and 19988); plain Python.

Identifiers follow the GS1 Digital Link form of CBV 2.0, section 8; what has no GS1 key gets an
address below the company's own web address, which the standard allows.
"""

from datetime import UTC
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
GS1 = "https://id.gs1.org"
EVENT_TYPES = frozenset({"ObjectEvent", "AggregationEvent", "TransformationEvent"})
BUSINESS_STEPS = frozenset(
    {"commissioning", "receiving", "packing", "shipping", "holding", "inspecting", "destroying"}
)
DISPOSITIONS = frozenset(
    {
        "active",
        "in_progress",
        "in_transit",
        "returned",
        "recalled",
        "non_sellable_other",
        "sellable_not_accessible",
        "destroyed",
    }
)
# UN/ECE Recommendation 20 by Odoo's own units; goods counted in any other unit are pieces, for
# which EPCIS wants no code.
UNIT_CODES = {
    "uom.product_uom_kgm": "KGM",
    "uom.product_uom_gram": "GRM",
    "uom.product_uom_ton": "TNE",
    "uom.product_uom_lb": "LBR",
    "uom.product_uom_oz": "ONZ",
    "uom.product_uom_litre": "LTR",
    "uom.product_uom_milliliter": "MLT",
    "uom.product_uom_cubic_meter": "MTQ",
    "uom.product_uom_floz": "OZA",
    "uom.product_uom_qt": "QT",
    "uom.product_uom_gal": "GLL",
    "uom.product_uom_meter": "MTR",
    "uom.product_uom_cm": "CMT",
    "uom.product_uom_millimeter": "MMT",
    "uom.product_uom_dozen": "DZN",
}


class Namer:
    """Names things by their GS1 key, else by an address of the company."""

    def __init__(self, base_url):
        self.base = f"{base_url.rstrip('/')}/epcis"

    def lot(self, gtin, product_id, lot):
        """The class of all units of a lot: GTIN (14 digits) and batch."""
        if gtin:
            return f"{GS1}/01/{gtin}/10/{quote(lot, safe='')}"
        return f"{self.base}/product/{product_id}/lot/{quote(lot, safe='')}"

    def package(self, name, sscc):
        return f"{GS1}/00/{sscc}" if sscc else f"{self.base}/package/{quote(name, safe='')}"

    def place(self, gln, kind, record_id):
        return f"{GS1}/414/{gln}" if gln else f"{self.base}/{kind}/{record_id}"

    def party(self, gln, partner_id):
        return f"{GS1}/417/{gln}" if gln else f"{self.base}/party/{partner_id}"

    def document(self, name):
        return f"{self.base}/document/{quote(name, safe='')}"

    def event(self, *parts):
        """The same event has the same id whenever it is exported."""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, '/'.join((self.base, *map(str, parts))))}"


def times(moment, zone):
    """When an event was: UTC, and the offset of the place's clock then.

    :param moment: a naive datetime in UTC.
    :param zone: the tzinfo of the place.
    """
    utc = moment.replace(tzinfo=UTC)
    offset = utc.astimezone(zone).strftime("%z")
    return {
        "eventTime": utc.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "eventTimeZoneOffset": f"{offset[:3]}:{offset[3:5]}",
    }


def quantity_element(lot_class, quantity=None, unit=None):
    """So many units of a lot; without ``quantity`` all that there are."""
    element = {"epcClass": lot_class}
    if quantity is not None:
        element["quantity"] = quantity
    if unit:
        element["uom"] = unit
    return element


def document(events, created):
    """An EPCISDocument of events in the order of their times.

    :param events: dicts as EPCIS names the fields.
    :param created: a naive datetime in UTC.
    """
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": created.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z"),
        "epcisBody": {"eventList": sorted(events, key=lambda event: event["eventTime"])},
    }


def problems(epcis_document):
    """What GS1's JSON schema lets pass and a receiver would trip over.

    :return: list of texts, empty for a sound document.
    """
    found, seen = [], set()
    for event in epcis_document["epcisBody"]["eventList"]:
        name = event.get("eventID", "?")
        if name in seen:
            found.append(f"{name}: the id stands twice")
        seen.add(name)
        found += [f"{name}: {text}" for text in _event_problems(event)]
    return found


def _event_problems(event):
    if event.get("type") not in EVENT_TYPES:
        yield f"unknown type {event.get('type')}"
    if event.get("bizStep") not in BUSINESS_STEPS:
        yield f"unknown business step {event.get('bizStep')}"
    if event.get("disposition", "active") not in DISPOSITIONS:
        yield f"unknown disposition {event['disposition']}"
    if not event.get("eventTime", "").endswith("Z"):
        yield "the time has no zone"
    if "ilmd" in event and event.get("action", "ADD") != "ADD":
        yield "master data of a lot belongs to the event that creates it"
    goods = [
        element
        for name, elements in event.items()
        if name.endswith("uantityList")
        for element in elements
    ]
    if not goods and not event.get("epcList"):
        yield "no goods"
    for element in goods:
        if element.get("quantity", 1) <= 0:
            yield f"quantity {element['quantity']}"
