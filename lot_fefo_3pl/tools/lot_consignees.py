"""Who has how much of which lot, from trace rows; plain Python, no Odoo."""

from .lot_returns import DIGITS

CONTACT = ("consignee_id", "consignee", "address", "phone", "email")
LOT = ("lot_id", "lot", "product_id", "product", "uom")
QUANTITIES = ("quantity", "returned", "net")


def group_by_consignee(rows: list[dict]) -> list[dict]:
    """Add trace rows up per consignee and, inside, per lot; largest net first.

    Rows without a consignee are kept apart per destination: they are customers nobody named.
    """
    groups = {}
    for row in rows:
        key = row["consignee_id"] or ("location", row["location_dest_id"])
        group = groups.get(key)
        if group is None:
            group = groups[key] = _new_group(row)
        _add(group, row)
    for group in groups.values():
        group["lots"] = list(group["lots"].values())
        uoms = {lot["uom"] for lot in group["lots"]}
        group["uom"] = uoms.pop() if len(uoms) == 1 else ""
        group["deliveries"] = len(group["deliveries"])
    return sorted(groups.values(), key=lambda group: (-group["net"], group["consignee"]))


def _new_group(row):
    group = {name: row[name] for name in CONTACT}
    group["consignee"] = row["consignee"] or row["location_dest"]
    return {
        **group,
        "deliveries": set(),
        "first_day": row["day"],
        "last_day": row["day"],
        "quantity": 0.0,
        "returned": 0.0,
        "net": 0.0,
        "lots": {},
    }


def _add(group, row):
    lot = group["lots"].setdefault(
        row["lot_id"], {**{name: row[name] for name in LOT}, **dict.fromkeys(QUANTITIES, 0.0)}
    )
    for name in QUANTITIES:
        group[name] = round(group[name] + row[name], DIGITS)
        lot[name] = round(lot[name] + row[name], DIGITS)
    if row["kind"] == "shipment":
        group["deliveries"].add(row["picking_id"] or ("move", row["move_id"]))
        group["first_day"] = min(group["first_day"], row["day"])
        group["last_day"] = max(group["last_day"], row["day"])
