from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _find_by_codes(self, codes, company):
        """The products that barcodes (GTINs of any length) or internal references stand for.

        :param codes: strings; a GTIN counts in 8, 12, 13 and 14 digits alike.
        :return: ``{code: (products, units)}``, the units that one of it holds (a carton has a
            barcode of its own); more than one product when the code is ambiguous, and no entry
            for an unknown code.
        """
        spellings = {code: self._get_code_spellings(code) for code in set(codes) if code}
        wanted = [spelling for group in spellings.values() for spelling in group]
        in_company = [("company_id", "in", [False, company.id])]
        found = {}
        for product in self.search(
            ["|", ("barcode", "in", wanted), ("default_code", "in", wanted), *in_company]
        ):
            for code in filter(None, {product.barcode, product.default_code}):
                products, units = found.get(code, (self, 1.0))
                found[code] = (products | product, units)
        for pack in self.env["product.uom"].search([("barcode", "in", wanted), *in_company]):
            units = pack.uom_id._compute_quantity(1.0, pack.product_id.uom_id)
            found.setdefault(pack.barcode, (pack.product_id, units))
        return {
            code: next(found[spelling] for spelling in group if spelling in found)
            for code, group in spellings.items()
            if any(spelling in found for spelling in group)
        }

    @api.model
    def _get_code_spellings(self, code):
        """The ways one code may be stored: as it is, and as a GTIN of each length."""
        if not (code.isascii() and code.isdigit() and len(code) in (8, 12, 13, 14)):
            return [code]
        gtin = code.zfill(14)
        lengths = [length for length in (14, 13, 12, 8) if not gtin[:-length].strip("0")]
        return [code, *(gtin[-length:] for length in lengths)]
