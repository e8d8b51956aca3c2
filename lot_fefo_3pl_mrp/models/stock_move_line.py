from odoo import models


class StockMoveLine(models.Model):
    """What goes into production and comes out of it belongs to somebody.

    Plain Odoo leaves the product to nobody, and goods of nobody are not shipped for a brand.
    """

    _inherit = "stock.move.line"

    def _action_done(self):
        for line in self.filtered(lambda line: not line.owner_id):
            owner = line._find_owner_in_production()
            if owner:
                line.owner_id = owner
        return super()._action_done()

    def _find_owner_in_production(self):
        """The only owner that these goods can have, if they come from production or are unbuilt."""
        owners = self.owner_id
        if self.location_id.usage == "production" and self.location_dest_id._is_lot_controlled():
            owners = self.product_id.owner_id or self.move_id._get_made_from().owner_id
        elif self.move_id._is_unbuilt() and self.location_id._is_lot_controlled():
            owners = (
                self.env["stock.quant"]
                .sudo()
                .search(
                    [
                        ("product_id", "=", self.product_id.id),
                        ("location_id", "=", self.location_id.id),
                        ("lot_id", "=", self.lot_id.id),
                        ("quantity", ">", 0),
                    ]
                )
                .owner_id
            )
        return owners if len(owners) == 1 else owners.browse()
