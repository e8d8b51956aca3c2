from datetime import datetime
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.lot_consignees import group_by_consignee
from ..tools.lot_returns import DIGITS


class Sum(NamedTuple):
    """What one ship-to address got of one lot from one warehouse, as ``_select_sums`` finds it."""

    lot_id: int
    warehouse_id: int | None
    warehouse_dest_id: int | None
    quantity: float
    first_date: datetime
    last_date: datetime
    deliveries: list
    lines: list
    consignee_id: int | None
    consignee: str
    address: str
    state_id: int | None
    country_id: int | None
    phone: str
    email: str


class StockLotTrace(models.AbstractModel):
    """Who has how much of a lot that went to thousands of customers.

    Most customers send nothing back: the database adds up what they got. Only the deliveries to
    those who did are looked at one by one, because a return is taken off the delivery it undoes.
    """

    _inherit = "stock.lot.trace"

    def _get_consignees(self, lots, owner_id):
        """The rows of ``consignees``, without what the lots went into."""
        back = self._domain_returned(lots, owner_id)
        # Of most lots nothing came back, which a short query says.
        came_back = self.env["stock.move.line"].search_count(back, limit=1)
        returned = self._fetch_lines(back) if came_back else []
        # Lines to nobody in particular are told apart by their destination.
        single = {None, *self._get_senders(returned)}
        sums, line_ids = [], []
        for row in map(Sum._make, self._select_sums(self._domain_shipped(lots, owner_id))):
            if row.consignee_id in single:
                line_ids += row.lines
            else:
                sums.append(row)
        rows = self._fetch_lines(Domain("id", "in", line_ids)) if line_ids else []
        ways = self.env["stock.lot.genealogy"]._get_ways(lots, None)
        return group_by_consignee(
            self._get_forward_rows(lots, ways, rows, returned), self._complete_sums(sums, lots)
        )

    def _get_senders(self, returned):
        """The customers whose deliveries what came back may have to be taken off."""
        customers = {row["consignee_id"] for row in returned}
        if moves := {row["origin_move_id"] for row in returned} - {None}:
            origins = self._fetch_lines(Domain("move_id", "in", list(moves)))
            customers |= {row["consignee_id"] for row in origins}
        return customers - {None}

    def _select_sums(self, domain):
        """The lines of ``domain``, one row of ``Sum`` for each ship-to, lot and warehouse, the
        first delivery first.

        Each line looks up its own transfer and each customer its own address (``LATERAL`` with a
        limit): the time follows the lines of the lot, however many transfers and customers there
        are besides.
        """
        self._flush_trace()
        # Compiling the query takes longer than running it.
        self.env.cr.execute("SET LOCAL jit = off")
        query = self.env["stock.move.line"]._search(domain)
        line = query.table
        source = query.join(line, "location_id", "stock_location", "id", "source")
        target = query.join(line, "location_dest_id", "stock_location", "id", "target")
        return self.env.execute_query(
            SQL(
                """
                SELECT sum.lot_id, sum.warehouse_id, sum.warehouse_dest_id, sum.quantity,
                       sum.first_date, sum.last_date, sum.deliveries, sum.lines,
                       partner.commercial_partner_id,
                       CASE WHEN partner.commercial_partner_id = partner.id THEN partner.name
                            ELSE commercial.name END,
                       %(address)s, partner.state_id, partner.country_id,
                       COALESCE(partner.phone, commercial.phone, ''),
                       COALESCE(partner.email, commercial.email, '')
                  FROM (
                    SELECT COALESCE(picking.partner_id, move.partner_id) AS partner_id,
                           stock_move_line.lot_id,
                           %(warehouse)s AS warehouse_id,
                           %(warehouse_dest)s AS warehouse_dest_id,
                           SUM(stock_move_line.quantity_product_uom)::float8 AS quantity,
                           MIN(stock_move_line.date) AS first_date,
                           MAX(stock_move_line.date) AS last_date,
                           ARRAY_AGG(COALESCE(stock_move_line.picking_id,
                                              -stock_move_line.move_id)) AS deliveries,
                           ARRAY_AGG(stock_move_line.id
                                     ORDER BY stock_move_line.date, stock_move_line.id) AS lines
                      FROM %(tables)s
                      LEFT JOIN LATERAL (
                        SELECT partner_id FROM stock_picking
                         WHERE id = stock_move_line.picking_id LIMIT 1
                           ) AS picking ON TRUE
                      LEFT JOIN LATERAL (
                        SELECT partner_id FROM stock_move
                         WHERE id = stock_move_line.move_id AND picking.partner_id IS NULL LIMIT 1
                           ) AS move ON TRUE
                     WHERE %(where)s
                     GROUP BY 1, 2, 3, 4
                       ) AS sum
                  LEFT JOIN LATERAL (
                    SELECT * FROM res_partner WHERE id = sum.partner_id LIMIT 1
                       ) AS partner ON TRUE
                  LEFT JOIN LATERAL (
                    SELECT name, phone, email FROM res_partner
                     WHERE id = partner.commercial_partner_id
                       AND partner.commercial_partner_id <> partner.id LIMIT 1
                       ) AS commercial ON TRUE
                 ORDER BY sum.first_date, sum.lines[1]
                """,
                warehouse=SQL.identifier(source, "warehouse_id"),
                warehouse_dest=SQL.identifier(target, "warehouse_id"),
                address=self._address_column("partner"),
                tables=query.from_clause,
                where=query.where_clause,
            )
        )

    def _complete_sums(self, sums, lots):
        """``Sum`` by ``Sum`` as rows for ``group_by_consignee``."""
        of_lot = {lot.id: self._lot_values(lot) for lot in lots}
        zones, regions = self._get_sum_zones(sums), self._get_sum_regions(sums)
        for row in sums:
            zone = zones[row.warehouse_id, row.warehouse_dest_id]
            region = regions[row.state_id, row.country_id]
            quantity = round(row.quantity, DIGITS)
            yield {
                "consignee_id": row.consignee_id,
                "consignee": row.consignee,
                "address": f"{row.address}, {region}".strip(", ") if region else row.address,
                "phone": row.phone,
                "email": row.email,
                "deliveries": row.deliveries,
                "first_day": self._to_day(row.first_date, zone),
                "last_day": self._to_day(row.last_date, zone),
                "quantity": quantity,
                "returned": 0.0,
                "net": quantity,
                **of_lot[row.lot_id],
            }

    def _get_sum_zones(self, sums):
        """The time zone for each pair of warehouses that goods came from and went to."""
        warehouses = self.env["stock.warehouse"].sudo()
        zones = {}
        for pair in {(row.warehouse_id, row.warehouse_dest_id) for row in sums}:
            warehouse_id = pair[0] or pair[1]
            warehouse = warehouses.browse(warehouse_id)
            zones[pair] = warehouse._get_lot_timezone() if warehouse_id else None
        return zones

    def _get_sum_regions(self, sums):
        """State and country in words for each pair of their ids."""
        pairs = {(row.state_id, row.country_id) for row in sums}
        states = self._names("res.country.state", {state_id for state_id, _ in pairs}, "name")
        countries = self._names("res.country", {country_id for _, country_id in pairs}, "name")
        return {
            pair: ", ".join(filter(None, (states.get(pair[0]), countries.get(pair[1]))))
            for pair in pairs
        }
