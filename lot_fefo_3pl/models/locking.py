from odoo.tools import SQL


def write_rows(records):
    """Really write the rows of ``records`` without changing them, in the order of their ids.

    A transaction that changes or locks one of them at the same time comes before or after this
    one, and with an older snapshot it fails and is tried again: it then sees what this one did. A
    mere lock would leave no trace for it.
    """
    if not records:
        return
    table = SQL.identifier(records._table)
    records.env.cr.execute(
        SQL(
            """
            WITH locked AS (
                SELECT id FROM %(table)s WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
            )
            UPDATE %(table)s SET write_date = now() AT TIME ZONE 'UTC'
            FROM locked WHERE %(table)s.id = locked.id
            """,
            table=table,
            ids=list(records.ids),
        )
    )
    records.invalidate_recordset(["write_date"], flush=False)
