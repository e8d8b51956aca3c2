"""Lost separators: a device that drops FNC1 lets a lot swallow the elements behind it.

Nothing in the data proves it, so nothing is corrected here: the readings are offered, and the
caller asks.
"""

from dataclasses import dataclass, field
from datetime import date

from .gs1_elements import DATE_AIS, LONGEST_VALUE, check_value, fixed_length, gs1_date, identifier

# What is printed behind a lot in practice; every further identifier would doubt more good lots.
_FOLLOWERS = (*DATE_AIS, "10", "21", "30", "37", "240", "400")
_PLAUSIBLE_YEARS = (10, 20)


@dataclass(frozen=True)
class Split:
    """One way to read a value as a shorter value followed by elements.

    `strong` when a date is among them: six digits that are a day of the near past or future.
    """

    lot: str
    elements: dict = field(default_factory=dict, hash=False)
    strong: bool = False

    def __str__(self):
        return self.lot + "".join(f" ({ai}){value}" for ai, value in self.elements.items())


def suspects_lost_separator(lot, present=("10",), today=None):
    """Return the ways to read the tail of `lot` as elements, likely ones first.

    `present` are the identifiers the message has already: they cannot come again.
    """
    today = today or date.today()
    if not lot or len(lot) > LONGEST_VALUE:
        return ()
    found = [
        Split(lot[:cut], dict(pairs), any(ai in DATE_AIS for ai, _value in pairs))
        for cut in range(1, len(lot))
        for pairs in _readings(lot[cut:], frozenset(present), today, depth=3)
    ]
    return tuple(sorted(found, key=lambda split: not split.strong))


def _readings(tail, used, today, depth):
    """Yield the lists of pairs that `tail` can be read as without any separator."""
    follower = identifier(tail)
    if depth == 0 or follower is None or follower.ai not in _FOLLOWERS or follower.ai in used:
        return
    number, value = follower.ai, tail[len(follower) :]
    cuts = range(1, len(value) + 1)
    if not follower.separator_required:
        cuts = [fixed_length(follower)]
    for cut in cuts:
        if not _plausible(number, value[:cut], today):
            continue
        if cut == len(value):
            yield [(number, value)]
        for pairs in _readings(value[cut:], used | {number}, today, depth - 1):
            # Only a date is evidence that a value of variable length ends in its middle.
            if not follower.separator_required or pairs[0][0] in DATE_AIS:
                yield [(number, value[:cut]), *pairs]


def _plausible(number, value, today):
    if check_value(number, value, today):
        return False
    if number not in DATE_AIS:
        return True
    past, future = _PLAUSIBLE_YEARS
    return today.year - past <= gs1_date(value, today).year <= today.year + future
