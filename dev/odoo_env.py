"""An Odoo environment in a plain Python process: for the demo, benchmarks and standalone tests."""

import contextlib
import os


def open_registry(database):
    """Odoo's registry of a database; reads the configuration that ODOO_RC names."""
    import odoo.cli  # noqa: F401  (sets Odoo up as its own commands do)
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(
        ["-c", os.environ["ODOO_RC"], "-d", database, "--no-http", "--log-level=warn"],
        setup_logging=True,
    )
    return Registry(database)


@contextlib.contextmanager
def open_env(database):
    """An environment of the superuser; commits when the block ends without an error."""
    from odoo import SUPERUSER_ID, api

    registry = open_registry(database)
    with registry.cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})
