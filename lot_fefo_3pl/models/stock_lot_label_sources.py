from odoo import models


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _get_lot_labels(self):
        """The label of each lot, of one unit."""
        labels = self.env["stock.lot.label"]
        return [labels._prepare_goods(lot.product_id, lot) for lot in self]


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _get_lot_labels(self):
        """One label for the goods of each lot in each place, with the quantity."""
        labels = self.env["stock.lot.label"]
        return [
            labels._prepare_goods(
                quant.product_id,
                quant.lot_id,
                quantity=quant.quantity,
                location=quant.location_id,
                owner=quant.owner_id,
            )
            for quant in self
        ]


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _get_lot_labels(self):
        """One label for what each line moves."""
        labels = self.env["stock.lot.label"]
        return [
            labels._prepare_goods(
                line.product_id,
                line._get_label_lot(),
                quantity=line.quantity_product_uom,
                owner=line.owner_id,
                location=line.location_dest_id if line.location_dest_id.warehouse_id else None,
            )
            for line in self
            if not line.product_uom_id.is_zero(line.quantity)
        ]

    def _get_label_lot(self):
        """The lot of this line; one that is only typed on a receipt yet counts like it will be."""
        if self.lot_id or not self.lot_name:
            return self.lot_id
        return self.lot_id.new(
            {
                "name": self.lot_name,
                "product_id": self.product_id.id,
                "company_id": self.company_id.id,
                "expiration_date": self.expiration_date,
            }
        )


class StockPackage(models.Model):
    _inherit = "stock.package"

    def _get_lot_labels(self):
        """The logistic label of each package."""
        labels = self.env["stock.lot.label"]
        return [labels._prepare_pallet(package) for package in self]


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_lot_labels(self):
        """A label for each line, then one for each package of these transfers."""
        packages = self.move_line_ids.result_package_id
        return self.move_line_ids._get_lot_labels() + packages._get_lot_labels()


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _get_lot_labels(self):
        """The label of each bin."""
        labels = self.env["stock.lot.label"]
        return [labels._prepare_place(location) for location in self]

    def _get_content_labels(self):
        """The labels of what lies in these bins."""
        return self.quant_ids.filtered(lambda quant: quant.quantity > 0)._get_lot_labels()
