"""Several workers reserve at the same time from the same few products.

Each worker is a process with connections of its own, as Odoo's are, and repeats what the database
refuses as Odoo's server does. Every run has a copy of the database to itself, because it commits.
"""

import logging
import multiprocessing
import statistics
import time
from dataclasses import asdict, dataclass

import psycopg2

from bench import databases
from bench.limit import run_limit

PRODUCTS = 10
WORKERS = (1, 2, 8)
PATIENCE = 300
WIDTHS = (9, 34, 12, 12, 9, 9, 9, 14, 12)


@dataclass
class Load:
    """What one run came to."""

    column: str
    title: str
    workers: int
    per_second: float
    p95: float
    retries: int
    failed: int
    over_reserved: float
    double_quants: int

    def text(self):
        cells = (
            self.column,
            f"{self.title}, {self.workers} workers",
            f"{self.per_second:.1f}/s",
            f"{self.p95:.2f} s",
            str(self.retries),
            str(self.failed),
            f"{self.over_reserved:g}",
            str(self.double_quants),
        )
        return _line(cells)

    figures = asdict


def header():
    titles = (
        "column",
        "case",
        "pickings",
        "p95",
        "retries",
        "failed",
        "over-res.",
        "double quants",
    )
    return f"\n{_line(titles)}\n{_line(['-' * width for width in WIDTHS[: len(titles)]])}"


def _line(cells):
    left = [cell.ljust(width) for cell, width in zip(cells[:2], WIDTHS, strict=False)]
    right = [cell.rjust(width) for cell, width in zip(cells[2:], WIDTHS[2:], strict=False)]
    return " ".join(left + right)


def run(sources, registry_of, pickings=64):
    """Yield a `Load` for every column and number of workers.

    :param dict sources: database to copy, by column.
    :param registry_of: opens the registry of a database.
    """
    for column in ("limit", "plain", "addon"):
        for workers in WORKERS:
            yield _run(column, sources, registry_of, workers, pickings, 20, "enough stock")
        # Each of the products has 100 bins of 20 units.
        too_much = 2_000 * 5 // 4 // pickings
        yield _run(
            column, sources, registry_of, WORKERS[-1], pickings, too_much, "too little stock"
        )


def _run(column, sources, registry_of, workers, pickings, quantity, title):
    name = f"{databases.PREFIX}concurrency"
    _disconnect()
    databases.copy(sources[column], name)
    try:
        registry = registry_of(name)
        ids = _make_pickings(registry, pickings, quantity)
        _disconnect()
        began = time.monotonic()
        results = _start(column, name, registry, ids, workers)
        seconds = time.monotonic() - began
        over, doubles = _damage(name)
        times = [result[0] for result in results]
        return Load(
            column=column,
            title=title,
            workers=workers,
            per_second=sum(1 for result in results if not result[2]) / seconds,
            p95=statistics.quantiles(times, n=20)[-1],
            retries=sum(result[1] for result in results),
            failed=sum(result[2] for result in results),
            over_reserved=over,
            double_quants=doubles,
        )
    finally:
        _forget(name)
        databases.drop(name)


def _make_pickings(registry, count, quantity):
    from odoo import SUPERUSER_ID, api

    from bench.cast import Cast

    with registry.cursor() as cr:
        cast = Cast(api.Environment(cr, SUPERUSER_ID, {}))
        return [cast.delivery("busy", PRODUCTS, quantity).id for _number in range(count)]


def _start(column, name, registry, ids, workers):
    """Let the workers run; a list of (seconds, retries, failed) per picking."""
    context = multiprocessing.get_context("fork")
    gate, answers = context.Barrier(workers), context.Queue()
    processes = [
        context.Process(
            target=_work, args=(column, name, registry, ids[number::workers], gate, answers)
        )
        for number in range(workers)
    ]
    for process in processes:
        process.start()
    results = []
    try:
        results += (answers.get(timeout=PATIENCE) for _picking in ids)
    finally:
        for process in processes:
            process.join(timeout=5)
            if process.is_alive():
                process.kill()
    return results


def _work(column, name, registry, ids, gate, answers):
    # What the database refuses is counted; the log would only repeat it.
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
    work = _reserve_in_sql if column == "limit" else _reserve_in_odoo
    gate.wait()
    for picking_id in ids:
        began = time.perf_counter()
        retries, failed = work(name, registry, picking_id)
        answers.put((time.perf_counter() - began, retries, failed))


def _reserve_in_odoo(name, registry, picking_id):
    """As a request does it: by name, and tried again as Odoo's server does."""
    from odoo.service.model import execute_cr

    tries = Tries()
    logger = logging.getLogger("odoo.service.model")
    logger.addHandler(tries)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        with registry.cursor() as cr:
            execute_cr(cr, 2, "stock.picking", "action_assign", [[picking_id]], {})
    except psycopg2.Error:
        return tries.count, 1
    finally:
        logger.removeHandler(tries)
    return tries.count, 0


class Tries(logging.Handler):
    """Counts what Odoo says about trying again."""

    count = 0

    def emit(self, record):
        self.count += "tries left" in record.msg


def _reserve_in_sql(name, registry, picking_id):
    with databases.connect(name) as cr:
        cr.execute("BEGIN")
        run_limit(cr, "lock", picking_id=picking_id)
        run_limit(cr, "reservation", picking_id=picking_id)
        cr.execute("COMMIT")
    return 0, 0


def _damage(name):
    """Units promised beyond what is there, and quants that the same goods have twice."""
    with databases.connect(name) as cr:
        cr.execute(
            """
            SELECT coalesce(sum(greatest(0, reserved - quantity)), 0), coalesce(sum(rows - 1), 0)
              FROM (SELECT sum(reserved_quantity) AS reserved,
                           sum(coalesce(quantity, 0)) AS quantity, count(*) AS rows
                      FROM stock_quant q
                      JOIN bench_cast c ON c.product_id = q.product_id AND c.role = 'busy'
                      JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
                     GROUP BY q.product_id, q.location_id, q.lot_id, q.package_id, q.owner_id) place
            """
        )
        over, doubles = cr.fetchone()
    return float(over), int(doubles)


def _disconnect():
    """A forked worker may share no connection, and a database in use cannot be copied."""
    import odoo.sql_db

    odoo.sql_db.close_all()


def _forget(name):
    from odoo.modules.registry import Registry

    _disconnect()
    Registry.delete(name)
