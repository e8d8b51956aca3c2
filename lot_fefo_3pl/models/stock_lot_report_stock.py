from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# How each sorting orders the lots: by an aggregate first, if any, then by fields of the lot.
SORTINGS = {
    "expiry": (None, "expiration_date, product_id, name, id"),
    "product": (None, "product_id, expiration_date, name, id"),
    "lot": (None, "name, id"),
    "quantity": (SQL("COALESCE(stock.on_hand, 0) DESC"), "expiration_date, id"),
    "newest": (None, "id DESC"),
}


class StockLotReportStock(models.AbstractModel):
    """The lots of a brand: how much is there, how much of it can ship, and what stops the rest."""

    _name = "stock.lot.report.stock"
    _inherit = ["stock.lot.report"]
    _description = "Stock by Lot"

    @api.model
    def _get_title(self):
        return self.env._("Lots")

    @api.model
    def _get_search_hint(self):
        return self.env._("Lot, product, reference or barcode")

    @api.model
    def _get_columns(self):
        return [
            self._column("product", self.env._("Product")),
            self._column("lot", self.env._("Lot")),
            self._column("expiry", self.env._("Expiry date"), "date"),
            self._column("days_left", self.env._("Days left"), "days"),
            self._column("on_hand", self.env._("On hand"), "quantity"),
            self._column("available", self.env._("Available"), "quantity"),
            self._column("reserved", self.env._("Reserved"), "quantity"),
            self._column("held", self.env._("Held"), "quantity"),
            self._column("held_for", self.env._("Held for")),
            self._column("uom", self.env._("Unit")),
            self._column("bins", self.env._("Bins"), "integer"),
            self._column("last_move", self.env._("Last movement"), "date"),
        ]

    @api.model
    def _get_filters(self):
        return {
            "stock": self.env._("In stock"),
            "held": self.env._("Held"),
            **self._get_buckets(),
            "all": self.env._("All lots, also those shipped out"),
        }

    @api.model
    def _get_sortings(self):
        return {
            "expiry": self.env._("Expiry date"),
            "product": self.env._("Product"),
            "lot": self.env._("Lot"),
            "quantity": self.env._("Quantity on hand"),
            "newest": self.env._("Newest lot"),
        }

    @api.model
    def _get_groupings(self):
        return {
            "none": self.env._("Not grouped"),
            "product": self.env._("Product"),
            "bucket": self.env._("Days left"),
        }

    @api.model
    def _has_lots(self, scope):
        """Whether the brand has any lot at all."""
        owners = list(scope.owner_ids)
        lots = self.env["stock.lot"].search_count([("owner_id", "in", owners)], limit=1)
        quants = Domain("owner_id", "in", owners) & Domain("lot_id", "!=", False)
        return bool(lots or self.env["stock.quant"].search_count(quants, limit=1))

    # Reading -----------------------------------------------------------------------------------

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        if not self._get_warehouses(scope):
            return [], 0
        lots = self.env["stock.lot"]._search(self._get_lot_domain(scope, options))
        order = self._get_order(scope, options, lots)
        # What is free and held is worked out for the rows of the page, unless the filter needs it.
        needs_held = options["filterby"] == "held"
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH %(goods)s,
                stock AS (
                    SELECT lot_id, SUM(quantity) AS on_hand, %(held)s AS held
                      FROM goods GROUP BY lot_id
                ),
                page AS (
                    SELECT stock_lot.id, COALESCE(stock.on_hand, 0) AS on_hand,
                           ROW_NUMBER() OVER (ORDER BY %(order)s) AS number,
                           COUNT(*) OVER () AS total, %(group_columns)s
                      FROM %(lots)s LEFT JOIN stock ON stock.lot_id = stock_lot.id
                     WHERE %(condition)s
                     ORDER BY number LIMIT %(limit)s OFFSET %(offset)s
                ),
                %(quants)s,
                detail AS (
                    SELECT lot_id,
                           GREATEST(SUM(quantity - reserved_quantity) FILTER (WHERE is_free), 0)
                               AS available,
                           SUM(reserved_quantity) AS reserved,
                           SUM(quantity) FILTER (WHERE is_held) AS held,
                           COUNT(DISTINCT location_id) FILTER (WHERE quantity > 0) AS bins
                      FROM quant GROUP BY lot_id
                )
                SELECT page.*, COALESCE(detail.available, 0) AS available,
                       COALESCE(detail.reserved, 0) AS reserved,
                       COALESCE(detail.held, 0) AS held, COALESCE(detail.bins, 0) AS bins,
                       (SELECT MAX(date) FROM (%(moved)s) line) AS last_move
                  FROM page LEFT JOIN detail ON detail.lot_id = page.id ORDER BY page.number
                """,
                goods=self._get_quant_query(
                    scope, options, "goods", {"is_held"} if needs_held else ()
                ),
                held=SQL("SUM(quantity) FILTER (WHERE is_held)") if needs_held else SQL("NULL"),
                quants=self._get_quant_query(
                    scope, options, "quant", {"is_free", "is_held"}, self._in_cte("page", "id")
                ),
                lots=lots.from_clause,
                condition=lots.where_clause,
                order=order,
                group_columns=self._get_group_columns(scope, options),
                moved=self._get_last_move_query(scope),
                limit=limit,
                offset=offset,
            )
        )
        return self._format_rows(scope, options, rows), rows[0]["total"] if rows else 0

    @api.model
    def _get_lot_domain(self, scope, options):
        """The lots to show, as a domain whose SQL refers to the CTE ``stock``."""
        domain = self._get_filter_domain(scope, options["filterby"])
        if search := options["search"]:
            products = self._get_product_search_domain(search)
            domain &= Domain("name", "ilike", search) | Domain("product_id", "any", products)
        if "lot_id" in options:
            domain &= Domain("id", "=", options["lot_id"])
        return domain

    @api.model
    def _get_filter_domain(self, scope, filterby):
        if filterby == "all":
            brand = self.env["stock.lot"]._search([("owner_id", "in", scope.owner_ids)])
            return self._in_stock(SQL("%s UNION SELECT lot_id FROM stock", brand.select()))
        if filterby == "held":
            return self._in_stock(SQL("SELECT lot_id FROM stock WHERE held <> 0"))
        domain = self._in_stock(SQL("SELECT lot_id FROM stock WHERE on_hand <> 0"))
        if filterby in self._get_buckets():
            domain &= self._get_bucket_domain(scope, filterby)
        return domain

    @api.model
    def _in_stock(self, lots):
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), lots)
        )

    @api.model
    def _get_order(self, scope, options, lots):
        """The ORDER BY; adds the joins it needs to the query ``lots``."""
        aggregate, fields_order = SORTINGS[options["sortby"]]
        parts = [self.env["stock.lot"]._order_to_sql(fields_order, lots)]
        if aggregate:
            parts.insert(0, aggregate)
        if options["groupby"] == "product":
            parts.insert(0, self.env["stock.lot"]._order_to_sql("product_id", lots))
        elif options["groupby"] == "bucket":
            parts.insert(0, self._get_bucket_sql(scope))
        return SQL(", ").join(parts)

    @api.model
    def _get_bucket_sql(self, scope):
        """The number of the bucket of a lot, in the order of ``_get_buckets``."""
        return SQL(
            "COALESCE(width_bucket(stock_lot.expiration_date, %s::timestamp[]), %s)",
            self._get_bucket_bounds(scope),
            len(self._get_buckets()) - 1,
        )

    @api.model
    def _get_group_columns(self, scope, options):
        """What the header of a group says, the same in each of its rows."""
        key = {"product": SQL("stock_lot.product_id"), "bucket": self._get_bucket_sql(scope)}.get(
            options["groupby"], SQL("NULL::integer")
        )
        return SQL(
            """
            %(key)s AS group_key,
            COUNT(*) OVER (PARTITION BY %(key)s) AS group_lots,
            SUM(stock.on_hand) OVER (PARTITION BY %(key)s) AS group_on_hand
            """,
            key=key,
        )

    @api.model
    def _get_quant_query(self, scope, options, name, flags=(), domain=Domain.TRUE):
        """The brand's goods as a CTE.

        :param str name: of the CTE.
        :param flags: which of ``is_free`` (an order could take them) and ``is_held`` to tell.
        :param domain: restricts the quants further.
        """
        quants = self.env["stock.quant"]
        quants.flush_model()
        domain &= Domain("lot_id", "!=", False)
        domain &= Domain("location_id.usage", "in", ("internal", "transit"))
        if "lot_id" in options:
            domain &= Domain("lot_id", "=", options["lot_id"])
        columns = ("id", "product_id", "lot_id", "location_id", "quantity", "reserved_quantity")
        matches = {"is_free": self._get_free_domain, "is_held": self._get_held_domain}
        return SQL(
            "%s AS MATERIALIZED (%s)",
            SQL.identifier(name),
            self._union_owned(
                scope,
                quants,
                domain,
                *(SQL.identifier("stock_quant", column) for column in columns),
                flags={flag: matches[flag](scope) for flag in sorted(flags)},
            ),
        )

    @api.model
    def _in_cte(self, name, column):
        """The quants whose lot is in a column of a CTE."""
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT %s FROM %s)",
                SQL.identifier(alias, "lot_id"),
                SQL.identifier(column),
                SQL.identifier(name),
            )
        )

    @api.model
    def _get_last_move_query(self, scope):
        """When the lot of a row of the CTE ``page`` last moved."""
        lines = self.env["stock.move.line"]
        of_row = Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s = page.id", SQL.identifier(alias, "lot_id"))
        )
        return self._union_owned(
            scope,
            lines,
            of_row & Domain("state", "=", "done"),
            SQL.identifier("stock_move_line", "date"),
            order="date DESC",
            limit=1,
        )

    @api.model
    def _format_rows(self, scope, options, rows):
        lots = self.env["stock.lot"].browse(row["id"] for row in rows)
        calendar = self._get_calendar(scope)
        today = calendar._get_lot_today()
        return [
            {
                **self._format_lot(lot, calendar, today),
                **self._format_quantities(lot, row),
                "last_move": calendar._get_lot_day(row["last_move"]) or None,
                "group": self._format_group(options["groupby"], lot, row),
            }
            for lot, row in zip(lots, rows, strict=True)
        ]

    @api.model
    def _format_lot(self, lot, calendar, today):
        expiry = calendar._get_lot_day(lot.expiration_date) or None
        days_left = (expiry - today).days if expiry else None
        return {
            "id": lot.id,
            "lot_id": lot.id,
            "product": lot.product_id.display_name,
            "lot": lot.name,
            "expiry": expiry,
            "days_left": days_left,
            "bucket": self._get_bucket(days_left),
            "uom": lot.product_uom_id.name,
        }

    @api.model
    def _format_quantities(self, lot, row):
        return {
            **{
                name: lot.product_uom_id.round(row[name])
                for name in ("on_hand", "available", "reserved", "held")
            },
            "held_for": lot.hold_summary if row["held"] else "",
            "bins": row["bins"],
        }

    @api.model
    def _format_group(self, groupby, lot, row):
        """The header above the rows of a group; None when the table is not grouped."""
        if groupby == "none":
            return None
        count = self.env._("Lots: %(count)s", count=self._format_number(row["group_lots"]))
        if groupby == "bucket":
            label = list(self._get_buckets().values())[row["group_key"]]
            return {"key": row["group_key"], "label": label, "summary": count}
        unit = lot.product_uom_id
        on_hand = self.env._(
            "on hand %(on_hand)s %(unit)s",
            on_hand=self._format_number(unit.round(row["group_on_hand"] or 0)),
            unit=unit.name,
        )
        return {
            "key": row["group_key"],
            "label": lot.product_id.display_name,
            "summary": f"{count}, {on_hand}",
        }
