from collections import defaultdict
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.lot_consignees import group_by_consignee
from ..tools.lot_returns import DIGITS, Returned, Shipped, attribute_returns
from ..tools.mass_balance import OURS, Flow, mass_balance


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
    def forward(self, lot_ids, owner_id=None):
        """Every delivered line of the lots, minus what came back.

        A unit counts as delivered when it crossed to a customer location, whatever the operation.
        A return reduces the delivery that it returns, else the earlier deliveries to the same
        customer; what matches no delivery is a row of kind ``"return"`` with a negative net.

        :param list lot_ids: ids of stock.lot.
        :param int owner_id: only the units of this owner (res.partner).
        :return: list of dicts, oldest first, with ``kind, line_id, move_id, picking_id, picking,
            origin, client_ref, date, day, lot_id, lot, expiry, product_id, product, uom,
            quantity, returned, net, owner_id, owner, consignee_id, consignee, ship_to_id,
            ship_to, address, phone, email, package_id, package, sscc, location_dest_id,
            location_dest, carrier, tracking``. Unknown texts are empty strings.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        shipped = self._fetch_lines(self._domain_shipped(lots, owner_id))
        returned = self._fetch_lines(self._domain_returned(lots, owner_id))
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
        return self._complete_rows(shipped + stray, lots)

    @api.model
    @api.readonly
    def consignees(self, lot_ids, owner_id=None):
        """The customers that received units of the lots, with what each still has.

        :param list lot_ids: ids of stock.lot.
        :param int owner_id: only the units of this owner (res.partner).
        :return: list of dicts, largest net first, with ``consignee_id, consignee, address, phone,
            email, deliveries, first_day, last_day, quantity, returned, net, uom`` and ``lots``: a
            list of ``lot_id, lot, product_id, product, uom, quantity, returned, net``. ``uom`` is
            empty when the lots' products are counted in different units. Deliveries without a
            partner are one row per destination location, with ``consignee_id`` False.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        return group_by_consignee(self.forward(lot_ids, owner_id=owner_id))

    @api.model
    @api.readonly
    def on_hand(self, lot_ids, owner_id=None):
        """What is still in the house: internal and transit locations, every bin.

        :return: list of dicts with ``quant_id, lot_id, lot, product_id, product, uom, location_id,
            location, owner_id, owner, package_id, package, quantity, reserved``.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        domain = Domain("lot_id", "in", lots.ids) & Domain("location_id.usage", "in", OURS)
        if owner_id:
            domain &= self._domain_owner(lots, owner_id)
        quants = self.env["stock.quant"].search(domain, order="location_id, package_id, id")
        return [
            {
                "quant_id": quant.id,
                **self._lot_values(quant.lot_id),
                "location_id": quant.location_id.id,
                "location": quant.location_id.complete_name,
                "owner_id": quant.owner_id.id,
                "owner": quant.owner_id.name or "",
                "package_id": quant.package_id.id,
                "package": quant.package_id.complete_name or "",
                "quantity": quant.quantity,
                "reserved": quant.reserved_quantity,
            }
            for quant in quants
            if quant.quantity or quant.reserved_quantity
        ]

    @api.model
    @api.readonly
    def in_process(self, lot_ids, owner_id=None):
        """Open operations that hold units of the lots, packed ones first.

        :return: list of dicts with ``line_id, move_id, picking_id, picking, partner_id, partner,
            lot_id, lot, product_id, product, uom, location_id, location, location_dest_id,
            location_dest, owner_id, package_id, package, quantity, picked, state``.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        domain = (
            Domain("lot_id", "in", lots.ids)
            & Domain("state", "not in", ("done", "cancel"))
            & Domain("quantity_product_uom", ">", 0)
        )
        if owner_id:
            domain &= self._domain_owner(lots, owner_id)
        lines = self.env["stock.move.line"].search(domain, order="result_package_id, picked, id")
        return [
            {
                "line_id": line.id,
                "move_id": line.move_id.id,
                "picking_id": line.picking_id.id,
                "picking": line.picking_id.name or "",
                "partner_id": (line.picking_id.partner_id or line.move_id.partner_id).id,
                "partner": (line.picking_id.partner_id or line.move_id.partner_id).name or "",
                **self._lot_values(line.lot_id),
                "location_id": line.location_id.id,
                "location": line.location_id.complete_name,
                "location_dest_id": line.location_dest_id.id,
                "location_dest": line.location_dest_id.complete_name,
                "owner_id": line.owner_id.id,
                "package_id": line.result_package_id.id,
                "package": line.result_package_id.complete_name or "",
                "quantity": line.quantity_product_uom,
                "picked": line.picked,
                "state": line.state,
            }
            for line in lines
        ]

    @api.model
    @api.readonly
    def mass_balance(self, lot_ids):
        """Account for every unit of the lots, per lot and owner.

        :return: list of dicts with ``lot_id, lot, product_id, product, uom, owner_id, owner``, the
            terms ``received, produced, returned, found, shipped, sent_back, consumed, scrapped,
            lost``, the sums ``total_in, total_out``, ``on_hand``, ``unexplained`` (zero on a
            sound ledger) and ``percent``.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self._check_lots(lot_ids)
        flows = self._fetch_flows(lots)
        on_hand = self._fetch_on_hand(lots)
        owners = self._names(
            "res.partner", {owner_id for _lot, owner_id in flows | on_hand}, "name"
        )
        return [
            {
                **self._lot_values(self.env["stock.lot"].browse(lot_id)),
                "owner_id": owner_id,
                "owner": owners.get(owner_id, ""),
                **mass_balance(
                    flows.get((lot_id, owner_id), ()), on_hand.get((lot_id, owner_id), 0)
                ),
            }
            for lot_id, owner_id in sorted(flows | on_hand)
        ]

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

    # Rows ------------------------------------------------------------------------------------

    def _fetch_lines(self, domain):
        """One query: the done lines of ``domain`` with document, consignee and package."""
        for model in ("stock.move", "stock.picking", "res.partner", "stock.package"):
            self.env[model].flush_model()
        lines = self.env["stock.move.line"]
        lines.flush_model()
        query = lines._search(domain)
        columns = self._line_columns(query)
        query.order = SQL("stock_move_line.date, stock_move_line.id")
        rows = self.env.execute_query(query.select(*columns.values()))
        names = tuple(columns)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _line_columns(self, query):
        """Columns of a trace row by name, joined to ``query``; bridges add theirs."""
        line = query.table
        move = query.left_join(line, "move_id", "stock_move", "id", "move")
        picking = query.left_join(line, "picking_id", "stock_picking", "id", "picking")
        partner = query.make_alias(line, "partner")
        query.add_join(
            "LEFT JOIN",
            partner,
            "res_partner",
            SQL(
                "%s = COALESCE(%s, %s)",
                SQL.identifier(partner, "id"),
                SQL.identifier(picking, "partner_id"),
                SQL.identifier(move, "partner_id"),
            ),
        )
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
            "street": text(partner, "street"),
            "street2": text(partner, "street2"),
            "zip": text(partner, "zip"),
            "city": text(partner, "city"),
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

    def _complete_rows(self, rows, lots):
        """Add what is the same for many rows and needs no join: lot, owner, place names, day."""
        lot_values = {lot.id: self._lot_values(lot) for lot in lots}
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
            row.update(lot_values[row["lot_id"]])
            row["net"] = round(row["quantity"] - row["returned"], DIGITS)
            row["owner"] = owners.get(row["owner_id"], "")
            row["location_dest"] = locations[row["location_dest_id"]]
            row["day"] = self._local_day(row, zones)
            row["address"] = self._address(
                row, states.get(row.pop("state_id"), ""), countries.get(row.pop("country_id"), "")
            )
            row["sscc"] = row["package"] if _is_sscc(row["package"]) else ""
        return rows

    def _lot_values(self, lot):
        return {
            "lot_id": lot.id,
            "lot": lot.name,
            "expiry": lot.expiration_date,
            "product_id": lot.product_id.id,
            "product": lot.product_id.display_name,
            "uom": lot.product_id.uom_id.name,
        }

    def _names(self, model, ids, field_name):
        # sudo: the names belong to the trace, even where the user cannot open the record.
        records = self.env[model].sudo().browse(filter(None, ids))
        return {record.id: record[field_name] for record in records}

    def _location_zones(self, location_ids):
        """The time zone of the warehouse of each location, where it has one."""
        zones = {}
        for location in self.env["stock.location"].sudo().browse(location_ids):
            warehouse = location.warehouse_id
            name = warehouse.partner_id.tz or warehouse.company_id.partner_id.tz
            if name:
                zones[location.id] = ZoneInfo(name)
        return zones

    def _local_day(self, row, zones):
        zone = zones.get(row["location_id"]) or zones.get(row["location_dest_id"]) or UTC
        return row["date"].replace(tzinfo=UTC).astimezone(zone).date()

    def _address(self, row, state, country):
        city = " ".join(filter(None, (row.pop("zip"), row.pop("city"))))
        return ", ".join(
            filter(None, (row.pop("street"), row.pop("street2"), city, state, country))
        )

    # Balance ---------------------------------------------------------------------------------

    def _fetch_flows(self, lots):
        """``{(lot id, owner id or 0): [Flow]}``, added up by the database."""
        for model in ("stock.move", "stock.move.line", "stock.location"):
            self.env[model].flush_model()
        query = self.env["stock.move.line"]._search(self._domain_lines(lots, None))
        line = query.table
        source = query.join(line, "location_id", "stock_location", "id", "source")
        target = query.join(line, "location_dest_id", "stock_location", "id", "target")
        move = query.left_join(line, "move_id", "stock_move", "id", "move")
        keys = (
            SQL.identifier(line, "lot_id"),
            SQL("COALESCE(%s, 0)", SQL.identifier(line, "owner_id")),
            SQL.identifier(source, "usage"),
            SQL.identifier(target, "usage"),
            SQL("%s IS NOT NULL", SQL.identifier(move, "scrap_id")),
        )
        query.groupby = SQL(", ").join(keys)
        total = SQL("SUM(%s)", SQL.identifier(line, "quantity_product_uom"))
        flows = defaultdict(list)
        for lot_id, owner_id, *flow in self.env.execute_query(query.select(*keys, total)):
            flows[lot_id, owner_id].append(Flow(*flow))
        return dict(flows)

    def _fetch_on_hand(self, lots):
        groups = self.env["stock.quant"]._read_group(
            Domain("lot_id", "in", lots.ids) & Domain("location_id.usage", "in", OURS),
            ["lot_id", "owner_id"],
            ["quantity:sum"],
        )
        return {(lot.id, owner.id or 0): quantity for lot, owner, quantity in groups}
