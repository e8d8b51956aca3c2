"""The databases of the benchmarks: one per size without the addon, and copies of it with the addon.

They are kept and used again as long as the generator, the addon and the day they were made for
stay the same; a comment on the database remembers for what it was made.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import psycopg2
from psycopg2 import sql

from bench.generate import fingerprint, generate
from dev import paths

PREFIX = os.environ.get("BENCH_DB_PREFIX", f"{paths.DB_PREFIX}bench_")
MODULES = "stock,product_expiry,portal,barcodes,stock_picking_batch"
# Stock that was generated long ago has expired since: make it anew.
LONGEST_AGE = 14


@contextlib.contextmanager
def connect(dbname="postgres"):
    """An autocommit cursor."""
    with contextlib.closing(psycopg2.connect(dbname=dbname)) as connection:
        connection.autocommit = True
        with connection.cursor() as cr:
            yield cr


def ensure_base():
    """Name a database with Odoo's modules and nothing of ours: the one given, or a new one."""
    given = os.environ.get("LOT_BASE_DB")
    if given:
        return given
    name = f"{PREFIX}base"
    if _remembered(name) != MODULES:
        drop(name)
        with connect() as cr:
            cr.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(name)
                )
            )
        install(name, MODULES)
        _remember(name, MODULES)
    return name


def ensure_plain(size, seed=1, log=print):
    """Name the database of this size that holds Odoo without the addon; made when needed."""
    base = ensure_base()
    name = f"{PREFIX}{size.lower()}"
    key = f"{base} {fingerprint(seed)}"
    made_for, _, day = (_remembered(name) or "").rpartition(" ")
    if made_for != key or (date.today() - date.fromisoformat(day)).days > LONGEST_AGE:
        log(f"Generating {name}")
        copy(base, name)
        seconds = generate(name, size, seed, log=log)
        log(f"  done in {seconds:.1f} s")
        with connect(name) as cr:  # the benchmarks reserve when they are ready
            cr.execute(
                "UPDATE stock_picking_type SET reservation_method = 'manual'"
                " WHERE code = 'outgoing'"
            )
        _remember(name, f"{key} {date.today().isoformat()}")
    return name


def ensure_addon(size, prepare, seed=1, log=print):
    """Name the copy of the database of this size that has the addon, switched on by `prepare`."""
    plain = ensure_plain(size, seed, log)
    name = f"{plain}_addon"
    key = f"{_remembered(plain)} {_addon_fingerprint()}"
    if _remembered(name) != key:
        log(f"Installing the addon into {name}")
        copy(plain, name)
        install(name, paths.ADDON_NAME)
        prepare(name)
        _remember(name, key)
    return name


def copy(template, name):
    """Make `name` a copy of `template`."""
    drop(name)
    with connect() as cr:
        cr.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop(name):
    with connect() as cr:
        cr.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def install(name, modules):
    """Install modules with Odoo's own command; its output is shown when it fails."""
    command = [sys.executable, "-m", "odoo", "-d", name, "-i", modules, "--stop-after-init"]
    command += ["-c", os.environ["ODOO_RC"], "--no-http", "--log-level=warn"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    with connect(name) as cr:
        cr.execute(
            "SELECT count(*) FROM ir_module_module WHERE name = ANY(%s) AND state = 'installed'",
            [modules.split(",")],
        )
        installed = cr.fetchone()[0] == len(modules.split(","))
    if done.returncode or not installed:
        raise RuntimeError(f"{modules} could not be installed into {name}:\n{done.stderr}")


def _remember(name, text):
    with connect() as cr:
        cr.execute(sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(name)), [text])


def _remembered(name):
    with connect() as cr:
        cr.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        row = cr.fetchone()
    return row and row[0]


def _addon_fingerprint():
    """Return a hash of the addon and of how the benchmark prepares it."""
    digest = hashlib.sha256((Path(__file__).parent / "prepare.py").read_bytes())
    for path in sorted(paths.ADDON.rglob("*")):
        parts = path.relative_to(paths.ADDON).parts
        if path.is_file() and not {"tests", "__pycache__"} & set(parts):
            digest.update("/".join(parts).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
