from odoo import api, models
from odoo.fields import Domain

from .stock_lot_rule import SUPERVISOR

OPERATOR = "lot_fefo_3pl.lot_fefo_3pl_group_operator"


class StockLotRuleDeviation(models.AbstractModel):
    """Goods that leave are the ones that the rotation puts first among those that are free.

    It compares goods with other goods, so it is not part of what reservation searches: there the
    rotation is the order of the search.
    """

    _name = "stock.lot.rule.deviation"
    _inherit = ["stock.lot.rule"]
    _description = "Deviation From the Rotation"

    _code = "deviation"
    _rank = 90

    @api.model
    def _find_unfit(self, quants, demand):
        if (
            demand.reserving
            or not demand.leaving
            or demand.setting("deviation") not in ("warn", "force")
            or demand.setting("rotation") == "odoo"
        ):
            return quants.browse()
        first = self._get_first_quants(quants, demand)
        key = self._get_sort_key(demand)
        return quants.filtered(
            lambda quant: quant.product_id in first and key(quant) > key(first[quant.product_id])
        )

    @api.model
    def _get_first_quants(self, quants, demand):
        """For each product the free goods in the warehouse's stock zone that go first."""
        zone = self._get_warehouse(demand).lot_stock_id
        domain = self.env["stock.lot.rule"]._get_domain(demand) & Domain(
            [
                ("product_id", "in", quants.product_id.ids),
                ("location_id", "child_of", zone.id),
                ("lot_id", "!=", False),
                ("quantity", ">", 0),
            ]
        )
        free = (
            self.env["stock.quant"]
            .sudo()
            .search(domain)
            .filtered(
                lambda quant: (
                    quant.product_id.uom_id.compare(quant.quantity, quant.reserved_quantity) > 0
                )
            )
        )
        key = self._get_sort_key(demand)
        return {
            product: min(goods, key=key) for product, goods in free.grouped("product_id").items()
        }

    @api.model
    def _get_sort_key(self, demand):
        """What the rotation compares: days, because goods of one day are equally good."""
        rotation, date = demand.setting("rotation"), demand.setting("rotation_date")
        name = date if rotation in ("fefo", "lefo") else "in_date"
        sign = -1 if rotation in ("lefo", "lifo") else 1
        warehouse = self._get_warehouse(demand)

        def key(quant):
            day = warehouse._get_lot_day(quant[name])
            return (not day, sign * day.toordinal() if day else 0)

        return key

    @api.model
    def _explain(self, quant, demand):
        first = self._get_first_quants(quant, demand)[quant.product_id]
        return self.env._(
            "lot %(lot)s in %(bin)s goes first (expires on %(expiry)s)",
            lot=first.lot_id.name,
            bin=first.location_id.display_name,
            expiry=self._get_expiry(first, demand) or self.env._("no date"),
        )

    @api.model
    def _get_override_group(self, demand):
        return OPERATOR if demand.setting("deviation") == "warn" else SUPERVISOR
