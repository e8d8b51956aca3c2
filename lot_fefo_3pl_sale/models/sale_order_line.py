from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    owner_id = fields.Many2one(
        "res.partner",
        "Brand",
        compute="_compute_owner_id",
        store=True,
        precompute=True,
        help="Whose goods are delivered: of the product's brand, else of the order's.",
    )

    lot_policy_id = fields.Many2one(
        "stock.lot.policy",
        domain="[('for_orders', '=', True)]",
        check_company=True,
        ondelete="restrict",
        help="Rules for the lots of this line alone.",
    )

    @api.depends("product_id.owner_id", "order_id.owner_id")
    def _compute_owner_id(self):
        for line in self:
            line.owner_id = line.product_id.owner_id or line.order_id.owner_id

    def _prepare_procurement_values(self):
        """G01 G02 G08: plain Odoo never tells the moves whose goods an order is for."""
        values = super()._prepare_procurement_values()
        warehouse = self.warehouse_id or self.order_id.warehouse_id
        if warehouse.lot_control and self.owner_id:
            values["restrict_partner_id"] = self.owner_id.id
        if warehouse.lot_control and self.lot_policy_id:
            values["lot_policy_id"] = self.lot_policy_id.id
        return values

    def _read_qties(self, date, wh):
        """G04: plain Odoo offers what lies there of all brands together."""
        if not self.env["stock.warehouse"].browse(wh).lot_control:
            return super()._read_qties(date, wh)
        quantities = {}
        for owner, lines in self.grouped("owner_id").items():
            of_owner = lines.with_context(owner_id=owner.id)
            for values in super(SaleOrderLine, of_owner)._read_qties(date, wh):
                quantities[values["id"]] = values
        return [quantities[product.id] for product in self.product_id]
