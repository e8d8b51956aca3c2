from odoo import models

from ..tools.putaway import Goods, Request
from .stock_lot_putaway import get_lot_key


class StockLocation(models.Model):
    """Odoo's put-away, with lot and owner where lot control is on.

    Odoo asks for one product at a time. What else is known of the goods comes by the context:
    ``lot_fefo_3pl_goods``, a dict with the lot's name, the expiry and the owner's id. A caller
    that will ask for all its lines at once sets ``lot_fefo_3pl_putaway_later``. Neither lets
    anybody past a guard: the bin's rule is checked when the goods arrive.
    """

    _inherit = "stock.location"

    def _get_putaway_strategy(
        self, product, quantity=0, package=None, packaging=None, additional_qty=None
    ):
        zone = self._check_access_putaway()
        package_type = (package or packaging or product.uom_id).package_type_id
        if not product or not zone._puts_away_by_lot(product, package_type):
            return super()._get_putaway_strategy(
                product, quantity, package, packaging, additional_qty
            )
        if self.env.context.get("lot_fefo_3pl_putaway_later"):
            return zone
        return zone._get_lot_bin(product, quantity, package)

    def _puts_away_by_lot(self, product, package_type):
        """Whether goods that arrive here get a bin by lot: the default in a segregated zone, and
        wherever a put-away rule says so."""
        self.ensure_one()
        if self.usage not in ("view", "internal") or not self.lot_control:
            return False
        rules = self._get_lot_putaway_rules(product, package_type)
        if rules:
            return rules[0].by_lot
        return self.lot_segregation_effective != "mixed" and any(
            place.usage == "internal" for place in self.child_ids
        )

    def _get_lot_putaway_rules(self, product, package_type):
        """The rules of this location that fit the goods, the closest ones first."""
        category = product.categ_id
        categories = category.parent_path.split("/") if category else []
        return self.putaway_rule_ids.filtered(
            lambda rule: (
                (not rule.product_id or rule.product_id == product)
                and (not rule.category_id or str(rule.category_id.id) in categories)
                and (not rule.package_type_ids or package_type in rule.package_type_ids)
            )
        ).sorted(
            lambda rule: (
                bool(rule.package_type_ids),
                bool(rule.product_id),
                bool(category) and rule.category_id == category,
                bool(rule.category_id),
            ),
            reverse=True,
        )

    def _get_lot_areas(self, product, package_type):
        """Where the goods are to be looked for a bin, best first: pairs of a location id and a
        storage category id, 0 for any."""
        rules = self._get_lot_putaway_rules(product, package_type)
        if not rules:
            return ((self.id, 0),)
        areas = []
        for rule in rules:
            if rule.sublocation == "last_used" and (last := rule._get_last_used_location(product)):
                areas.append((last.id, 0))
            category = rule.storage_category_id
            areas.append((rule.location_out_id.id, category.id or 0))
        return tuple(dict.fromkeys(areas))

    def _get_lot_goods(
        self,
        product,
        quantity,
        lot_name=None,
        expiration_date=None,
        owner_id=0,
        package=None,
        package_type=None,
        number=0,
    ):
        """Goods that arrive here, as put-away sees them.

        :param quantity: in the unit of measure of the product.
        :param number: what tells goods of an unknown lot apart from others.
        """
        day = self.warehouse_id._get_lot_day(expiration_date) or None
        return Goods(
            product=product.id,
            lot=get_lot_key(product.id, lot_name, product.tracking, number, day),
            quantity=quantity,
            day=day,
            owner=owner_id or 0,
            package=package.id if package else None,
            package_type=package_type.id if package_type else None,
            weight=product.weight,
        )

    def _get_lot_bin(self, product, quantity, package):
        """One location for goods of which perhaps only the product is known."""
        package_type = package.package_type_id if package else self.env["stock.package.type"]
        goods = self._get_lot_goods(
            product,
            quantity,
            package=package,
            package_type=package_type,
            **(self.env.context.get("lot_fefo_3pl_goods") or {}),
        )
        [parts] = self.env["stock.lot.putaway"]._find_bins(
            [Request([goods], self._get_lot_areas(product, package_type))],
            self.warehouse_id,
            self.env.context.get("exclude_sml_ids", ()),
            claim=not self.env.context.get("lot_fefo_3pl_preview"),
        )
        return self._get_bin_or_overflow(parts[0][0])

    def _get_bin_or_overflow(self, location_id):
        """The bin, or where goods go for which this zone has no room."""
        if location_id:
            return self.browse(location_id)
        return self.warehouse_id.lot_overflow_location_id or self
