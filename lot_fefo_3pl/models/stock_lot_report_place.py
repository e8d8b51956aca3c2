from odoo import api, models
from odoo.tools import SQL


class StockLotReportPlace(models.AbstractModel):
    """Where the goods of one lot are, by warehouse, and what they are good for there."""

    _name = "stock.lot.report.place"
    _inherit = ["stock.lot.report.stock"]
    _description = "Stock of a Lot by Warehouse"

    @api.model
    def _get_title(self):
        return self.env._("On hand by warehouse")

    @api.model
    def _get_columns(self):
        return [
            self._column("warehouse", self.env._("Warehouse")),
            self._column("on_hand", self.env._("On hand"), "quantity"),
            self._column("available", self.env._("Available"), "quantity"),
            self._column("reserved", self.env._("Reserved"), "quantity"),
            self._column("held", self.env._("Held"), "quantity"),
            self._column("blocked", self.env._("Otherwise blocked"), "quantity"),
            self._column("uom", self.env._("Unit")),
            self._column("bins", self.env._("Bins"), "integer"),
        ]

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH %(quants)s
                SELECT location.warehouse_id, quant.lot_id, COUNT(*) OVER () AS total,
                       SUM(quant.quantity) AS on_hand,
                       GREATEST(SUM(quant.quantity - quant.reserved_quantity)
                                FILTER (WHERE quant.is_free), 0) AS available,
                       SUM(quant.reserved_quantity) AS reserved,
                       COALESCE(SUM(quant.quantity) FILTER (WHERE quant.is_held), 0) AS held,
                       COALESCE(SUM(quant.quantity - quant.reserved_quantity)
                                FILTER (WHERE NOT quant.is_free AND NOT quant.is_held), 0)
                           AS blocked,
                       COUNT(DISTINCT quant.location_id) FILTER (WHERE quant.quantity > 0) AS bins
                  FROM quant JOIN stock_location location ON location.id = quant.location_id
                 GROUP BY location.warehouse_id, quant.lot_id
                HAVING SUM(quant.quantity) <> 0
                 ORDER BY on_hand DESC, location.warehouse_id LIMIT %(limit)s OFFSET %(offset)s
                """,
                quants=self._get_quant_query(scope, options, "quant", {"is_free", "is_held"}),
                limit=limit,
                offset=offset,
            )
        )
        return [self._format_place(row) for row in rows], rows[0]["total"] if rows else 0

    @api.model
    def _format_place(self, row):
        warehouse = self.env["stock.warehouse"].browse(row["warehouse_id"])
        unit = self.env["stock.lot"].browse(row["lot_id"]).product_uom_id
        quantities = ("on_hand", "available", "reserved", "held", "blocked")
        return {
            "warehouse": warehouse.name or self.env._("In transit"),
            **{name: unit.round(row[name]) for name in quantities},
            "uom": unit.name,
            "bins": row["bins"],
        }
