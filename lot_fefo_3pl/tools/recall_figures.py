"""Arithmetic of a recall: the sample of the effectiveness checks and the recovery in the field.

Plain Python, no Odoo. The levels are those of 21 CFR 7.42(b)(3): A all consignees, B more than 10
and less than 100 percent as decided case by case, C 10 percent, D 2 percent, E none.
"""

import hashlib
import math

LEVEL_PERCENT = {"A": 100, "C": 10, "D": 2, "E": 0}
B_RANGE = (10, 100)
DIGITS = 6


def sample_size(level: str, count: int, percent: float = 0) -> int:
    """How many of ``count`` are checked: rounded up, at least one unless the level is E."""
    share = percent if level == "B" else LEVEL_PERCENT[level]
    # Not count * share / 100: 0.1 is no exact number, and 10 percent of 30 would be four.
    return math.ceil(round(count * share, DIGITS) / 100) if count else 0


def draw_sample(keys, size: int, seed: str) -> list:
    """``size`` of the keys, chosen by ``seed`` alone: the same seed draws the same ones.

    The keys in the order of SHA-256 of ``seed:key``; anybody can check it with any tool. More keys
    later leave those that were drawn early in the order in place.
    """
    return sorted(keys, key=lambda key: _rank(seed, key))[:size]


def _rank(seed, key):
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def recovery(distributed: float, returned: float, destroyed: float, used: float) -> dict:
    """Distributed = returned + destroyed + used + unaccounted; accounted for in percent.

    What was never distributed is accounted for in full.
    """
    accounted = round(returned + destroyed + used, DIGITS)
    return {
        "accounted": accounted,
        "unaccounted": round(distributed - accounted, DIGITS),
        "percent": round(100 * accounted / distributed, 1) if distributed else 100.0,
    }
