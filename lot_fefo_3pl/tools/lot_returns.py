"""Which delivery a return takes units back from; plain Python, no Odoo."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

# Quantities are rounded to what every unit of measure can hold, so that sums of floats compare.
DIGITS = 6


class Shipped(NamedTuple):
    """Units of one lot that went to one customer on one delivered line."""

    line_id: int
    lot_id: int
    move_id: int
    consignee_id: int | None
    date: object
    quantity: float


class Returned(NamedTuple):
    """Units of one lot that came back; ``origin_move_id`` is the delivery that it undoes."""

    line_id: int
    lot_id: int
    origin_move_id: int | None
    consignee_id: int | None
    date: object
    quantity: float


def attribute_returns(
    shipments: Iterable[Shipped], returns: Iterable[Returned]
) -> tuple[dict[int, float], dict[int, float]]:
    """Take returned units off the deliveries they came from.

    The document chain decides first: a return of a delivery reduces that delivery. What the chain
    leaves open reduces the earlier deliveries of the same lot to the same consignee, oldest first.
    No delivery is reduced below zero.

    :return: ``({shipped line: quantity returned}, {returned line: quantity nobody was sent})``.
    """
    remaining, by_move, by_consignee = {}, defaultdict(list), defaultdict(list)
    for shipment in sorted(shipments, key=lambda row: (row.date, row.line_id)):
        remaining[shipment.line_id] = shipment.quantity
        by_move[shipment.lot_id, shipment.move_id].append(shipment)
        if shipment.consignee_id:
            by_consignee[shipment.lot_id, shipment.consignee_id].append(shipment)
    taken = defaultdict(float)

    def take(quantity, candidates):
        for shipment in candidates:
            part = min(quantity, remaining[shipment.line_id])
            if part > 0:
                remaining[shipment.line_id] = round(remaining[shipment.line_id] - part, DIGITS)
                taken[shipment.line_id] = round(taken[shipment.line_id] + part, DIGITS)
                quantity = round(quantity - part, DIGITS)
            if quantity <= 0:
                break
        return quantity

    left = {}
    ordered = sorted(returns, key=lambda row: (row.date, row.line_id))
    for row in ordered:
        left[row.line_id] = take(row.quantity, by_move.get((row.lot_id, row.origin_move_id), ()))
    for row in ordered:
        earlier = (
            shipment
            for shipment in by_consignee.get((row.lot_id, row.consignee_id), ())
            if shipment.date <= row.date
        )
        if left[row.line_id] > 0:
            left[row.line_id] = take(left[row.line_id], earlier)
    return dict(taken), {line_id: quantity for line_id, quantity in left.items() if quantity > 0}
