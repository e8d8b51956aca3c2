"""The trace once more, in plain SQL and written another way: one recursive query, no ORM."""

from odoo.tools import SQL

REACHED = """
    WITH RECURSIVE reached (lot, since) AS (
        SELECT %(root)s::integer, '-infinity'::timestamp
        UNION
        SELECT made.lot_id, made.date
        FROM reached
        JOIN stock_move_line used
            ON used.lot_id = reached.lot AND used.state = 'done' AND used.date >= reached.since
        JOIN stock_move_line_consume_rel link ON link.produce_line_id = used.id
        JOIN stock_move_line made ON made.id = link.consume_line_id AND made.state = 'done'
        WHERE made.lot_id IS NOT NULL
    ), earliest AS (
        SELECT lot, min(since) AS since FROM reached GROUP BY lot
    )
"""


def shipped_lines(env, lot):
    """``{(line, units)}`` that went to customers, of the lot and of what it went into."""
    return set(
        _query(
            env,
            lot,
            """
            SELECT line.id, line.quantity_product_uom::float
            FROM earliest
            JOIN stock_move_line line ON line.lot_id = earliest.lot AND line.date >= earliest.since
            JOIN stock_location source ON source.id = line.location_id
            JOIN stock_location target ON target.id = line.location_dest_id
            WHERE line.state = 'done' AND line.quantity_product_uom <> 0
                AND target.usage = 'customer' AND source.usage <> 'customer'
            """,
        )
    )


def reached_lots(env, lot):
    """The lots that units of the lot are in, itself included."""
    return {row[0] for row in _query(env, lot, "SELECT lot FROM earliest")}


def net_by_customer(env, lot):
    """``{name: units}``: sent to a customer minus what came back from it, of this lot alone."""
    rows = env.execute_query(
        SQL(
            """
            SELECT COALESCE(company.name, person.name), sum(
                CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END * line.quantity_product_uom
            )::float
            FROM stock_move_line line
            JOIN stock_move move ON move.id = line.move_id
            JOIN stock_location source ON source.id = line.location_id
            JOIN stock_location target ON target.id = line.location_dest_id
            LEFT JOIN stock_picking picking ON picking.id = line.picking_id
            LEFT JOIN res_partner person
                ON person.id = COALESCE(picking.partner_id, move.partner_id)
            LEFT JOIN res_partner company ON company.id = person.commercial_partner_id
            WHERE line.lot_id = %s AND line.state = 'done'
                AND (source.usage = 'customer') <> (target.usage = 'customer')
            GROUP BY 1
            """,
            lot.id,
        )
    )
    return dict(rows)


def _query(env, lot, text):
    env.flush_all()
    return env.execute_query(SQL(REACHED + text, root=lot.id))
