from odoo import models


class StockLotCount(models.Model):
    """What the counting user says is there."""

    _inherit = "stock.lot.count"

    def _enter(self, product, quantity, lot=None, lot_name=None, expiry=None, package=None):
        """Add ``quantity`` units of the goods to the running count.

        :param lot: the lot, empty for goods without lot
        :param lot_name: the number of a lot that does not exist yet; it is made when posted
        :return: the line of these goods.
        """
        self.ensure_one()
        lot, package = lot or self.env["stock.lot"], package or self.env["stock.package"]
        name = lot.name or lot_name or False
        owner = self._get_owner(product, lot, package)
        line = self.line_ids.filtered(
            lambda line: (
                (line.product_id, line.package_id, line.owner_id) == (product, package, owner)
                and (line.lot_name or False) == name
            )
        )
        if not line:
            line = self.env["stock.lot.count.line"].create(
                {
                    "count_id": self.id,
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "lot_name": name,
                    "lot_expiry": expiry,
                    "package_id": package.id,
                    "package_name": package.name,
                    "owner_id": owner.id,
                }
            )
        line._set_entered(line._get_entered() + quantity)
        return line

    def _get_owner(self, product, lot, package):
        """Whose goods these are: as the book has them in this bin, else the brand's."""
        brand = lot.owner_id or product.owner_id
        owners = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("location_id", "=", self.location_id.id),
                    ("product_id", "=", product.id),
                    ("lot_id", "in", [lot.id, False]),
                    ("package_id", "=", package.id),
                    ("quantity", "!=", 0),
                ]
            )
            .mapped("owner_id")
        )
        return owners if len(owners) == 1 else brand


class StockLotCountLine(models.Model):
    _inherit = "stock.lot.count.line"

    def _get_entered(self):
        """What the running count has of these goods so far."""
        return self.second_qty if self.count_id.round > 1 else self.first_qty

    def _set_entered(self, quantity):
        self.write({"second_qty" if self.count_id.round > 1 else "first_qty": quantity})
