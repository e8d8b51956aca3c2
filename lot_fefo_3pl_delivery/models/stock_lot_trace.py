from odoo import models
from odoo.tools import SQL


class StockLotTrace(models.AbstractModel):
    _inherit = "stock.lot.trace"

    def _line_columns(self, query):
        columns = super()._line_columns(query)
        picking = query.make_alias(query.table, "picking")
        columns["carrier_id"] = SQL.identifier(picking, "carrier_id")
        columns["tracking"] = SQL(
            "COALESCE(%s, '')", SQL.identifier(picking, "carrier_tracking_ref")
        )
        return columns

    def _complete_rows(self, rows, lots):
        carriers = self._names("delivery.carrier", {row["carrier_id"] for row in rows}, "name")
        for row in rows:
            row["carrier"] = carriers.get(row.pop("carrier_id"), "")
        return super()._complete_rows(rows, lots)
