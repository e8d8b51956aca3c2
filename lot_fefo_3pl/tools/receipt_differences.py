"""What was announced beside what came: one row per part, with what differs."""

from collections import Counter
from dataclasses import dataclass

# What a row can be, the ones that need attention first.
KINDS = ("missing", "short", "over", "other_lot", "other_date", "not_announced", "as_announced")
EPSILON = 1e-6


@dataclass
class Part:
    """Goods as announced or as received; an empty value is one that nobody gave."""

    product: int
    quantity: float
    lot: str = ""
    expiry: object = None
    sscc: str = ""


@dataclass
class Difference:
    """``kinds`` is what differs, empty for what came as announced."""

    product: int
    sscc: str
    announced: Part | None
    received: Part | None
    kinds: tuple

    @property
    def quantity(self):
        """How much more came than was announced, negative when less."""
        there = self.received.quantity if self.received else 0.0
        return there - (self.announced.quantity if self.announced else 0.0)


def compare(announced, received):
    """Match what came with what was announced, the closest first.

    A pallet is known by its number; without one, goods of the same lot belong together, then
    goods of the same product.

    :param announced: a list of ``Part``.
    :param received: a list of ``Part``.
    :return: a list of ``Difference`` in the order of ``announced``, then what nobody announced.
    """
    left = _sum_up(received)
    matches = [None] * len(announced)
    for key in (_exact, _pallet, _lot, _product):
        for number, part in enumerate(announced):
            if matches[number] is None:
                found = [other for other in left if key(part, other)]
                if part.lot or part.sscc:
                    found = found[:1]
                left = [other for other in left if other not in found]
                matches[number] = _join(found)
    rows = [_compare(part, found) for part, found in zip(announced, matches, strict=True)]
    return rows + [Difference(p.product, p.sscc, None, p, ("not_announced",)) for p in left]


def _sum_up(parts):
    totals = Counter()
    for part in parts:
        totals[part.product, part.lot, part.expiry, part.sscc] += part.quantity
    return [
        Part(product, quantity, lot, expiry, sscc)
        for (product, lot, expiry, sscc), quantity in totals.items()
    ]


def _join(parts):
    """What is matched with one part: goods that were announced by product only take all."""
    if len(parts) < 2:
        return parts[0] if parts else None
    days = {part.expiry for part in parts}
    return Part(
        parts[0].product,
        sum(part.quantity for part in parts),
        ", ".join(dict.fromkeys(part.lot for part in parts if part.lot)),
        days.pop() if len(days) == 1 else None,
    )


def _exact(part, other):
    return _pallet(part, other) and part.lot == other.lot


def _pallet(part, other):
    return bool(part.sscc) and part.sscc == other.sscc and part.product == other.product


def _lot(part, other):
    if not part.lot or part.lot != other.lot or part.product != other.product:
        return False
    return not (part.sscc and other.sscc)


def _product(part, other):
    return part.product == other.product and not part.sscc


def _compare(part, found):
    if not found:
        return Difference(part.product, part.sscc, part, None, ("missing",))
    kinds = []
    if found.quantity < part.quantity - EPSILON:
        kinds.append("short")
    if found.quantity > part.quantity + EPSILON:
        kinds.append("over")
    if part.lot and found.lot != part.lot:
        kinds.append("other_lot")
    if part.expiry and found.expiry and found.expiry != part.expiry:
        kinds.append("other_date")
    return Difference(part.product, part.sscc or found.sscc, part, found, tuple(kinds))
