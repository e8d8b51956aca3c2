from odoo import models


class StockMoveLine(models.Model):
    """A package holds the goods of one brand; the warehouse's own goods may be added to it."""

    _inherit = "stock.move.line"

    def _action_done(self):
        res = super()._action_done()
        self.exists()._get_controlled().result_package_id._check_one_owner()
        return res

    def _describe_package(self):
        """What to add when the goods of a line are not there: they may lie in a package."""
        if self.package_id:
            return self.env._(" in package %(package)s", package=self.package_id.name)
        packed = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("product_id", "=", self.product_id.id),
                    ("lot_id", "=", self.lot_id.id),
                    ("location_id", "=", self.location_id.id),
                    ("package_id", "!=", False),
                    ("quantity", ">", 0),
                ]
            )
        )
        if not packed:
            return ""
        return self.env._(
            " loose; take it from package %(packages)s",
            packages=", ".join(packed.package_id.mapped("name")),
        )
