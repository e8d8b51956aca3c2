from odoo import api, fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    owner_id = fields.Many2one(
        "res.partner",
        string="Brand",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="The client whose goods these are. Taken from the product when it has a brand.",
    )

    @api.depends("product_id.product_tmpl_id.owner_id")
    def _compute_owner_id(self):
        for lot in self:
            lot.owner_id = lot.product_id.product_tmpl_id.owner_id or lot.owner_id
