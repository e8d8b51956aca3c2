"""The report of the demo: what people saw, beside figures read from the database."""

import textwrap
from collections import Counter

from dev.demo_master import CLIENTS, GROUPS, password

WIDTH = 99


def figures(day):
    """The figures of the day, read from the database."""
    env, warehouse = day.master.env, day.master.warehouse
    lines = env["stock.move.line"]
    receipts = [
        ("picking_id.picking_type_id", "=", warehouse.in_type_id.id),
        ("state", "=", "done"),
    ]
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
            *_exercise(day),
            *_logins(),
        ]
    )


def _receiving(day, numbers):
    lines = [line for result in day.inbound for line in result["lines"]]
    troubles = [line for line in lines if line["status"] != "accepted"]
    yield (
        f"RECEIVED  {numbers['received_lots']} lots, {numbers['received_units']:g} units, from"
        f" {len(lines)} scans, into {numbers['bins']} bins"
    )
    for status, what in (
        ("held", "came in on hold"),
        ("refused", "were refused"),
        ("ask", "need an answer"),
    ):
        found = [line for line in troubles if line["status"] == status]
        yield f"  {len(found)} {what}"
        for line in found:
            yield from _entry(line["message"], 2)
    yield (
        f"  {day.corrected['counts']['accepted']} of these were corrected, sent again and received;"
        f" a file sent twice: {day.again['already_imported']} known, {len(day.again['documents'])}"
        " done again"
    )


def _orders(day, numbers):
    lines = day.orders["lines"]
    counts = Counter(line["code"] for line in lines)
    yield (
        f"RESERVED  {counts['reserved']} of {len(lines)} lines of {numbers['orders']} orders, first"
        f" expiry first; {counts['partly']} partly, {counts['short']} short"
    )
    for line in lines:
        if line["code"] in ("partly", "short"):
            yield from _entry(f"{line['reference']}: {line['message']}", 2)


def _picking(day, numbers):
    yield (
        f"PICKED  {day.scans['ok']} right scans; {len(day.stopped)} stopped,"
        f" {day.scans['wrong_lot']} of them a wrong lot"
    )
    for order, message in day.stopped:
        yield from _entry(f"{order}: {message}", 1)
    yield (
        f"SHIPPED  {numbers['shipped_orders']} orders, {numbers['shipped_units']:g} units, to"
        f" {numbers['customers']} customers; {numbers['open_orders']} orders are open"
    )
    for order, message in day.not_validated.items():
        yield from _entry(f"{order} refused: {message}", 2)


def _recall(day, numbers):
    recall = day.master.env["stock.lot.recall"].browse(day.recall["recall_id"])
    most = recall.consignee_ids.sorted("net", reverse=True)[:3]
    yield (
        f"RECALLED  lot {recall.lot_ids.name} of {recall.lot_ids.product_id.name}:"
        f" {numbers['recall_customers']} customers have {numbers['recall_units']:g} units,"
    )
    yield (
        f"  {numbers['recall_held']:g} are here and held. Frozen and listed in"
        f" {recall.seconds:.2f} s ({recall.name})"
    )
    yield "  Most went to " + ", ".join(f"{row.name} ({row.net:g})" for row in most)
    for move in day.waiting:
        lots = ", ".join(move.move_line_ids.lot_id.mapped("name")) or "nothing"
        yield f"  {move.picking_id.origin} had been promised of it, and is now promised {lots}"


def _exercise(day):
    recall = day.exercise
    result = dict(recall._fields["mock_result"].selection)[recall.mock_result]
    yield f"EXERCISED  a mock recall of lot {recall.lot_ids.name} ({recall.owner_id.name})"
    yield f"  List after {recall.hours_to_list:.1f} h, {recall.percent_found:g} % found: {result}"


def _logins():
    yield "LOGINS  " + ", ".join(GROUPS) + " and, in the portal, " + " and ".join(CLIENTS)
    yield f"  the password is demo- and the login, such as {password('operator')}"


def _entry(text, most_lines):
    return textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent="    ",
        subsequent_indent="      ",
        max_lines=most_lines,
        placeholder=" ...",
    )
