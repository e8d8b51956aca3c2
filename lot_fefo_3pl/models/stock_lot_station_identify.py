from dataclasses import dataclass

from odoo import api, models


@dataclass
class LotFinding:
    """What a scan stands for, as far as it is known here: several may be set.

    ``products`` and ``lots`` have more than one record when the scan does not tell which;
    ``units`` is what one of the barcode holds.
    """

    locations: models.Model
    packages: models.Model
    products: models.Model
    lots: models.Model
    pickings: models.Model
    units: float = 1.0


class StockLotStation(models.AbstractModel):
    """From a scan that belongs to no transfer to the records it stands for."""

    _inherit = "stock.lot.station"

    @api.model
    def _identify(self, scan, product=None):
        """Everything in the user's companies that ``scan`` (a ``tools.gs1.Scan``) may stand for.

        :param product: known from the scan before; the lot is looked for among its lots.
        """
        finding = self._get_empty_finding()
        if scan.sscc:
            names = [scan.sscc, f"00{scan.sscc}"]
            finding.packages = self.env["stock.package"].search([("name", "in", names)])
        if scan.item:
            self._identify_product(finding, scan.item)
        elif scan.kind in ("text", "gtin", "sscc"):
            self._identify_name(finding, scan.text, product)
        self._identify_lot(finding, scan, product)
        return finding

    @api.model
    def _get_empty_finding(self):
        return LotFinding(
            locations=self.env["stock.location"],
            packages=self.env["stock.package"],
            products=self.env["product.product"],
            lots=self.env["stock.lot"],
            pickings=self.env["stock.picking"],
        )

    @api.model
    def _identify_product(self, finding, code):
        found = self.env["product.product"]._find_by_codes([code], self.env.company)
        finding.products, finding.units = found.get(code, (finding.products, 1.0))

    @api.model
    def _identify_name(self, finding, text, product):
        """A plain text: place, package, transfer or product by its own barcode or name."""
        ours = [("company_id", "in", [False, *self.env.companies.ids])]
        finding.locations = self._find_places(text)
        finding.packages |= self.env["stock.package"].search([("name", "=", text), *ours])
        finding.pickings = self.env["stock.picking"].search([("name", "=", text), *ours])
        if not product:
            self._identify_product(finding, text)

    @api.model
    def _find_places(self, text):
        """The places with this barcode, else those of our warehouses with this very name."""
        places = self.env["stock.location"]
        ours = [("company_id", "in", [False, *self.env.companies.ids])]
        return places.search([("barcode", "=", text), *ours]) or places.search(
            [
                ("usage", "=", "internal"),
                "|",
                ("complete_name", "=", text),
                ("name", "=", text),
                *ours,
            ],
            limit=2,
        )

    @api.model
    def _identify_lot(self, finding, scan, product):
        name = scan.lot or scan.serial
        if not name and not scan.item and scan.kind in ("text", "gtin", "sscc"):
            name = scan.text
        if not name:
            return
        domain = [("name", "=", name), ("company_id", "in", [False, *self.env.companies.ids])]
        products = product or (scan.item and finding.products)
        if products:
            domain.append(("product_id", "in", products.ids))
        finding.lots = self.env["stock.lot"].search(domain)
