from odoo import api, fields, models
from odoo.exceptions import ValidationError

DIGITS = [(str(digit), str(digit)) for digit in range(10)]


class ResCompany(models.Model):
    """The numbers that a company may give to logistic units (GS1 SSCC)."""

    _inherit = "res.company"

    gs1_company_prefix = fields.Char(
        "GS1 Company Prefix",
        help="4 to 12 digits, given by GS1. The SSCCs of pallets and cartons begin with it.",
    )
    sscc_extension_digit = fields.Selection(
        DIGITS,
        "First SSCC Extension Digit",
        default="0",
        help="The first digit of an SSCC. When all numbers with this digit are used up, the next"
        " digit follows.",
    )
    sscc_sequence_id = fields.Many2one("ir.sequence", "SSCC Sequence", copy=False, readonly=True)

    @api.constrains("gs1_company_prefix")
    def _check_gs1_company_prefix(self):
        for company in self:
            prefix = company.gs1_company_prefix
            if prefix and not (prefix.isascii() and prefix.isdigit() and 4 <= len(prefix) <= 12):
                raise ValidationError(
                    self.env._(
                        "%(prefix)s is no GS1 company prefix: it has 4 to 12 digits and nothing"
                        " else.",
                        prefix=prefix,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_sscc_sequences()
        return companies

    def write(self, vals):
        res = super().write(vals)
        if vals.get("gs1_company_prefix"):
            self._create_sscc_sequences()
        if "partner_id" in vals:
            warehouses = self.env["stock.warehouse"].sudo()
            warehouses.search([("company_id", "in", self.ids)])._change_timezone()
        return res

    def _create_sscc_sequences(self):
        """Give the companies that have a prefix a sequence of their own, before it is needed.

        Made on first use, two users at once would make two and give one number twice.
        """
        companies = self.filtered(
            lambda company: company.gs1_company_prefix and not company.sscc_sequence_id
        )
        sequences = (
            self.env["ir.sequence"]
            .sudo()
            .create(
                [
                    {
                        "name": self.env._("SSCC of %(company)s", company=company.name),
                        "code": "lot_fefo_3pl.sscc",
                        "company_id": company.id,
                    }
                    for company in companies
                ]
            )
        )
        for company, sequence in zip(companies, sequences, strict=True):
            company.sudo().sscc_sequence_id = sequence
