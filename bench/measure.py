"""Time one piece of work in several columns, each run in a transaction that is rolled back."""

import contextlib
import gc
import statistics
import time
from dataclasses import dataclass, field

COLUMNS = ("plain", "limit", "addon")


class Case:
    """One piece of work. `prepare` is not timed; `plain`, `limit` and `addon` are.

    `plain` and `addon` get an environment and call what a user's click would call; `limit` gets a
    cursor on the plain database and does the same work in SQL. `outcome` reads what was done, so
    that columns that did different things are noticed.
    """

    work = ""
    title = ""
    columns = COLUMNS
    # What the addon has to reach: (column, at most so many times its time) or ("ms", at most).
    goals = ()

    def prepare(self, env, column):
        """Make the documents that the work needs."""

    def plain(self, env, made):
        raise NotImplementedError

    def addon(self, env, made):
        return self.plain(env, made)

    def limit(self, cr, made):
        raise NotImplementedError

    def outcome(self, env, made, result):
        """What the work came to, equal in all columns; None when there is nothing to compare."""


@dataclass
class Column:
    """The timings of one column."""

    seconds: list = field(default_factory=list)
    queries: int = 0
    outcome: object = None
    problem: str = ""

    @property
    def median(self):
        return statistics.median(self.seconds) if self.seconds else None


@contextlib.contextmanager
def environment(registry):
    """The environment of the administrator, rolled back at the end."""
    from odoo import api

    with registry.cursor() as cr:
        try:
            yield api.Environment(cr, 2, {})
        finally:
            cr.rollback()


def run_once(case, name, registry):
    """Run a column once: seconds, number of queries, outcome."""
    with environment(registry) as env:
        made = case.prepare(env, name)
        env.cr.flush()
        env.invalidate_all()
        gc.collect()
        queries, started = env.cr.sql_log_count, time.perf_counter()
        if name == "limit":
            result = case.limit(env.cr, made)
        else:
            result = getattr(case, name)(env, made)
            env.cr.flush()  # what Odoo does at the end of a request, constraints included
        seconds = time.perf_counter() - started
        queries = env.cr.sql_log_count - queries
        env.invalidate_all()
        return seconds, queries, case.outcome(env, made, result)


def _runs_left(in_all, runs, budget):
    """How often to repeat a column whose first run took `in_all` seconds."""
    return 0 if in_all > budget * 2 / 3 else max(1, min(runs, int(budget / in_all) - 1))


def measure(case, registries, runs, budget):
    """Warm up, then run the columns in turn, every second round the other way around.

    :param budget: seconds a column may take in all, making the documents included; one that needs
        most of it for its first run is not run again.
    """
    columns = {name: Column() for name in case.columns}
    left = {}
    for name, column in columns.items():
        began = time.perf_counter()
        try:
            seconds, column.queries, column.outcome = run_once(case, name, registries[name])
        except Exception as error:  # noqa: BLE001  a column that fails is shown as failed
            column.problem = f"{type(error).__name__}: {str(error).splitlines()[0]}"
            left[name] = 0
            continue
        left[name] = _runs_left(time.perf_counter() - began, runs, budget)
        if not left[name]:
            column.seconds.append(seconds)
    for turn in range(runs):
        for name in list(columns)[:: -1 if turn % 2 else 1]:
            if turn < left[name]:
                seconds, columns[name].queries, _outcome = run_once(case, name, registries[name])
                columns[name].seconds.append(seconds)
    return columns
