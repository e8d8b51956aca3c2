from odoo import models
from odoo.exceptions import ValidationError


class StockPackage(models.Model):
    _inherit = "stock.package"

    def _check_one_owner(self):
        """G09: plain Odoo packs the goods of two brands together.

        :raises ValidationError: naming the package and the brands.
        """
        if not self:
            return
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("package_id", "in", self.ids),
                    ("owner_id", "!=", False),
                    ("quantity", ">", 0),
                ],
                ["package_id"],
                ["owner_id:recordset"],
            )
        )
        for package, owners in groups:
            if len(owners) > 1:
                raise ValidationError(
                    self.env._(
                        "Package %(package)s would hold goods of %(owners)s. Pack each brand by"
                        " itself.",
                        package=package.name,
                        owners=", ".join(owners.sorted("name").mapped("display_name")),
                    )
                )
