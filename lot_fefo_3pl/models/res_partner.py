from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    lot_product_ids = fields.One2many(
        "product.template", "owner_id", "Products", groups="stock.group_stock_user"
    )
    lot_hold_authority = fields.Selection(
        [("request", "Asks the warehouse"), ("immediate", "Holds at once")],
        "Holding Lots in the Portal",
        default=lambda self: self.env.company.lot_hold_authority or "request",
        groups="base.group_user",
        help="What happens when a user of this brand asks for a hold in the portal.",
    )

    def write(self, vals):
        res = super().write(vals)
        if "tz" in vals:
            warehouses = self.env["stock.warehouse"].sudo()
            warehouses.search(
                ["|", ("partner_id", "in", self.ids), ("company_id.partner_id", "in", self.ids)]
            )._change_timezone()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_goods_owner(self):
        """G20: plain Odoo deletes the owner of goods, which then belong to nobody."""
        self._refuse_for_goods_owner(
            self.env._("%(owner)s owns goods in the warehouse. Archive the contact instead.")
        )

    def _refuse_for_goods_owner(self, message):
        quant = (
            self.env["stock.quant"]
            .sudo()
            .search([("owner_id", "in", self.ids), ("quantity", "!=", 0)], limit=1)
        )
        if quant and self.env["stock.warehouse"]._has_lot_control():
            raise UserError(message % {"owner": quant.owner_id.display_name})
