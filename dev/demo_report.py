"""The report of the demo: what people saw, beside figures read from the database."""

import textwrap

from dev.demo_master import CLIENTS, GROUPS, password

WIDTH = 99


def figures(day):
    """The figures of the day, read from the database."""
    env, warehouse = day.master.env, day.master.warehouse
    lines = env["stock.move.line"]
    receipts = [("picking_id.picking_type_id", "=", warehouse.in_type_id.id), ("state", "=", "done")]
    shipped = [
        ("picking_id.picking_type_id", "=", warehouse.out_type_id.id),
        ("state", "=", "done"),
    ]
    [(received_lots, received_units)] = lines._read_group(
        receipts, [], ["lot_id:count_distinct", "quantity_product_uom:sum"]
    )
    [(orders, units)] = lines._read_group(
        shipped, [], ["picking_id:count_distinct", "quantity_product_uom:sum"]
    )
    [(bins,)] = env["stock.quant"]._read_group(
        [("location_id", "child_of", warehouse.lot_stock_id.id), ("quantity", ">", 0)],
        [],
        ["location_id:count_distinct"],
    )
    deliveries = env["stock.picking"].search([("picking_type_id", "=", warehouse.out_type_id.id)])
    recall = env["stock.lot.recall"].browse(day.recall["recall_id"])
    held = env["stock.quant"].search(
        [
            ("lot_id", "in", recall.lot_ids.ids),
            ("location_id", "child_of", warehouse.view_location_id.id),
            ("lot_id.is_held", "=", True),
        ]
    )
    return {
        "received_lots": received_lots,
        "received_units": received_units,
        "bins": bins,
        "held_lots": env["stock.lot"].search_count(
            [("is_held", "=", True), ("id", "not in", recall.lot_ids.ids)]
        ),
        "orders": len(set(deliveries.mapped("origin"))),
        "open_orders": len(deliveries.filtered(lambda picking: picking.state != "done")),
        "shipped_orders": orders,
        "shipped_units": units,
        "customers": len(
            deliveries.filtered(lambda p: p.state == "done").partner_id.commercial_partner_id
        ),
        "scans": env["stock.lot.scan"].search_count([]),
        "recall_customers": len(recall.consignee_ids),
        "recall_units": sum(recall.consignee_ids.mapped("net")),
        "recall_held": sum(held.mapped("quantity")),
    }


def render(day):
    numbers = figures(day)
    return "\n".join(
        [
            *_receiving(day, numbers),
            *_orders(day, numbers),
            *_picking(day, numbers),
            *_recall(day, numbers),
            *_logins(),
        ]
    )


def _receiving(day, numbers):
    lines = [line for result in day.inbound for line in result["lines"]]
    troubles = [line for line in lines if line["status"] != "accepted"]
    corrected = day.corrected["counts"].get("accepted", 0)
    yield (
        f"RECEIVING  {len(lines)} scans of 2 brands: {numbers['received_lots']} lots,"
        f" {numbers['received_units']:g} units, in {numbers['bins']} bins"
    )
    yield f"  {len(troubles)} lines were not simply received:"
    for line in troubles:
        yield _entry(f"{line['status']:7} {line['code']}", line["message"])
    yield (
        f"  {corrected} of them came again, corrected, and were received. A file imported twice:"
        f" {day.again['already_imported']} lines known, {len(day.again['documents'])} done again."
    )


def _orders(day, numbers):
    lines = day.orders["lines"]
    codes = {code: [x for x in lines if x["code"] == code] for code in ("partly", "short")}
    reserved = sum(line["code"] == "reserved" for line in lines)
    yield ""
    yield (
        f"ORDERS  {numbers['orders']} orders, {len(lines)} lines: {reserved} reserved by first"
        f" expiry, {len(codes['partly'])} partly, {len(codes['short'])} short"
    )
    for code, found in codes.items():
        for line in found:
            yield _entry(f"{code:7} {line['reference']}", line["message"])


def _picking(day, numbers):
    right = day.scans["ok"]
    yield ""
    yield (
        f"PICKING  {numbers['scans']} scans: {right} right, {len(day.stopped)} stopped,"
        f" {day.scans['wrong_lot']} of them a wrong lot"
    )
    for order, code, message in day.stopped:
        yield _entry(f"{code} {order}", message)
    yield f"SHIPPED  {numbers['shipped_orders']} orders, {numbers['shipped_units']:g} units," + (
        f" {numbers['customers']} customers; {numbers['open_orders']} orders are still open"
    )
    for order, message in day.not_validated.items():
        yield _entry(f"refused {order}", message)


def _recall(day, numbers):
    recall = day.master.env["stock.lot.recall"].browse(day.recall["recall_id"])
    first = recall.consignee_ids.sorted("net", reverse=True)[:3]
    yield ""
    yield (
        f"RECALL  {recall.name}, lot {recall.lot_ids.name}: {numbers['recall_customers']} customers"
        f" have {numbers['recall_units']:g} units, {numbers['recall_held']:g} are held here;"
        f" {recall.seconds:.2f} s"
    )
    most = ", ".join(f"{row.name} {row.net:g}" for row in first)
    yield f"  Most of it went to {most}."


def _logins():
    yield ""
    yield "LOGINS  " + ", ".join(f"{login} / {password(login)}" for login in (*GROUPS, *CLIENTS))


def _entry(what, words):
    return textwrap.shorten(f"    {what}: {' '.join(words.split())}", WIDTH, placeholder=" ...")
