from psycopg2 import Error

from odoo.exceptions import UserError


def pre_init_hook(env):
    """Make sure that the database can refuse two lots in one bin before anything is installed."""
    try:
        with env.cr.savepoint():
            env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    except Error as error:
        raise UserError(
            env._(
                "Lot control needs the PostgreSQL extension btree_gist, and this database cannot"
                " create it (%(reason)s). Install PostgreSQL's contrib package on the database"
                " server, or let its administrator run CREATE EXTENSION btree_gist in this"
                " database, then install again.",
                reason=str(error).strip(),
            )
        ) from error


def uninstall_hook(env):
    """Part stock from the rules of its location first: Odoo drops the location's key before it."""
    env.cr.execute(
        "ALTER TABLE stock_quant DROP CONSTRAINT IF EXISTS stock_quant_segregation_of_location"
    )
