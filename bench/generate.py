"""Fill an Odoo database with a warehouse that has been running for two years.

    python -m bench.generate DATABASE SIZE [--seed N]

The database must have stock and product_expiry installed and lot_fefo_3pl not: the addon is
installed into a copy afterwards, so that both columns of the benchmark start from equal data.
"""

import argparse
import contextlib
import datetime
import hashlib
import pathlib
import time

import psycopg2

from .sizes import FREE_BINS, SIZES

HERE = pathlib.Path(__file__).parent
FILLED_TABLES = (
    "stock_picking",
    "stock_move",
    "stock_move_move_rel",
    "stock_move_line",
    "stock_quant",
    "stock_lot",
)
ANALYZED_TABLES = (
    *FILLED_TABLES,
    "stock_location",
    "product_product",
    "product_template",
    "res_partner",
)


def generate(dbname, size, seed=1, today=None, log=print):
    """Fill `dbname` (an existing Odoo database) with the warehouse `size` (XS, S, M or L).

    The same seed and day give the same rows. Returns the seconds it took. Connection settings
    come from the PG* environment variables.
    """
    size = SIZES[size]
    started = time.monotonic()
    with (
        contextlib.closing(psycopg2.connect(dbname=dbname)) as connection,
        connection,
        connection.cursor() as cr,
    ):
        cr.execute("SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '256MB'")
        cr.execute("SET LOCAL jit = off")
        if not _is_installed(cr, "product_expiry") or _is_installed(cr, "lot_fefo_3pl"):
            raise ValueError(f"{dbname} must have product_expiry installed and lot_fefo_3pl not")
        params = _parameters(cr, size, today or datetime.date.today())
        cr.execute(_script("0_helpers").replace("{seed}", str(int(seed))))
        with _without_indexes(cr, FILLED_TABLES):
            for script in ("1_master", "2_plan", "3_documents", "4_stock"):
                step = time.monotonic()
                cr.execute(_script(script), params)
                log(f"  {script}: {time.monotonic() - step:.1f} s")
            step = time.monotonic()
        log(f"  indexes and foreign keys: {time.monotonic() - step:.1f} s")
        cr.execute(_script("5_finish"), params)
        _continue_sequences(cr)
    with (
        contextlib.closing(psycopg2.connect(dbname=dbname)) as connection,
        connection.cursor() as cr,
    ):
        connection.autocommit = True
        for table in ANALYZED_TABLES:
            cr.execute(f"VACUUM (ANALYZE) {table}")
    return time.monotonic() - started


def fingerprint(seed=1):
    """Return a hash of everything that decides what is generated, except the day."""
    digest = hashlib.sha256(str(seed).encode())
    for path in (HERE / "generate.py", HERE / "sizes.py", *sorted(HERE.glob("sql/*.sql"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _script(name):
    return (HERE / "sql" / f"{name}.sql").read_text()


def _is_installed(cr, module):
    cr.execute("SELECT 1 FROM ir_module_module WHERE name = %s AND state = 'installed'", [module])
    return bool(cr.fetchone())


def _xmlid(cr, name):
    module, name = name.split(".")
    cr.execute("SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s", [module, name])
    return cr.fetchone()[0]


def _parameters(cr, size, today):
    cr.execute(
        """
        SELECT w.id, w.company_id, w.lot_stock_id, w.in_type_id, w.int_type_id, w.out_type_id,
               l.complete_name, l.parent_path
          FROM stock_warehouse w JOIN stock_location l ON l.id = w.lot_stock_id
         ORDER BY w.id LIMIT 1
        """
    )
    names = (
        "warehouse",
        "company",
        "stock",
        "in_type",
        "int_type",
        "out_type",
        "stock_name",
        "stock_path",
    )
    params = dict(zip(names, cr.fetchone(), strict=True))
    for table in ("stock_picking", "stock_move", "stock_move_line"):
        cr.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        params[f"last_{table.removeprefix('stock_move_').removeprefix('stock_')}"] = cr.fetchone()[
            0
        ]
    roles = list(zip(*size.cast(), strict=True))
    bins = size.zones
    return params | {
        "uid": 1,
        "uom": _xmlid(cr, "uom.product_uom_unit"),
        "country": _xmlid(cr, "base.fr"),
        "fefo": _xmlid(cr, "product_expiry.removal_fefo"),
        "supplier": _xmlid(cr, "stock.stock_location_suppliers"),
        "customer": _xmlid(cr, "stock.stock_location_customers"),
        "lot_sequence": _xmlid(cr, "stock.sequence_production_lots"),
        "today": datetime.datetime.combine(today, datetime.time()),
        "start": datetime.datetime.combine(today, datetime.time()) - datetime.timedelta(days=1300),
        "owners": size.owners,
        "customers": size.customers,
        "products": size.products,
        "lots": size.lots_per_product,
        "bins_per_lot": size.bins_per_lot,
        "deliveries": size.deliveries,
        "open_lines": size.open_lines,
        "trace": list(size.trace),
        "roles": list(roles[0]),
        "role_products": list(roles[1]),
        "role_lots": list(roles[2]),
        "role_bins": list(roles[3]),
        "role_brand": list(roles[4]),
        **{f"{zone}_bins": count for zone, count in bins.items()},
        **{
            f"{zone}_filled": bins[zone] - max(FREE_BINS, bins[zone] * 3 // 100)
            for zone in ("pallet", "single")
        },
    }


@contextlib.contextmanager
def _without_indexes(cr, tables):
    """Drop secondary indexes and foreign keys while the tables are filled, put them back after.

    Checking a million rows one by one costs minutes; building the index and checking the key
    once costs seconds, and the end state is the same.
    """
    cr.execute(
        """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'
        """,
        [list(tables)],
    )
    foreign_keys = cr.fetchall()
    cr.execute(
        """
        SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
         WHERE i.indrelid = ANY(%s::regclass[])
           AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
        """,
        [list(tables)],
    )
    indexes = cr.fetchall()
    for table, name, _definition in foreign_keys:
        cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cr.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cr.execute(definition)
    for table in tables:
        cr.execute(f"ANALYZE {table}")
    for table, name, definition in foreign_keys:
        cr.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _continue_sequences(cr):
    """Set the number of the next picking of each type behind the generated ones."""
    cr.execute(
        r"""
        SELECT t.sequence_id, max(substring(p.name FROM '\d+$')::int)
          FROM stock_picking p JOIN stock_picking_type t ON t.id = p.picking_type_id
         GROUP BY t.sequence_id
        """
    )
    for sequence_id, number in cr.fetchall():
        cr.execute(f"SELECT setval('ir_sequence_{sequence_id:03d}', %s)", [number])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("database")
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(f"{args.database}: {generate(args.database, args.size, args.seed):.1f} s")


if __name__ == "__main__":
    main()
