"""Choosing bins for goods that come: plain Python on what the database has told.

A bin's contents are what lies in it and what is on its way to it. Each choice is written down in
the bins, so that the next goods see it.
"""

import math
from dataclasses import dataclass, field, replace

from .segregation import may_share


@dataclass
class Goods:
    """Some goods in a bin, on their way to it, or looking for one."""

    product: int
    lot: object
    quantity: float
    day: object = None
    owner: int = 0
    package: int | None = None
    package_type: int | None = None
    weight: float = 0.0  # of one unit


@dataclass
class Limits:
    """What a storage category allows; a bin without category has none."""

    new_product: str = "mixed"
    weight: float = math.inf
    per_product: dict = field(default_factory=dict)
    per_package_type: dict = field(default_factory=dict)


@dataclass
class Bin:
    """A place and what lies in it or is on its way to it."""

    id: int
    lot_rule: str
    owner_rule: str
    limits: Limits
    contents: list = field(default_factory=list)
    lots: set = field(default_factory=set)
    is_awaiting: bool = False  # something is on its way here

    def add(self, goods, is_coming=True):
        self.contents.append(goods)
        self.lots.add(goods.lot)
        self.is_awaiting |= is_coming

    def room_for(self, goods):
        """How many units of ``goods`` may still come, as far as anybody knows."""
        if not all(
            may_share(self.lot_rule, self.owner_rule, goods, there) for there in self.contents
        ):
            return 0.0
        if not self._may_come(goods):
            return 0.0
        return min(self._room_by_weight(goods), self._room_by_count(goods))

    def _may_come(self, goods):
        if self.limits.new_product == "empty":
            return not self.contents
        if self.limits.new_product == "same":
            return all(there.product == goods.product for there in self.contents)
        return True

    def _room_by_weight(self, goods):
        if not goods.weight:
            return math.inf
        taken = sum(there.quantity * there.weight for there in self.contents)
        return max(0.0, (self.limits.weight - taken) / goods.weight)

    def _room_by_count(self, goods):
        if goods.package_type:
            limit = self.limits.per_package_type.get(goods.package_type, math.inf)
            packages = {
                there.package
                for there in self.contents
                if there.package_type == goods.package_type and there.package != goods.package
            }
            return math.inf if len(packages) < limit else 0.0
        limit = self.limits.per_product.get(goods.product, math.inf)
        taken = sum(there.quantity for there in self.contents if there.product == goods.product)
        return max(0.0, limit - taken)


@dataclass
class Request:
    """Goods that look for one bin together, or alone and then perhaps for several.

    ``areas`` names where to look, best first. ``step`` is the smallest quantity that a part may
    have, 0 when the goods must stay together.
    """

    goods: list
    areas: tuple
    step: float = 0.0

    def place(self, candidate):
        """Put what fits into the bin; return the part that went there, as a request, or None."""
        parts = self._take(candidate)
        if not parts:
            return None
        for goods in parts:
            candidate.add(goods)
        return Request(parts, self.areas, self.step)

    def _take(self, candidate):
        if len(self.goods) > 1 or not self.step:
            return self._take_all(candidate)
        [goods] = self.goods
        room = candidate.room_for(goods)
        if room >= goods.quantity:
            return [goods]
        # A hair more, so that 2.9999999 units are 3.
        quantity = math.floor(room / self.step + 1e-6) * self.step
        return [replace(goods, quantity=quantity)] if quantity > 0 else []

    def _take_all(self, candidate):
        if len(self.goods) == 1:
            [goods] = self.goods
            return self.goods if candidate.room_for(goods) >= goods.quantity else []
        trial = replace(candidate, contents=list(candidate.contents), lots=set(candidate.lots))
        for goods in self.goods:
            if trial.room_for(goods) < goods.quantity:
                return []
            trial.add(goods)
        return self.goods

    def without(self, part):
        """What is left to place after ``part``, or None."""
        if part.goods is self.goods or len(self.goods) > 1:
            return None
        [goods], [taken] = self.goods, part.goods
        left = goods.quantity - taken.quantity
        return Request([replace(goods, quantity=left)], self.areas, self.step) if left else None


def assign(request, bins):
    """Find bins for a request.

    :param dict bins: by area, the bins that may be used, best first.
    :return: ([(bin, request for the part that goes there)], request for the rest or None)
    """
    parts, left = [], request
    for candidate in _candidates(request, bins):
        part = left.place(candidate)
        if part:
            parts.append((candidate, part))
            left = left.without(part)
            if left is None:
                break
    return parts, left


def _candidates(request, bins):
    """Bins with this lot, then empty ones, then shared ones: first those that await nothing."""
    lot = request.goods[0].lot
    for wanted in (
        lambda candidate: lot in candidate.lots,
        lambda candidate: not candidate.contents,
        lambda candidate: candidate.contents and not candidate.is_awaiting,
        lambda candidate: candidate.is_awaiting and lot not in candidate.lots,
    ):
        for area in request.areas:
            for candidate in bins.get(area, ()):
                if wanted(candidate):
                    yield candidate
