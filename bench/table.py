"""The printed table."""

from bench.databases import connect

WIDTHS = (13, 34, 20, 12, 20, 9, 9)
TITLES = ("work", "case", "plain Odoo", "limit", "addon", "to plain", "to limit")


def _line(cells):
    left = [cell.ljust(width) for cell, width in zip(cells[:2], WIDTHS[:2], strict=True)]
    right = [cell.rjust(width) for cell, width in zip(cells[2:], WIDTHS[2:], strict=True)]
    return " ".join(left + right)


def header(database, size):
    """What the warehouse holds, and the titles of the columns."""
    with connect(database) as cr:
        cr.execute(
            """
            SELECT (SELECT count(*) FROM stock_move_line), (SELECT count(*) FROM stock_picking),
                   (SELECT count(*) FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
                     WHERE l.usage = 'internal'),
                   (SELECT count(*) FROM stock_lot),
                   (SELECT count(*) FROM stock_location WHERE storage_category_id IS NOT NULL)
            """
        )
        counts = cr.fetchone()
    names = ("move lines", "pickings", "quants in stock", "lots", "bins")
    text = ", ".join(f"{count:,} {name}" for count, name in zip(counts, names, strict=True))
    return (
        f"\nSize {size}: {text}\n"
        "Medians of runs that are rolled back, (queries); ratios: the addon's time to the others'"
        "\n\n"
        f"{_line(TITLES)}\n{_line(['-' * width for width in WIDTHS])}"
    )


def _milliseconds(seconds):
    if seconds is None:
        return "-"
    value = seconds * 1000
    return f"{value:,.1f} ms" if value < 100 else f"{value:,.0f} ms"


def _times(ratio):
    return f"{ratio:.2f}x" if ratio > 0.2 else f"1/{1 / ratio:.1f} of"


class Row:
    """One case with the timings of its columns."""

    def __init__(self, case, columns):
        self.case, self.columns = case, columns
        self.notes = [getattr(case, "note", "")]
        self.problems = [
            f"{name}: {column.problem}" for name, column in columns.items() if column.problem
        ]
        outcomes = {
            name: column.outcome for name, column in columns.items() if column.outcome is not None
        }
        first = next(iter(outcomes.values()), None)
        self.problems += [
            f"{name} did something else" for name, outcome in outcomes.items() if outcome != first
        ]

    def _cell(self, name, queries=True):
        column = self.columns.get(name)
        if column is None or column.median is None:
            return "-"
        count = f" ({column.queries:,})" if queries else ""
        return _milliseconds(column.median) + count

    def ratio(self, name):
        """How many times as long as this column the addon takes."""
        addon, other = self.columns.get("addon"), self.columns.get(name)
        if not (addon and other and addon.median and other.median):
            return None
        return addon.median / other.median

    def verdicts(self):
        """Each goal in words, and whether it is reached."""
        for name, most in self.case.goals:
            value = self._milliseconds() if name == "ms" else self.ratio(name)
            if value is None:
                continue
            wanted = f"{most:g} ms" if name == "ms" else f"{_times(most)} {name}'s time"
            found = f"{value:.1f} ms" if name == "ms" else _times(value)
            word = "reached" if value <= most else "MISSED"
            yield f"goal at most {wanted}: {word} ({found})"

    def _milliseconds(self):
        addon = self.columns.get("addon")
        return addon.median * 1000 if addon and addon.median else None

    def text(self):
        ratios = (self.ratio("plain"), self.ratio("limit"))
        cells = [
            self.case.work,
            self.case.title,
            self._cell("plain"),
            self._cell("limit", queries=False),
            self._cell("addon"),
            *("-" if ratio is None else f"{ratio:.2f}x" for ratio in ratios),
        ]
        notes = "; ".join(filter(None, [*self.problems, *self.notes, *self.verdicts()]))
        return _line(cells) + (f"  {notes}" if notes else "")

    def figures(self):
        """The row as plain values."""
        return {
            "work": self.case.work,
            "case": self.case.title,
            "columns": {
                name: {
                    "median_ms": column.median and round(column.median * 1000, 2),
                    "runs_ms": [round(seconds * 1000, 2) for seconds in column.seconds],
                    "queries": column.queries,
                }
                for name, column in self.columns.items()
            },
            "to_plain": self.ratio("plain"),
            "to_limit": self.ratio("limit"),
            "goals": list(self.verdicts()),
            "problems": self.problems,
        }
