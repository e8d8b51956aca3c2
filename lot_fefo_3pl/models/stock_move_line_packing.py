from itertools import combinations

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.segregation import may_share
from .stock_move_line_putaway import OPEN_STATES


class StockMoveLine(models.Model):
    """A14: goods are not packed together when they may not lie together where the package goes.

    Parcels for customers, and packages for places where everything may mix, hold what one likes.
    """

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any(vals.get("result_package_id") for vals in vals_list):
            lines._check_packed_together()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if vals.get("result_package_id"):
            self._check_packed_together()
        return res

    def _check_packed_together(self):
        """Refuse packages that these lines fill against the rule of their destination.

        A package that is moved as it is has been filled elsewhere: its bin decides.
        """
        filled = self.filtered(
            lambda line: (
                line.state in OPEN_STATES
                and line.result_package_id != line.package_id
                and line._get_packing_place()._keeps_goods_apart()
            )
        )
        if not filled:
            return
        packages = filled.result_package_id
        packed = self.search(
            [("result_package_id", "in", packages.ids), ("state", "in", OPEN_STATES)]
        ).grouped("result_package_id")
        for package, lines in filled.grouped("result_package_id").items():
            place = lines[0]._get_packing_place()
            contents = [*package.quant_ids, *packed[package]]
            place._check_goods_of_package(package, [one._get_packed(place) for one in contents])

    def _get_packing_place(self):
        """Where the package is to stand; the zone while put-away has found no room in it."""
        place = self.location_dest_id
        is_overflow = place == place.warehouse_id.lot_overflow_location_id
        return self.move_id.location_dest_id or place if is_overflow else place

    def _get_packed(self, place):
        """(name, goods) of this line as ``place`` sees it in its package."""
        goods = place._get_lot_goods(
            self.product_id,
            self.quantity_product_uom,
            lot_name=self._get_lot_name(),
            expiration_date=self.expiration_date,
            owner_id=self.owner_id.id,
            package=self.result_package_id,
            number=self.id,
        )
        name = self.product_id.display_name
        if self._get_lot_name():
            name = self.env._("%(product)s, lot %(lot)s", product=name, lot=self._get_lot_name())
        return name, goods


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _get_packed(self, place):
        """(name, goods) of this quant as ``place`` would see it."""
        return self._get_goods_name(), place._get_goods_of(self, self.quantity)


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _keeps_goods_apart(self):
        rules = {self.lot_segregation_effective, self.owner_segregation_effective}
        return self._is_lot_controlled() and rules != {"mixed"}

    def _check_goods_of_package(self, package, contents):
        """Refuse ``contents``, (name, goods) pairs, that may not be in one package here.

        What has no lot yet is judged when it arrives.
        """
        known = [(name, goods) for name, goods in contents if goods.lot[0] != "line"]
        rules = (self.lot_segregation_effective, self.owner_segregation_effective)
        for (there, old), (came, new) in combinations(known, 2):
            if not may_share(*rules, new, old):
                raise ValidationError(
                    self.env._(
                        "Package %(package)s cannot hold %(came)s beside %(there)s: the rules of"
                        " %(bin)s, where it goes, keep them apart. Pack them separately.",
                        package=package.name,
                        came=came,
                        there=there,
                        bin=self.display_name,
                    )
                )
