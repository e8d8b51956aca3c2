from datetime import date

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.mass_balance import flow_terms

FEW = 1000
NEWEST_FIRST = "date DESC, id DESC"
# The places that are not ours, by the filter that asks for what comes from or goes to them.
OUTSIDE = ("supplier", "customer", "inventory", "production")


class StockLotReportMovement(models.AbstractModel):
    """Every movement of the brand's lots, newest first: received, shipped, returned, adjusted."""

    _name = "stock.lot.report.movement"
    _inherit = ["stock.lot.report"]
    _description = "Movements by Lot"

    _total_cap = 10000
    _has_period = True

    @api.model
    def _get_title(self):
        return self.env._("Movements")

    @api.model
    def _get_search_hint(self):
        return self.env._("Lot, product, order or transfer")

    @api.model
    def _get_columns(self):
        return [
            self._column("day", self.env._("Date"), "date"),
            self._column("kind", self.env._("Movement")),
            self._column("product", self.env._("Product")),
            self._column("lot", self.env._("Lot")),
            self._column("quantity", self.env._("Quantity"), "quantity"),
            self._column("uom", self.env._("Unit")),
            self._column("source", self.env._("From")),
            self._column("destination", self.env._("To")),
            self._column("origin", self.env._("Order")),
            self._column("picking", self.env._("Transfer")),
            self._column("consignee", self.env._("Partner")),
        ]

    @api.model
    def _get_filters(self):
        return {
            "crossing": self.env._("In and out"),
            "received": self.env._("Received"),
            "shipped": self.env._("Shipped"),
            "returned": self.env._("Returned by customers"),
            "adjusted": self.env._("Adjusted or scrapped"),
            "inside": self.env._("Moved inside the warehouse"),
            "all": self.env._("All movements"),
        }

    @api.model
    def _get_sortings(self):
        return {"newest": self.env._("Newest first")}

    @api.model
    def _get_kinds(self):
        return {
            "received": self.env._("Received"),
            "produced": self.env._("Produced"),
            "returned": self.env._("Returned"),
            "found": self.env._("Adjusted up"),
            "shipped": self.env._("Shipped"),
            "sent_back": self.env._("Sent back"),
            "consumed": self.env._("Consumed"),
            "scrapped": self.env._("Scrapped"),
            "lost": self.env._("Adjusted down"),
            "inside": self.env._("Moved"),
        }

    # Reading -----------------------------------------------------------------------------------

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        if not self._get_warehouses(scope):
            return [], 0
        domain = self._get_line_domain(scope, options)
        lines = self.env["stock.move.line"]
        lines.flush_model()
        columns = [SQL.identifier("stock_move_line", name) for name in ("id", "date")]
        page = self._union_owned(
            scope,
            lines,
            domain,
            *columns,
            order=NEWEST_FIRST,
            limit=limit and offset + limit,
        )
        ids = [
            line_id
            for (line_id,) in self.env.execute_query(
                SQL(
                    "SELECT id FROM (%s) line ORDER BY date DESC, id DESC LIMIT %s OFFSET %s",
                    page,
                    limit,
                    offset,
                )
            )
        ]
        total = self._count_lines(scope, domain) if limit else len(ids)
        return self._format_rows(scope, ids), total

    @api.model
    def _count_lines(self, scope, domain):
        """How many lines there are, counted up to one more than the cap."""
        most = self._total_cap + 1
        lines = self._union_owned(scope, self.env["stock.move.line"], domain, SQL("1"), limit=most)
        (count,) = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM (SELECT 1 FROM (%s) line LIMIT %s) few", lines, most)
        )[0]
        return count

    @api.model
    def _get_line_domain(self, scope, options):
        domain = Domain("state", "=", "done") & Domain("lot_id", "!=", False)
        domain &= Domain("quantity_product_uom", "!=", 0)
        domain &= self._get_kind_domain(options["filterby"])
        if "lot_id" in options:
            domain &= Domain("lot_id", "=", options["lot_id"])
        if search := options["search"]:
            domain &= self._get_search_domain(search)
        return domain & self._get_period_domain(scope, options)

    @api.model
    def _get_kind_domain(self, kind):
        def at(name, *usages):
            return Domain(name, "in", self._get_places(usages))

        supplier, customer, inventory = (
            (at("location_id", usage), at("location_dest_id", usage))
            for usage in ("supplier", "customer", "inventory")
        )
        outside = at("location_id", *OUTSIDE), at("location_dest_id", *OUTSIDE)
        return {
            "received": supplier[0] & ~supplier[1],
            "shipped": customer[1] & ~customer[0],
            "returned": customer[0] & ~customer[1],
            "adjusted": inventory[0] | inventory[1],
            "inside": ~outside[0] & ~outside[1],
            "crossing": outside[0] | outside[1],
            "all": Domain.TRUE,
        }[kind]

    @api.model
    def _get_places(self, usages):
        """Resolved first and passed as ids, so that the lines are found by an index."""
        locations = self.env["stock.location"].with_context(active_test=False)
        return locations._search([("usage", "in", usages)]).get_result_ids()

    @api.model
    def _get_search_domain(self, search):
        lots = self._resolve("stock.lot", Domain("name", "ilike", search))
        products = self._resolve("product.product", self._get_product_search_domain(search))
        numbers = Domain("name", "ilike", search) | Domain("origin", "ilike", search)
        transfers = self._resolve("stock.picking", numbers)
        return (
            Domain("lot_id", "any", lots)
            | Domain("product_id", "any", products)
            | Domain("picking_id", "any", transfers)
        )

    @api.model
    def _resolve(self, model, domain):
        """``domain`` as ids when it matches few records: then the index on their lines is used."""
        records = self.env[model].with_context(active_test=False)
        ids = records._search(domain, limit=FEW + 1).get_result_ids()
        return Domain("id", "in", ids) if len(ids) <= FEW else domain

    @api.model
    def _get_period_domain(self, scope, options):
        calendar = self._get_calendar(scope)
        domain = Domain.TRUE
        if options["date_from"]:
            start = calendar._get_lot_day_start(date.fromisoformat(options["date_from"]))
            domain &= Domain("date", ">=", start)
        if options["date_to"]:
            end = calendar._get_lot_day_end(date.fromisoformat(options["date_to"]))
            domain &= Domain("date", "<=", end)
        return domain

    # Rows --------------------------------------------------------------------------------------

    @api.model
    def _format_rows(self, scope, line_ids):
        """The trace's rows of these lines, in this order, with what the tables add."""
        trace = self.env["stock.lot.trace"]
        rows = {row["line_id"]: row for row in trace._fetch_lines(Domain("id", "in", line_ids))}
        rows = [rows[line_id] for line_id in line_ids]
        for row in rows:
            row["returned"] = 0.0
        lots = self.env["stock.lot"].browse({row["lot_id"] for row in rows})
        rows = trace._complete_rows(rows, lots)
        flows = self._get_flows(rows)
        kinds = self._get_kinds()
        calendar = self._get_calendar(scope)
        for row in rows:
            source, destination, term = flows[row["line_id"]]
            row.update(
                id=row["line_id"],
                kind=kinds[term],
                term=term,
                source=source.complete_name,
                destination=destination.complete_name,
                expiry=calendar._get_lot_day(row["expiry"]) or None,
            )
        return rows

    @api.model
    def _get_flows(self, rows):
        """From where to where each row moved, and what the mass balance calls that."""
        locations = {
            location.id: location
            for location in self.env["stock.location"].browse(
                {row[name] for row in rows for name in ("location_id", "location_dest_id")}
            )
        }
        moves = self.env["stock.move"].browse({row["move_id"] for row in rows})
        scrapped = set(moves.filtered("scrap_id").ids)
        flows = {}
        for row in rows:
            source = locations[row["location_id"]]
            destination = locations[row["location_dest_id"]]
            is_scrap = row["move_id"] in scrapped
            incoming, outgoing = flow_terms(source.usage, destination.usage, is_scrap)
            flows[row["line_id"]] = source, destination, outgoing or incoming or "inside"
        return flows
