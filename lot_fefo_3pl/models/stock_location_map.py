from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import segregation

# Goods that expire within so many days are shown as expiring.
EXPIRING_DAYS = 30
# How many lots of a bin the map names.
LOTS_SHOWN = 5


class StockLocation(models.Model):
    """What a person wants to see of a bin at a glance: lots, owner, next expiry, how full it is."""

    _inherit = "stock.location"

    map_state = fields.Selection(
        [
            ("mixed", "Mixed"),
            ("held", "Held"),
            ("expired", "Expired"),
            ("unknown", "No lot or date"),
            ("expiring", "Expiring"),
            ("good", "Good"),
            ("empty", "Empty"),
        ],
        string="State",
        compute="_compute_map",
        help="What most needs attention here.",
    )
    map_lots = fields.Text("Lots", compute="_compute_map")
    map_owners = fields.Char("Owners", compute="_compute_map")
    map_expiration_day = fields.Date("Next Expiry", compute="_compute_map")
    map_fill = fields.Float(
        "Filled (%)",
        compute="_compute_map",
        help="By weight or by the product's capacity, whichever is more. 0 without a limit.",
    )
    is_mixed = fields.Boolean(compute="_compute_map", search="_search_is_mixed")
    has_expiring = fields.Boolean(compute="_compute_map", search="_search_has_expiring")
    has_unknown = fields.Boolean(compute="_compute_map", search="_search_has_unknown")
    has_held = fields.Boolean(compute="_compute_map", search="_search_has_held")
    has_goods = fields.Boolean(compute="_compute_map", search="_search_has_goods")
    is_place = fields.Boolean(compute="_compute_is_place", search="_search_is_place")

    def _compute_map(self):
        groups = self._get_goods_by_location()
        none = self.env["stock.quant"]
        here = Domain("location_id", "in", self.ids)
        held = none.search(self._get_held_domain() & here)
        unknown = none.search(self._get_unknown_domain() & here)
        for location in self:
            quants = groups.get(location, none)
            location.has_held = bool(quants & held)
            location.has_unknown = bool(quants & unknown)
            location._set_map(quants)

    def _set_map(self, quants):
        today = self.warehouse_id._get_lot_today() if self.warehouse_id else fields.Date.today()
        days = [
            self.warehouse_id._get_lot_day(quant.expiration_date)
            for quant in quants
            if quant.expiration_date and self.warehouse_id
        ]
        first = min(days, default=False)
        self.is_mixed = self.segregation_pending or self._has_mixed_lots(quants)
        self.has_expiring = bool(first) and first <= today + timedelta(days=EXPIRING_DAYS)
        self.has_goods = bool(quants)
        self.map_expiration_day = first
        self.map_lots = self._word_lines(
            [
                f"{quant.lot_id.name or self.env._('no lot')} · {quant.product_id.name}"
                f" · {quant.quantity:g}"
                for quant in quants
            ],
            LOTS_SHOWN,
        )
        self.map_owners = ", ".join(quants.owner_id.mapped("name"))
        self.map_fill = self._get_fill(quants)
        self.map_state = self._get_map_state(first, today)

    def _has_mixed_lots(self, quants):
        if not self.lot_control:
            return False
        goods = [self._get_goods_of(quant) for quant in quants if quant.lot_id]
        return len({one.lot for one in goods}) > len({one.product for one in goods})

    def _get_map_state(self, first, today):
        if not self.has_goods:
            return "empty"
        if self.is_mixed:
            return "mixed"
        if self.has_held:
            return "held"
        if first and first < today:
            return "expired"
        if self.has_unknown:
            return "unknown"
        return "expiring" if self.has_expiring else "good"

    def _get_fill(self, quants):
        category = self.storage_category_id
        shares = [0.0]
        if category.max_weight:
            weight = sum(quant.quantity * quant.product_id.weight for quant in quants)
            shares.append(weight / category.max_weight)
        limits = {limit.product_id: limit.quantity for limit in category.product_capacity_ids}
        for product, group in quants.grouped("product_id").items():
            if product in limits:
                shares.append(sum(group.mapped("quantity")) / limits[product])
        return 100 * max(shares)

    @api.depends("usage", "child_ids.usage")
    def _compute_is_place(self):
        for location in self:
            location.is_place = location.usage == "internal" and not any(
                child.usage == "internal" for child in location.child_ids
            )

    def _search_is_place(self, operator, value):
        """Places where goods lie: the lowest internal locations."""
        if operator != "in":
            return NotImplemented
        inner = Domain("child_ids", "any", [("usage", "=", "internal")])
        return Domain("usage", "=", "internal") & ~inner

    def _search_by_quants(self, operator, domain):
        if operator != "in":
            return NotImplemented
        goods = Domain("quantity", ">", 0) & Domain(domain)
        quants = self.env["stock.quant"]._search(goods)
        place = SQL.identifier(quants.table, "location_id")
        return Domain("id", "in", quants.subselect(place))

    def _search_has_goods(self, operator, value):
        return self._search_by_quants(operator, Domain.TRUE)

    def _search_has_expiring(self, operator, value):
        limit = fields.Datetime.now() + timedelta(days=EXPIRING_DAYS)
        return self._search_by_quants(operator, Domain("expiration_date", "<=", limit))

    def _search_has_held(self, operator, value):
        return self._search_by_quants(operator, self._get_held_domain())

    def _search_has_unknown(self, operator, value):
        return self._search_by_quants(operator, self._get_unknown_domain())

    @api.model
    def _get_unknown_domain(self):
        """Goods without the lot or the date that they should have: orders do not get them."""
        without_date = Domain("product_id.use_expiration_date", "=", True) & Domain(
            "expiration_date", "=", False
        )
        return Domain("product_id.tracking", "!=", "none") & (
            Domain("lot_id", "=", False) | without_date
        )

    @api.model
    def _get_held_domain(self):
        """What is held where it lies: a hold in another location does not count."""
        return self.env["stock.lot.hold"]._get_held_domain(Domain("is_active", "=", True))

    def _search_is_mixed(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["stock.quant"].flush_model()
        mixed = SQL(
            """
            (SELECT location_id FROM stock_quant
              WHERE quantity > 0 AND lot_id IS NOT NULL
              GROUP BY location_id, product_id HAVING min(%(key)s) <> max(%(key)s))
            """,
            key=SQL(segregation.LOT_KEY),
        )
        return Domain("id", "in", mixed) | Domain("segregation_pending", "=", True)
