from odoo import fields, models


class StockPutawayRule(models.Model):
    _inherit = "stock.putaway.rule"

    by_lot = fields.Boolean(
        default=True,
        help="In a warehouse under lot control, look below the sublocation for a location that"
        " holds this lot and has room, then for an empty one, then for one that the lot may share."
        " A large line is split over several. Unticked, the rule works as in plain Odoo.",
    )
