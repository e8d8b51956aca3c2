"""Dates that a person types from a label: one day, or a question, never a guess.

Read are 2027-12-31, 20271231, 31.12.2027, 31/12/27, 31 DEC 2027, DEC 31 2027, DEC 2027 and 12/2027
with any of the usual separators. A month without a day means its last day, as on labels.
"""

import calendar
import re
from datetime import date

_WORDS = re.compile(r"[0-9]+|[^\W\d_]+")
# The names of the months as labels have them: English, German, Spanish and French.
_MONTHS = (
    ("jan", "ene", "janv"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrz", "maer"),
    ("apr", "abr", "avr"),
    ("may", "mai", "mayo"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "ago", "aoû", "aou"),
    ("sep", "set"),
    ("oct", "okt"),
    ("nov",),
    ("dec", "dez", "dic", "déc"),
)
_PAST, _FUTURE = 10, 60


def read_typed_date(text, today):
    """Return the days that ``text`` may mean, in order: one is the answer, several are a question.

    :param today: the day from which two-digit years and plausible ones are judged.
    """
    words = _WORDS.findall((text or "").strip().lower())
    readings = {
        day
        for year, month, number in _readings(words)
        if (day := _make(year, month, number, today))
    }
    return sorted(readings)


def _readings(words):
    """Yield (year, month, day or None) as texts; the month perhaps as a number."""
    months = [position for position, word in enumerate(words) if _month(word)]
    if len(months) == 1:
        [position] = months
        rest = words[:position] + words[position + 1 :]
        return _with_month(_month(words[position]), rest)
    if not all(word.isdigit() for word in words):
        return ()
    return {1: _digits, 2: _pair, 3: _triple}.get(len(words), lambda _words: ())(words)


def _with_month(month, rest):
    if len(rest) == 1:
        yield rest[0], month, None
    elif len(rest) == 2:
        yield rest[1], month, rest[0]
        if len(rest[0]) == 4:
            yield rest[0], month, rest[1]


def _triple(words):
    first, second, third = words
    if len(first) == 4:
        yield first, second, third
        return
    yield third, second, first
    yield third, first, second
    if len(third) == 2:
        yield first, second, third


def _pair(words):
    first, second = words
    if len(first) == 4:
        yield first, second, None
    elif len(second) == 4:
        yield second, first, None


def _digits(words):
    """Digits without separators: the year in front or at the end."""
    [digits] = words
    if len(digits) == 8:
        yield digits[:4], digits[4:6], digits[6:]
        yield digits[4:], digits[2:4], digits[:2]
        yield digits[4:], digits[:2], digits[2:4]
    elif len(digits) == 6:
        yield digits[:2], digits[2:4], digits[4:]
        yield digits[4:], digits[2:4], digits[:2]
        yield digits[4:], digits[:2], digits[2:4]


def _month(word):
    for number, names in enumerate(_MONTHS, start=1):
        if len(word) >= 3 and word.startswith(names):
            return str(number)
    return None


def _make(year, month, number, today):
    if not (year.isdigit() and month.isdigit() and (number is None or number.isdigit())):
        return None
    if len(year) not in (2, 4) or len(month) > 2 or (number and len(number) > 2):
        return None
    year, month = int(year) + (2000 if len(year) == 2 else 0), int(month)
    if not (1 <= month <= 12 and today.year - _PAST <= year <= today.year + _FUTURE):
        return None
    last = calendar.monthrange(year, month)[1]
    number = last if number is None else int(number)
    return date(year, month, number) if 1 <= number <= last else None
