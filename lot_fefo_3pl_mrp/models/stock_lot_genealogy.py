from odoo import models
from odoo.tools import SQL


class StockLotGenealogy(models.AbstractModel):
    """Every link names its manufacturing order, so that a person can open it."""

    _inherit = "stock.lot.genealogy"

    def _link_columns(self, query, line, target):
        columns = super()._link_columns(query, line, target)
        used = query.left_join(line, "move_id", "stock_move", "id", "own_move")
        made = query.make_alias(target, "move")
        columns["production_id"] = SQL(
            "COALESCE(%s, %s, %s, %s)",
            SQL.identifier(used, "raw_material_production_id"),
            SQL.identifier(made, "production_id"),
            SQL.identifier(used, "production_id"),
            SQL.identifier(made, "raw_material_production_id"),
        )
        return columns

    def _as_link(self, row, direction, depth):
        link = super()._as_link(row, direction, depth)
        link["production_id"] = row["production_id"]
        return link

    def _link_values(self, link, product_names):
        values = super()._link_values(link, product_names)
        values["production_id"] = link["production_id"] or False
        return values
