from odoo import fields, models


class StockPackageType(models.Model):
    _inherit = "stock.package.type"

    use_sscc = fields.Boolean(
        "Numbered by SSCC",
        help="New packages of this type get an SSCC with the company's GS1 prefix as their name.",
    )

    def _get_next_name_by_sequence(self):
        if len(self) == 1 and self.use_sscc:
            return self.env["stock.package"]._next_sscc(self.company_id)
        return super()._get_next_name_by_sequence()
