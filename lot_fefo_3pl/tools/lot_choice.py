"""Which lots an order line may take together, without the ORM."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple


class Candidate(NamedTuple):
    """A lot with free goods; ``day`` is its expiry, None when it has none."""

    lot: int
    free: float
    day: date | None


class Limits(NamedTuple):
    """At most ``lots`` lots, whose expiry days lie at most ``days`` apart; None: no limit."""

    lots: int | None
    days: int | None

    def allow(self, chosen: Collection[Candidate]) -> bool:
        """Whether the ``chosen`` lots may go together."""
        if self.lots is not None and len({candidate.lot for candidate in chosen}) > self.lots:
            return False
        days = [candidate.day for candidate in chosen if candidate.day]
        return self.days is None or not days or (max(days) - min(days)).days <= self.days


def choose_lots(
    candidates: Sequence[Candidate], need: float, limits: Limits, taken: Sequence[Candidate] = ()
) -> tuple[list[int], bool]:
    """The lots to take, in the order of ``candidates``, the order of the rotation.

    The earliest run of lots that fills the need within the limits wins; where none does, the run
    that begins with the first lot.

    :param taken: lots that the order has already; they count, and more of them costs nothing.
    :return: the chosen lots, and whether they fill the need.
    """
    first_run: list[int] = []
    for start in range(len(candidates)):
        run, free = list(taken), 0.0
        chosen = []
        for candidate in candidates[start:]:
            if not limits.allow([*run, candidate]):
                continue
            run.append(candidate)
            chosen.append(candidate.lot)
            free += candidate.free
            if free >= need:
                return chosen, True
        first_run = first_run or chosen
    return first_run, False
