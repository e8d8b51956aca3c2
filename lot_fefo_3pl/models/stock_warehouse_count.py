from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    count_recount = fields.Selection(
        [("same", "By anybody"), ("other", "By somebody else")],
        "Differences Are Recounted",
        default="same",
        help="A bin whose count differs from the book is counted once more before anything is"
        " posted.",
    )
    count_review = fields.Boolean(
        "Supervisor Posts Differences",
        help="Differences that two counts agree on wait for a supervisor. Off, they are posted at"
        " once.",
    )
    count_problem_location_id = fields.Many2one(
        "stock.location",
        "Found Goods to",
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', id)]",
        check_company=True,
        help="Where goods are taken that a count finds in a bin where they may not lie.",
    )
