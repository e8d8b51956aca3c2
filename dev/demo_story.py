"""One day in the demo warehouse, played as its people would: `run(env)` returns the report.

Everything goes through the methods that a scanner or an integration calls, each step as the user
whose work it is. Figures are read from the database afterwards.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError

from dev import demo_report
from dev.demo_master import Master, read_rows, read_text

INBOUND = ("inbound_northbloom.csv", "inbound_pelle_verde.csv")
RECALLED = "D327A001"
EXERCISED = "CRM27A081"
# Minutes that people take from the request to each step of the exercise.
EXERCISE = {"start": 0, "count": 25, "list": 40, "close": 70}


@dataclass
class Day:
    """What the people of the warehouse saw; the report puts it beside the database's figures.

    ``waiting`` are the open moves that the recalled lot was promised to.
    """

    master: Master
    inbound: list = field(default_factory=list)
    corrected: dict = field(default_factory=dict)
    again: dict = field(default_factory=dict)
    orders: dict = field(default_factory=dict)
    scans: Counter = field(default_factory=Counter)
    stopped: list = field(default_factory=list)
    not_validated: dict = field(default_factory=dict)
    waiting: object = None
    recall: dict = field(default_factory=dict)
    exercise: object = None


def run(env):
    """Play the day on a database without it; return what happened, for a terminal."""
    return demo_report.render(play(env))


def play(env):
    """Play the day and return it as a ``Day``."""
    day = Day(Master(env))
    _receive(day)
    _order(day)
    _pick_and_ship(day)
    _recall(day)
    _exercise(day)
    return day


def _as(day, login, records):
    """The records as this user works with them, without the superuser's rights."""
    return records.with_user(day.master.users[login])


def _receive(day):
    warehouse = _as(day, "operator", day.master.warehouse)
    for name in INBOUND:
        text = read_text(name, day.master.today)
        day.inbound.append(warehouse.lot_import_inbound(text, name))
    name = "inbound_corrections.csv"
    text = read_text(name, day.master.today)
    day.corrected = warehouse.lot_import_inbound(text, name)
    text = read_text(INBOUND[1], day.master.today)
    day.again = warehouse.lot_import_inbound(text, INBOUND[1])


def _order(day):
    warehouse = _as(day, "supervisor", day.master.warehouse)
    text = read_text("orders.csv", day.master.today)
    day.orders = warehouse.lot_import_orders(text, "orders.csv")


def _pick_and_ship(day):
    """Scan what the pickers scanned, and validate each order when its scans are through."""
    by_order = defaultdict(list)
    for row in read_rows("pick_scans.csv", day.master.today):
        by_order[row["order"]].append(row)
    deliveries = _as(day, "operator", day.master.env["stock.picking"]).search(
        [("picking_type_id", "=", day.master.warehouse.out_type_id.id)]
    )
    by_origin = deliveries.grouped("origin")
    for order, rows in by_order.items():
        for row in rows:
            _scan(day, by_origin[order], row)
        _validate(day, by_origin[order])
    forgotten = deliveries.filtered(
        lambda delivery: (
            delivery.origin not in by_order
            and set(delivery.move_ids.mapped("state")) == {"assigned"}
        )
    )
    _validate(day, forgotten)


def _scan(day, delivery, row):
    answer = delivery.lot_scan(row["scan"], location_barcode=row["bin"], device=row["device"])
    day.scans[answer["code"]] += 1
    if answer["status"] != "ok":
        day.stopped.append((delivery.origin, answer["message"]))


def _validate(day, delivery):
    try:
        with delivery.env.cr.savepoint():
            done = delivery.button_validate()
    except UserError as refusal:
        day.not_validated[delivery.origin] = str(refusal)
    else:
        if done is not True:
            day.not_validated[delivery.origin] = f"asked: {done.get('res_model')}"


def _recall(day):
    env = day.master.env
    lot = env["stock.lot"].search([("name", "=", RECALLED)])
    lot.ensure_one()
    waiting = env["stock.move.line"].search(
        [("lot_id", "=", lot.id), ("picking_id.state", "not in", ["done", "cancel"])]
    )
    day.waiting = waiting.move_id
    day.recall = _as(day, "qa", env["stock.lot.recall"]).start(
        lot.ids,
        "A capsule count outside its limit, found by the brand's laboratory.",
        recall_class="class_2",
        brand_reference="NB-CAPA-118",
    )


def _exercise(day):
    """The mock recall of the other brand, which ended just now."""
    begun = datetime.now() - timedelta(minutes=EXERCISE["close"])

    def at(step):
        # Only the clock of the people: the times of the recall are still set by the server.
        return freeze_time(begun + timedelta(minutes=EXERCISE[step]), tick=True)

    recalls = _as(day, "qa", day.master.env["stock.lot.recall"])
    lot = recalls.env["stock.lot"].search([("name", "=", EXERCISED)])
    with at("start"):
        result = recalls.start(lot.ids, "Exercise of the half-year.", is_mock=True)
    day.exercise = recall = recalls.browse(result["recall_id"])
    with at("count"):
        for place in _as(day, "operator", recall.stock_ids):
            place.record_count(place.quantity)
    with at("list"):
        recall.action_hand_over()
    with at("close"):
        recall.gaps = "Two consumers have no telephone number on their orders."
        recall.corrective_actions = "The shop asks for one from next month on."
        recall.action_close()
