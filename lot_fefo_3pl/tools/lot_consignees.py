"""Who has how much of which lot, from trace rows; plain Python, no Odoo."""

from collections.abc import Iterable

from .lot_returns import DIGITS

CONTACT = ("consignee_id", "consignee", "address", "phone", "email")
LOT = ("lot_id", "lot", "product_id", "product", "uom")
QUANTITIES = ("quantity", "returned", "net")
GROUP = (*CONTACT, "first_day", "last_day", *QUANTITIES)


def group_by_consignee(rows: list[dict], sums: Iterable[dict] = ()) -> list[dict]:
    """Add trace rows up per consignee and, inside, per lot; largest net first.

    Rows without a consignee are kept apart per destination: they are customers nobody named.

    :param sums: shipped rows of other consignees that have been added up already, with
        ``deliveries``, ``first_day`` and ``last_day``.
    """
    groups = {}
    for row in rows:
        key = row["consignee_id"] or ("location", row["location_dest_id"])
        group = groups.get(key)
        if group is None:
            group = groups[key] = _new_group(row, row["day"], row["day"])
        _add(group, row)
        if row["kind"] == "shipment":
            _add_deliveries(
                group, (row["picking_id"] or ("move", row["move_id"]),), row["day"], row["day"]
            )
    for row in sums:
        group = groups.get(row["consignee_id"])
        if group is None:
            groups[row["consignee_id"]] = _as_group(row)
        else:
            _add(group, row)
            _add_deliveries(group, row["deliveries"], row["first_day"], row["last_day"])
    for group in groups.values():
        group["lots"] = list(group["lots"].values())
        uoms = {lot["uom"] for lot in group["lots"]}
        group["uom"] = uoms.pop() if len(uoms) == 1 else ""
        group["deliveries"] = len(group["deliveries"])
    return sorted(groups.values(), key=lambda group: (-group["net"], group["consignee"]))


def _new_group(row, first_day, last_day):
    group = {name: row[name] for name in CONTACT}
    group["consignee"] = row["consignee"] or row["location_dest"]
    return {
        **group,
        "deliveries": set(),
        "first_day": first_day,
        "last_day": last_day,
        "quantity": 0.0,
        "returned": 0.0,
        "net": 0.0,
        "lots": {},
    }


def _as_group(row):
    """The group of a row that has been added up."""
    lot = {
        "lot_id": row["lot_id"],
        "lot": row["lot"],
        "product_id": row["product_id"],
        "product": row["product"],
        "uom": row["uom"],
        "quantity": row["quantity"],
        "returned": row["returned"],
        "net": row["net"],
    }
    return {
        "consignee_id": row["consignee_id"],
        "consignee": row["consignee"],
        "address": row["address"],
        "phone": row["phone"],
        "email": row["email"],
        "deliveries": set(row["deliveries"]),
        "first_day": row["first_day"],
        "last_day": row["last_day"],
        "quantity": row["quantity"],
        "returned": row["returned"],
        "net": row["net"],
        "lots": {row["lot_id"]: lot},
    }


def _add(group, row):
    lot = group["lots"].get(row["lot_id"])
    if lot is None:
        lot = {name: row[name] for name in LOT} | dict.fromkeys(QUANTITIES, 0.0)
        group["lots"][row["lot_id"]] = lot
    for name in QUANTITIES:
        quantity = row[name]
        if quantity:
            group[name] = round(group[name] + quantity, DIGITS)
            lot[name] = round(lot[name] + quantity, DIGITS)


def _add_deliveries(group, deliveries, first_day, last_day):
    group["deliveries"].update(deliveries)
    group["first_day"] = min(group["first_day"], first_day)
    group["last_day"] = max(group["last_day"], last_day)
