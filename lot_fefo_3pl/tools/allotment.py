"""Sharing goods out among those who want them, without the ORM."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

# Goods in one place: product, location, lot, package and owner, as ids.
Place = tuple[int, int, int | None, int | None, int | None]


class Candidate(NamedTuple):
    """A row of goods that a search found: how much of it is free, and where it is."""

    search: int
    id: int
    place: Place
    free: float

    @property
    def product_id(self) -> int:
        return self.place[0]


class Supply:
    """The goods that several searches found, each in its own order, and what is left of them.

    A search shows, for each product, at least what all who want the product want together: then
    whoever comes first cannot hide goods from the others.

    :param candidates: in the order in which each search takes them.
    :param is_zero: tells quantities that count as nothing.
    """

    def __init__(self, candidates: Iterable[Candidate], is_zero: Callable[[float], bool]):
        self.is_zero = is_zero
        self.free: dict[int, float] = {}
        self.places: dict[int, Place] = {}
        self._goods: dict[tuple[int, int], list[int]] = defaultdict(list)
        for candidate in candidates:
            self.free[candidate.id] = candidate.free
            self.places[candidate.id] = candidate.place
            self._goods[candidate.search, candidate.product_id].append(candidate.id)

    def find_disorder(self) -> set[int]:
        """The products with a negative quantity, or with two rows for the same goods."""
        products = {self.places[row][0] for row, free in self.free.items() if free < 0}
        seen: dict[Place, int] = {}
        for row, place in self.places.items():
            if seen.setdefault(place, row) != row:
                products.add(place[0])
        return products

    def propose(
        self, search: int, product_id: int, need: float, round_down: Callable[[float], float]
    ) -> list[tuple[int, float]]:
        """Which rows to take how much of, for ``need`` of a product, in the order of the search.

        :param round_down: makes of a quantity one that can be asked for in whole units.
        """
        goods = self._goods[search, product_id]
        goods[:] = [row for row in goods if not self.is_zero(self.free[row])]
        available = 0.0
        for row in goods:
            available += self.free[row]
            if available >= need:
                break
        wanted = round_down(min(need, available))
        proposal = []
        for row in goods:
            if self.is_zero(wanted):
                break
            taken = min(self.free[row], wanted)
            proposal.append((row, taken))
            wanted -= taken
        return proposal

    def take(self, proposal: Iterable[tuple[int, float]]) -> None:
        """Nobody else gets what ``proposal`` takes."""
        for row, quantity in proposal:
            self.free[row] -= quantity
