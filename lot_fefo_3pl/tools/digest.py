"""When a brand's digest is due, and which days left it counts."""

from datetime import timedelta

MOST_BUCKETS = 3
MOST_DAYS = 3650


def read_days(texts):
    """The days left at which a bucket ends, ascending.

    :param texts: what somebody typed; empty ones are left out.
    :raises ValueError: when one is no number from 1 to ``MOST_DAYS``, or there are none or too
        many.
    """
    days = sorted({int(text) for text in texts if str(text).strip()})
    if not 1 <= len(days) <= MOST_BUCKETS or not all(1 <= day <= MOST_DAYS for day in days):
        raise ValueError(days)
    return days


def period_start(frequency, today):
    """The first day of the period of ``today``: a digest leaves at most once in each."""
    if frequency == "weekly":
        return today - timedelta(days=today.weekday())
    if frequency == "monthly":
        return today.replace(day=1)
    return today
