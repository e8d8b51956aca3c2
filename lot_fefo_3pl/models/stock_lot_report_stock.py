from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# How each sorting orders the lots: by an aggregate first, if any, then by fields of the lot.
SORTINGS = {
    "expiry": (None, "expiration_date, product_id, name, id"),
    "product": (None, "product_id, expiration_date, name, id"),
    "lot": (None, "name, id"),
    "quantity": (SQL("COALESCE(stock.on_hand, 0) DESC, "), "expiration_date, id"),
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
    def _get_columns(self):
        return [
            {"name": "product", "label": self.env._("Product"), "type": "text"},
            {"name": "lot", "label": self.env._("Lot"), "type": "text"},
            {"name": "expiry", "label": self.env._("Expiry date"), "type": "date"},
            {"name": "days_left", "label": self.env._("Days left"), "type": "days"},
            {"name": "on_hand", "label": self.env._("On hand"), "type": "quantity"},
            {"name": "available", "label": self.env._("Available"), "type": "quantity"},
            {"name": "held", "label": self.env._("Held"), "type": "quantity"},
            {"name": "held_for", "label": self.env._("Held for"), "type": "text"},
            {"name": "uom", "label": self.env._("Unit"), "type": "text"},
            {"name": "bins", "label": self.env._("Bins"), "type": "integer"},
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
    def _has_lots(self, scope):
        """Whether the brand has any lot at all."""
        owners = list(scope.owner_ids)
        lots = self.env["stock.lot"].search_count([("owner_id", "in", owners)], limit=1)
        quants = Domain("owner_id", "in", owners) & Domain("lot_id", "!=", False)
        return bool(lots or self.env["stock.quant"].search_count(quants, limit=1))

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        if not self._get_warehouses(scope):
            return [], 0
        lots = self._search_lots(scope, options)
        aggregate, __ = SORTINGS[options["sortby"]]
        result = self.env.execute_query(
            SQL(
                """
                WITH %(stock)s
                SELECT stock_lot.id,
                       COALESCE(stock.on_hand, 0), COALESCE(stock.available, 0),
                       COALESCE(stock.held, 0), COALESCE(stock.bins, 0),
                       COUNT(*) OVER ()
                  FROM %(lots)s LEFT JOIN stock ON stock.lot_id = stock_lot.id
                 WHERE %(condition)s
                 ORDER BY %(aggregate)s %(order)s
                 LIMIT %(limit)s OFFSET %(offset)s
                """,
                stock=self._get_stock_query(scope),
                lots=lots.from_clause,
                condition=lots.where_clause,
                aggregate=aggregate or SQL(),
                order=lots.order,
                limit=limit,
                offset=offset,
            )
        )
        return self._format_rows(scope, result), result[0][-1] if result else 0

    @api.model
    def _search_lots(self, scope, options):
        """The lots to show, as a query that can refer to the CTE ``stock``."""
        domain = self._get_search_domain(options["search"])
        filterby = options["filterby"]
        if filterby == "all":
            brand = self.env["stock.lot"]._search([("owner_id", "in", scope.owner_ids)])
            shown = SQL("%s UNION SELECT lot_id FROM stock", brand.select())
        elif filterby == "held":
            shown = SQL("SELECT lot_id FROM stock WHERE held <> 0")
        else:
            shown = SQL("SELECT lot_id FROM stock WHERE on_hand <> 0")
            if filterby != "stock":
                domain &= self._get_bucket_domain(scope, filterby)
        domain &= Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), shown)
        )
        __, order = SORTINGS[options["sortby"]]
        return self.env["stock.lot"]._search(domain, order=order)

    @api.model
    def _get_search_domain(self, search):
        if not search:
            return Domain.TRUE
        products = Domain("default_code", "ilike", search) | Domain("name", "ilike", search)
        products |= Domain("barcode", "=", search)
        return Domain("name", "ilike", search) | Domain("product_id", "any", products)

    @api.model
    def _get_stock_query(self, scope):
        """CTEs that end in ``stock``: on hand, available, held and bins of each lot in stock."""
        quants = self.env["stock.quant"]
        quants.flush_model()
        owned = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT id FROM owned_quant)", SQL.identifier(alias, "id")
            )
        )
        return SQL(
            """
            owned_quant AS MATERIALIZED (
                SELECT quant.id, quant.lot_id, quant.location_id, quant.quantity,
                       quant.reserved_quantity
                  FROM %(owned)s quant
                  JOIN stock_location location ON location.id = quant.location_id
                 WHERE quant.lot_id IS NOT NULL AND location.usage IN ('internal', 'transit')
            ),
            free_quant AS (%(free)s),
            held_quant AS (%(held)s),
            stock AS (
                SELECT quant.lot_id,
                       SUM(quant.quantity) AS on_hand,
                       GREATEST(SUM(quant.quantity - quant.reserved_quantity)
                                FILTER (WHERE free_quant.id IS NOT NULL), 0) AS available,
                       SUM(quant.quantity) FILTER (WHERE held_quant.id IS NOT NULL) AS held,
                       COUNT(DISTINCT quant.location_id) FILTER (WHERE quant.quantity > 0) AS bins
                  FROM owned_quant quant
                  LEFT JOIN free_quant ON free_quant.id = quant.id
                  LEFT JOIN held_quant ON held_quant.id = quant.id
                 GROUP BY quant.lot_id
            )
            """,
            owned=self._get_owned("stock_quant", scope),
            free=quants._search(owned & self._get_free_domain(scope)).select(),
            held=quants._search(owned & self._get_held_domain(scope)).select(),
        )

    @api.model
    def _format_rows(self, scope, result):
        lots = self.env["stock.lot"].browse(row[0] for row in result)
        calendar = self._get_calendar(scope)
        today = calendar._get_lot_today()
        rows = []
        for lot, (__, on_hand, available, held, bins, __) in zip(lots, result, strict=True):
            expiry = calendar._get_lot_day(lot.expiration_date) or None
            days_left = (expiry - today).days if expiry else None
            rows.append(
                {
                    "id": lot.id,
                    "product": lot.product_id.display_name,
                    "lot": lot.name,
                    "expiry": expiry,
                    "days_left": days_left,
                    "bucket": self._get_bucket(days_left),
                    "on_hand": lot.product_uom_id.round(on_hand),
                    "available": lot.product_uom_id.round(available),
                    "held": lot.product_uom_id.round(held),
                    "held_for": lot.hold_summary if held else "",
                    "uom": lot.product_uom_id.name,
                    "bins": bins,
                }
            )
        return rows
