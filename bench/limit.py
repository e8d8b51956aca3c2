"""The hand-written SQL that the other columns are held against."""

from functools import cache
from pathlib import Path


@cache
def _script(name):
    return (Path(__file__).parent / "sql" / f"limit_{name}.sql").read_text()


def run_limit(cr, name, **params):
    """Run a script's statements; the rows of the last one, when it gives any."""
    statements = [text for text in _script(name).split(";\n") if text.strip()]
    for statement in statements:
        cr.execute(statement, params)
    return cr.fetchall() if cr.description else None
