from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class StockPicking(models.Model):
    """Modules that open transfers to portal users show every line: not those of two brands."""

    _inherit = "stock.picking"

    has_two_owners = fields.Boolean(
        compute="_compute_has_two_owners",
        search="_search_has_two_owners",
        help="Whether its goods belong to more than one brand: such a transfer is not shown in the"
        " customer portal.",
    )

    def _compute_has_two_owners(self):
        for picking in self:
            picking.has_two_owners = len(picking.sudo().move_line_ids.mapped("owner_id.id")) > 1

    def _search_has_two_owners(self, operator, value):
        if operator != "in":
            return NotImplemented
        mixed = Domain.custom(to_sql=_has_two_owners)
        return mixed if True in value else ~mixed


def _has_two_owners(pickings, alias, query):
    return SQL(
        "%s IN (SELECT picking_id FROM stock_move_line WHERE picking_id IS NOT NULL"
        " GROUP BY picking_id HAVING COUNT(DISTINCT COALESCE(owner_id, 0)) > 1)",
        SQL.identifier(alias, "id"),
    )
