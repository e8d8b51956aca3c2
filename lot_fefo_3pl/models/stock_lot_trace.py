from datetime import UTC

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.lot_consignees import group_by_consignee
from ..tools.lot_returns import DIGITS, Returned, Shipped, attribute_returns
from ..tools.mass_balance import OURS


def _is_sscc(package):
    return len(package) == 18 and package.isdigit()


class StockLotTrace(models.AbstractModel):
    """Where the units of a lot went, are and came from, by what moved and not by documents.

    Every public method takes lot ids, reads only, and answers plain values that a client can show
    or send. Quantities are in the product's unit of measure, times in UTC, days in the zone of the
    warehouse. What the user's companies may not see is not in the answer.
    """

    _name = "stock.lot.trace"
    _description = "Lot Trace"

    # Public ----------------------------------------------------------------------------------

    @api.model
    @api.readonly
    def forward(self, lot_ids, owner_id=None, descend=False):
        """Every delivered line of the lots, minus what came back.

        A unit counts as delivered when it crossed to a customer location, whatever the operation.
        A return reduces the delivery that it returns, else the earlier deliveries to the same
        customer; what matches no delivery is a row of kind ``"return"`` with a negative net.

        :param list lot_ids: ids of stock.lot.
        :param int owner_id: only the units of this owner (res.partner).
        :param bool descend: also the lots that units of these went into (relabelled, repacked,
            used in production), from the moment that they did; ``through`` names the way.
        :return: list of dicts, oldest first, with ``kind, line_id, move_id, picking_id, picking,
            origin, client_ref, date, day, lot_id, lot, expiry, product_id, product, uom,
            quantity, returned, net, owner_id, owner, consignee_id, consignee, ship_to_id,
            ship_to, address, phone, email, package_id, package, sscc, location_dest_id,
            location_dest, carrier, tracking, through``. Unknown texts are empty strings.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        ways = self.env["stock.lot.genealogy"]._get_ways(lots, "down" if descend else None)
        lots = lots.browse(ways)
        shipped = self._fetch_lines(self._domain_shipped(lots, owner_id))
        returned = self._fetch_lines(self._domain_returned(lots, owner_id))
        return self._get_forward_rows(lots, ways, shipped, returned)

    def _get_forward_rows(self, lots, ways, shipped, returned):
        if not shipped and not returned:
            return []
        stray = self._attribute(shipped, returned)
        rows = [row for row in shipped + stray if row["date"] >= ways[row["lot_id"]].since]
        self._complete_rows(rows, lots)
        for row in rows:
            row["through"] = ways[row["lot_id"]].text
        return rows

    @api.model
    @api.readonly
    def consignees(self, lot_ids, owner_id=None, descend=False):
        """The customers that received units of the lots, with what each still has.

        :param list lot_ids: ids of stock.lot.
        :param int owner_id: only the units of this owner (res.partner).
        :param bool descend: also the lots that units of these went into.
        :return: list of dicts, largest net first, with ``consignee_id, consignee, address, phone,
            email, deliveries, first_day, last_day, quantity, returned, net, uom`` and ``lots``: a
            list of ``lot_id, lot, product_id, product, uom, quantity, returned, net``. ``uom`` is
            empty when the lots' products are counted in different units. Deliveries without a
            partner are one row per destination location, with ``consignee_id`` False.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        if descend and len(self.env["stock.lot.genealogy"]._get_ways(lots, "down")) > len(lots):
            return group_by_consignee(self.forward(lot_ids, owner_id=owner_id, descend=descend))
        return self._get_consignees(lots, owner_id)

    @api.model
    @api.readonly
    def backward(self, lot_ids, owner_id=None):
        """Where the lots came from: every line on which units entered our locations.

        :return: list of dicts, oldest first, with ``kind`` (``"receipt"`` from a supplier,
            ``"production"``, ``"found"`` by a count, ``"direct"`` from the supplier to the
            customer), ``line_id, move_id, picking_id, picking, origin, date, day, lot_id, lot,
            expiry, product_id, product, uom, quantity, owner_id, owner, supplier_id, supplier,
            address, phone, email, package, sscc, location_id, location_dest, user``. What the
            goods were made of is answered by ``ancestors`` of ``stock.lot.genealogy``.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        rows = self._fetch_lines(self._domain_entered(lots, owner_id))
        self._complete_rows(rows, lots)
        kinds = {"supplier": "receipt", "production": "production", "inventory": "found"}
        usages = self._names("stock.location", {row["location_id"] for row in rows}, "usage")
        users = self._names("res.users", {row["user_id"] for row in rows}, "name")
        customers = set(self._customer_location_ids())
        for row in rows:
            direct = row["location_dest_id"] in customers
            row["kind"] = "direct" if direct else kinds[usages[row["location_id"]]]
            row["user"] = users.get(row.pop("user_id"), "")
            row["supplier_id"], row["supplier"] = row.pop("consignee_id"), row.pop("consignee")
        return rows

    @api.model
    @api.readonly
    def possibly_affected(self, lot_ids):
        """Shipments of the lots' products without any lot, while the lots were in the house.

        Nobody can say whether they contained units of the lots, so they are listed, never dropped.
        So are shipments of what the lots went into where that carries no lot.

        :return: rows as of ``forward``, without lot and expiry.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        windows = self._get_windows(lots)
        customers = self._customer_location_ids()
        domain = Domain.OR(
            Domain("product_id", "=", product_id)
            & Domain("date", ">=", begin)
            & Domain("date", "<=", end)
            for product_id, (begin, end) in windows.items()
        )
        rows = self._fetch_lines(
            domain
            & Domain("lot_id", "=", False)
            & Domain("state", "=", "done")
            & Domain("location_dest_id", "in", customers)
            & Domain("location_id", "not in", customers)
        )
        for row in rows:
            row.update(kind="shipment", returned=0.0, through="")
        return self._complete_rows(rows, lots)

    def _get_windows(self, lots):
        """``{product id: (from, to)}`` in which a unit without lot may have been one of these."""
        windows = {}
        groups = self.env["stock.move.line"]._read_group(
            self._domain_lines(lots, None), ["lot_id"], ["date:min", "date:max"]
        )
        held = {row["lot_id"] for row in self.on_hand(lots.ids) if row["quantity"] > 0}
        now = fields.Datetime.now()
        spans = [
            (lot.product_id.id, begin, now if lot.id in held else end) for lot, begin, end in groups
        ]
        spans += [
            (link["child_product_id"], link["date"], now)
            for link in self.env["stock.lot.genealogy"].descendants(lots.ids)
            if not link["child_lot_id"]
        ]
        for product_id, begin, end in spans:
            known = windows.get(product_id, (begin, end))
            windows[product_id] = (min(begin, known[0]), max(end, known[1]))
        return windows

    def _attribute(self, shipped, returned):
        """Write on each shipped row what came back of it; the returned rows that match none."""
        taken, unmatched = {}, {}
        if returned:
            taken, unmatched = attribute_returns(
                (Shipped(**{name: row[name] for name in Shipped._fields}) for row in shipped),
                (Returned(**{name: row[name] for name in Returned._fields}) for row in returned),
            )
        for row in shipped:
            row["kind"] = "shipment"
            row["returned"] = taken.get(row["line_id"], 0.0)
        stray = [row for row in returned if row["line_id"] in unmatched]
        for row in stray:
            row["kind"] = "return"
            row["returned"], row["quantity"] = unmatched[row["line_id"]], 0.0
        return stray

    # Access and selection --------------------------------------------------------------------

    def _check_lots(self, lot_ids):
        self.env["stock.move"].browse().check_access("read")
        lots = self.env["stock.lot"].browse(lot_ids).exists()
        lots.check_access("read")
        return lots

    @api.model
    def _customer_location_ids(self):
        """Resolved first and passed as ids: a join on the usage reads the whole table."""
        locations = self.env["stock.location"].sudo().with_context(active_test=False)
        return locations._search([("usage", "=", "customer")]).get_result_ids()

    def _domain_lines(self, lots, owner_id):
        domain = (
            Domain("lot_id", "in", lots.ids)
            & Domain("state", "=", "done")
            & Domain("quantity_product_uom", "!=", 0)
        )
        return domain & self._domain_owner(lots, owner_id) if owner_id else domain

    def _domain_owner(self, lots, owner_id):
        """Units without an owner belong to the brand of the lot."""
        if lots.owner_id.ids == [owner_id]:
            return Domain("owner_id", "in", (owner_id, False))
        return Domain("owner_id", "=", owner_id)

    def _domain_shipped(self, lots, owner_id=None):
        customers = self._customer_location_ids()
        return (
            self._domain_lines(lots, owner_id)
            & Domain("location_dest_id", "in", customers)
            & Domain("location_id", "not in", customers)
        )

    def _domain_returned(self, lots, owner_id=None):
        customers = self._customer_location_ids()
        return (
            self._domain_lines(lots, owner_id)
            & Domain("location_id", "in", customers)
            & Domain("location_dest_id", "not in", customers)
        )

    def _domain_entered(self, lots, owner_id=None):
        return (
            self._domain_lines(lots, owner_id)
            & Domain("location_id.usage", "not in", (*OURS, "customer"))
            & Domain("location_dest_id.usage", "in", (*OURS, "customer"))
        )

    # Rows ------------------------------------------------------------------------------------

    def _fetch_lines(self, domain):
        """One query: the done lines of ``domain`` with document, consignee and package."""
        self._flush_trace()
        query = self.env["stock.move.line"]._search(domain)
        columns = self._line_columns(query)
        query.order = SQL("stock_move_line.date, stock_move_line.id")
        rows = self.env.execute_query(query.select(*columns.values()))
        names = tuple(columns)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _flush_trace(self):
        for model in ("stock.move", "stock.move.line", "stock.picking", "res.partner"):
            self.env[model].flush_model()
        self.env["stock.package"].flush_model()

    def _join_partner(self, query):
        """Join the transfer and who got the goods of a line; their aliases."""
        line = query.table
        picking = query.left_join(line, "picking_id", "stock_picking", "id", "picking")
        partner_of_picking = SQL.identifier(picking, "partner_id")
        # The move is asked only where the transfer says nothing.
        silent = query.make_alias(line, "silent_move")
        query.add_join(
            "LEFT JOIN",
            silent,
            "stock_move",
            SQL(
                "%s = CASE WHEN %s IS NULL THEN %s END",
                SQL.identifier(silent, "id"),
                partner_of_picking,
                SQL.identifier(line, "move_id"),
            ),
        )
        partner = query.make_alias(line, "partner")
        query.add_join(
            "LEFT JOIN",
            partner,
            "res_partner",
            SQL(
                "%s = COALESCE(%s, %s)",
                SQL.identifier(partner, "id"),
                partner_of_picking,
                SQL.identifier(silent, "partner_id"),
            ),
        )
        return picking, partner

    def _line_columns(self, query):
        """Columns of a trace row by name, joined to ``query``; bridges add theirs."""
        line = query.table
        move = query.left_join(line, "move_id", "stock_move", "id", "move")
        picking, partner = self._join_partner(query)
        commercial = query.left_join(
            partner, "commercial_partner_id", "res_partner", "id", "commercial"
        )
        package = query.left_join(line, "result_package_id", "stock_package", "id", "package")

        def column(alias, name):
            return SQL.identifier(alias, name)

        def text(alias, name):
            return SQL("COALESCE(%s, '')", SQL.identifier(alias, name))

        return {
            "line_id": column(line, "id"),
            "product_id": column(line, "product_id"),
            "user_id": column(line, "write_uid"),
            "lot_id": column(line, "lot_id"),
            "move_id": column(line, "move_id"),
            "origin_move_id": column(move, "origin_returned_move_id"),
            "picking_id": column(line, "picking_id"),
            "picking": SQL(
                "COALESCE(%s, %s, '')", column(picking, "name"), column(move, "reference")
            ),
            "origin": SQL(
                "COALESCE(%s, %s, '')", column(picking, "origin"), column(move, "origin")
            ),
            "client_ref": SQL("''"),
            "date": column(line, "date"),
            "quantity": column(line, "quantity_product_uom"),
            "owner_id": column(line, "owner_id"),
            "location_id": column(line, "location_id"),
            "location_dest_id": column(line, "location_dest_id"),
            "consignee_id": column(partner, "commercial_partner_id"),
            "consignee": text(commercial, "name"),
            "ship_to_id": column(partner, "id"),
            "ship_to": text(partner, "complete_name"),
            "address": self._address_column(partner),
            "state_id": column(partner, "state_id"),
            "country_id": column(partner, "country_id"),
            "phone": SQL(
                "COALESCE(%s, %s, '')", column(partner, "phone"), column(commercial, "phone")
            ),
            "email": SQL(
                "COALESCE(%s, %s, '')", column(partner, "email"), column(commercial, "email")
            ),
            "package_id": column(line, "result_package_id"),
            "package": text(package, "complete_name"),
            "carrier": SQL("''"),
            "tracking": SQL("''"),
        }

    def _address_column(self, partner):
        """Street and town on one line; state and country are added by name."""
        street, street2, zip_, city = (
            SQL("NULLIF(%s, '')", SQL.identifier(partner, name))
            for name in ("street", "street2", "zip", "city")
        )
        town = SQL("NULLIF(CONCAT_WS(' ', %s, %s), '')", zip_, city)
        return SQL("CONCAT_WS(', ', %s, %s, %s)", street, street2, town)

    def _complete_rows(self, rows, lots):
        """Add what is the same for many rows and needs no join: lot, owner, place names, day."""
        values = {lot.id: self._lot_values(lot) for lot in lots}
        products = self.env["product.product"].browse({row["product_id"] for row in rows})
        # A line without lot is known by its product.
        values[None] = {"lot": "", "expiry": False}
        of_product = {product.id: self._product_values(product) for product in products}
        owners = self._names("res.partner", {row["owner_id"] for row in rows}, "name")
        states = self._names("res.country.state", {row["state_id"] for row in rows}, "name")
        countries = self._names("res.country", {row["country_id"] for row in rows}, "name")
        locations = self._names(
            "stock.location", {row["location_dest_id"] for row in rows}, "complete_name"
        )
        zones = self._location_zones(
            {row[name] for row in rows for name in ("location_id", "location_dest_id")}
        )
        for row in rows:
            row.update(of_product[row["product_id"]], **values[row["lot_id"]])
            row["net"] = round(row["quantity"] - row.get("returned", 0.0), DIGITS)
            row["owner"] = owners.get(row["owner_id"], "")
            row["location_dest"] = locations[row["location_dest_id"]]
            row["day"] = self._local_day(row, zones)
            region = (states.get(row.pop("state_id")), countries.get(row.pop("country_id")))
            if any(region):
                row["address"] = ", ".join(filter(None, (row["address"], *region)))
            row["sscc"] = row["package"] if _is_sscc(row["package"]) else ""
        return rows

    def _lot_values(self, lot):
        return {
            "lot_id": lot.id,
            "lot": lot.name,
            "expiry": lot.expiration_date,
            **self._product_values(lot.product_id),
        }

    def _product_values(self, product):
        return {
            "product_id": product.id,
            "product": product.display_name,
            "uom": product.uom_id.name,
        }

    def _names(self, model, ids, field_name):
        # sudo: the names belong to the trace, even where the user cannot open the record.
        records = self.env[model].sudo().browse(filter(None, ids))
        return {record.id: record[field_name] for record in records}

    def _location_zones(self, location_ids):
        """The time zone of the warehouse of each location, where it has one."""
        zones = {}
        for location in self.env["stock.location"].sudo().browse(location_ids):
            if location.warehouse_id:
                zones[location.id] = location.warehouse_id._get_lot_timezone()
        return zones

    def _local_day(self, row, zones):
        zone = zones.get(row["location_id"]) or zones.get(row["location_dest_id"])
        return self._to_day(row["date"], zone)

    def _to_day(self, moment, zone):
        """The date of a naive UTC moment in a zone; in UTC without one."""
        return moment.replace(tzinfo=UTC).astimezone(zone).date() if zone else moment.date()
