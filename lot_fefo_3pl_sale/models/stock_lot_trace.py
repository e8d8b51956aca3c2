from odoo import models
from odoo.tools import SQL


class StockLotTrace(models.AbstractModel):
    """Every row names the reference under which the customer ordered."""

    _inherit = "stock.lot.trace"

    def _line_columns(self, query):
        columns = super()._line_columns(query)
        picking = query.make_alias(query.table, "picking")
        order = query.left_join(picking, "sale_id", "sale_order", "id", "sale")
        columns["client_ref"] = SQL("COALESCE(%s, '')", SQL.identifier(order, "client_order_ref"))
        return columns
