from odoo import api, models
from odoo.exceptions import UserError

from ..tools.gs1_label import make_sscc


class StockPackage(models.Model):
    _inherit = "stock.package"

    def _get_outer(self):
        """The package that stands in the location: the pallet, when this is a carton on it."""
        path = self.parent_path or ""
        return self.browse(int(path.split("/")[0])) if path else self

    @api.model
    def _next_sscc(self, company=None):
        """The next free SSCC of a company, 18 digits: the name of a new pallet or carton.

        :param company: the company whose prefix it carries; the present one when omitted.
        :raises UserError: when the company has no GS1 prefix or all its numbers are used.
        """
        company = (company or self.env.company).sudo()
        if not company.sscc_sequence_id or not company.gs1_company_prefix:
            raise UserError(
                self.env._(
                    "%(company)s has no GS1 company prefix, so packages cannot get an SSCC. Set it"
                    " in the settings of Inventory.",
                    company=company.name,
                )
            )
        while True:
            number = int(company.sscc_sequence_id._next())
            try:
                sscc = make_sscc(
                    company.gs1_company_prefix, number, int(company.sscc_extension_digit)
                )
            except OverflowError as error:
                raise UserError(
                    self.env._(
                        "All SSCCs of the prefix %(prefix)s are used. Ask GS1 for another prefix.",
                        prefix=company.gs1_company_prefix,
                    )
                ) from error
            # Somebody may have typed this number, or a supplier sent it back.
            if not self.sudo().search_count([("name", "in", [sscc, f"00{sscc}"])], limit=1):
                return sscc
