from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.lot_consignees import group_by_consignee
from ..tools.lot_returns import DIGITS


class StockLotTrace(models.AbstractModel):
    """Who has how much of a lot that went to thousands of customers.

    Most customers send nothing back: the database adds up what they got. Only the deliveries to
    those who did are looked at one by one, because a return is taken off the delivery it undoes.
    """

    _inherit = "stock.lot.trace"

    def _get_consignees(self, lots, owner_id):
        """The rows of ``consignees``, without what the lots went into."""
        domain = self._domain_shipped(lots, owner_id)
        returned = self._fetch_lines(self._domain_returned(lots, owner_id))
        senders = self._get_senders(returned)
        sums = self._sum_up_shipped(lots, domain & ~_is_to(self, senders) if senders else domain)
        # Lines to nobody in particular are told apart by their destination.
        is_partial = senders or any(not row["consignee_id"] for row in sums)
        rows = self._fetch_lines(domain & _is_to(self, senders)) if is_partial else []
        ways = self.env["stock.lot.genealogy"]._get_ways(lots, None)
        return group_by_consignee(
            self._get_forward_rows(lots, ways, rows, returned),
            (row for row in sums if row["consignee_id"]),
        )

    def _get_senders(self, returned):
        """The customers whose deliveries what came back may have to be taken off."""
        customers = {row["consignee_id"] for row in returned}
        if moves := {row["origin_move_id"] for row in returned} - {None}:
            origins = self._fetch_lines(Domain("move_id", "in", list(moves)))
            customers |= {row["consignee_id"] for row in origins}
        return sorted(customers - {None})

    def _sum_up_shipped(self, lots, domain):
        """The lines of ``domain``, one row for each customer, lot and warehouse.

        Address and contact are those of the first delivery, as in the rows of ``forward``.
        """
        query = self.env["stock.move.line"]._search(domain)
        _picking, partner = self._join_partner(query)
        line = query.table
        source = query.join(line, "location_id", "stock_location", "id", "source")
        target = query.join(line, "location_dest_id", "stock_location", "id", "target")
        keys = [
            SQL.identifier(partner, "commercial_partner_id"),
            SQL.identifier(line, "lot_id"),
            SQL.identifier(source, "warehouse_id"),
            SQL.identifier(target, "warehouse_id"),
        ]
        query.groupby = SQL(", ").join(keys)
        names = ("consignee_id", "lot_id", "warehouse_id", "warehouse_dest_id")
        sums = query.select(
            *(
                SQL("%s AS %s", key, SQL.identifier(name))
                for key, name in zip(keys, names, strict=True)
            ),
            SQL("SUM(%s) AS quantity", SQL.identifier(line, "quantity_product_uom")),
            SQL("MIN(%s) AS first_date", SQL.identifier(line, "date")),
            SQL("MAX(%s) AS last_date", SQL.identifier(line, "date")),
            SQL(
                "ARRAY_AGG(COALESCE(%s, -%s)) AS deliveries",
                SQL.identifier(line, "picking_id"),
                SQL.identifier(line, "move_id"),
            ),
            SQL(
                "(ARRAY_AGG(%s ORDER BY %s, %s))[1] AS ship_to_id",
                SQL.identifier(partner, "id"),
                SQL.identifier(line, "date"),
                SQL.identifier(line, "id"),
            ),
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT sum.consignee_id, sum.lot_id, sum.warehouse_id, sum.warehouse_dest_id,
                       sum.quantity, sum.first_date, sum.last_date, sum.deliveries,
                       COALESCE(commercial.name, '') AS consignee, %(address)s AS address,
                       partner.state_id, partner.country_id,
                       COALESCE(partner.phone, commercial.phone, '') AS phone,
                       COALESCE(partner.email, commercial.email, '') AS email
                  FROM (%(sums)s) AS sum
                  LEFT JOIN res_partner partner ON partner.id = sum.ship_to_id
                  LEFT JOIN res_partner commercial ON commercial.id = sum.consignee_id
                 ORDER BY sum.first_date
                """,
                sums=sums,
                address=self._address_column("partner"),
            )
        )
        return self._complete_sums(rows, lots)

    def _complete_sums(self, rows, lots):
        """Add lot, product, days and the names of the regions."""
        values = {lot.id: self._lot_values(lot) for lot in lots}
        states = self._names("res.country.state", {row["state_id"] for row in rows}, "name")
        countries = self._names("res.country", {row["country_id"] for row in rows}, "name")
        warehouses = self.env["stock.warehouse"].sudo()
        zones = {
            pair: next(filter(None, map(self._warehouse_zone, map(warehouses.browse, pair))), None)
            for pair in {(row["warehouse_id"], row["warehouse_dest_id"]) for row in rows}
        }
        for row in rows:
            zone = zones[row["warehouse_id"], row["warehouse_dest_id"]]
            region = (states.get(row["state_id"]), countries.get(row["country_id"]))
            if any(region):
                row["address"] = ", ".join(filter(None, (row["address"], *region)))
            row["quantity"] = row["net"] = round(row["quantity"], DIGITS)
            row["returned"] = 0.0
            first, last = row["first_date"], row["last_date"]
            row["first_day"] = row["last_day"] = self._to_day(first, zone)
            if last != first:
                row["last_day"] = self._to_day(last, zone)
            row |= values[row["lot_id"]]
        return rows


def _is_to(trace, customers):
    """The lines to these customers, and those to nobody."""

    def to_sql(lines, alias, query):
        _picking, partner = trace._join_partner(query)
        customer = SQL.identifier(partner, "commercial_partner_id")
        return SQL("(%s IS NULL OR %s = ANY(%s))", customer, customer, customers)

    return Domain.custom(to_sql=to_sql)
