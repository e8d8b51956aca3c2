"""When something is due; plain Python, no Odoo."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def due_at(start: datetime, amount: int, unit: str, zone: str = "UTC") -> datetime:
    """``amount`` of ``unit`` after ``start``, both in UTC without a zone.

    Hours are hours of the clock. Days keep the time of day in ``zone``. Working days are Monday to
    Friday there; public holidays are not known and count as working days. What starts at a weekend
    has until the end of its last working day.
    """
    if unit == "hours":
        return start + timedelta(hours=amount)
    local = start.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    if unit == "days":
        local += timedelta(days=amount)
    else:
        if local.weekday() >= SATURDAY:
            local = local.replace(hour=23, minute=59, second=59, microsecond=0)
        for _day in range(amount):
            local = _next_working_day(local)
    return local.astimezone(UTC).replace(tzinfo=None)


def _next_working_day(moment):
    moment += timedelta(days=1)
    while moment.weekday() >= SATURDAY:
        moment += timedelta(days=1)
    return moment
