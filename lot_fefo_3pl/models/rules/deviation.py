from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .stock_lot_rule import SUPERVISOR

OPERATOR = "lot_fefo_3pl.lot_fefo_3pl_group_operator"
DUST = 0.000001


class StockLotRuleDeviation(models.AbstractModel):
    """Goods that leave are the ones that the rotation puts first among those that are free.

    It compares goods with other goods, so it is not part of what reservation searches: there the
    rotation is the order of the search. It is judged where goods leave their bin, not once more
    where they are packed or staged.
    """

    _name = "stock.lot.rule.deviation"
    _inherit = ["stock.lot.rule"]
    _description = "Deviation From the Rotation"

    _code = "deviation"
    _rank = 90
    _compares = True

    @api.model
    def _is_asked(self, demand):
        """Whether the policy cares which goods leave first."""
        return (
            not demand.reserving
            and demand.leaving
            and demand.setting("deviation") in ("warn", "force")
            and demand.setting("rotation") != "odoo"
        )

    @api.model
    def _find_unfit(self, quants, demand):
        if not self._is_asked(demand):
            return quants.browse()
        judged = quants.filtered(lambda quant: not quant.location_id._is_lot_staging())
        if not judged:
            return judged
        date, latest = self._get_rotation_date(demand)
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                self._get_better_domain(judged, demand),
                ["product_id"],
                [f"{date}:{'max' if latest else 'min'}"],
            )
        )
        first = {product: self._get_sort_key(day, demand) for product, day in groups}
        return judged.filtered(
            lambda quant: (
                quant.product_id in first
                and self._get_sort_key(quant[date], demand) > first[quant.product_id]
            )
        )

    @api.model
    def _get_better_domain(self, quants, demand):
        """Free and fit goods in the stock zone that go before the last of ``quants``."""
        date, latest = self._get_rotation_date(demand)
        by_bound = {}
        for product, goods in quants.grouped("product_id").items():
            last = max(goods, key=lambda quant: self._get_sort_key(quant[date], demand))
            by_bound.setdefault(self._get_bound(last[date], demand), []).append(product.id)
        better = Domain.OR(
            Domain("product_id", "in", product_ids)
            & (Domain(date, ">=" if latest else "<", bound) if bound else Domain(date, "!=", False))
            for bound, product_ids in by_bound.items()
        )
        zone = self._get_warehouse(demand).lot_stock_id
        return (
            self.env["stock.lot.rule"]._get_domain(demand)
            & better
            & Domain("location_id", "child_of", zone.id)
            & Domain("lot_id", "!=", False)
            & Domain.custom(to_sql=_is_free)
        )

    @api.model
    def _get_rotation_date(self, demand):
        """The field of the quant that the rotation looks at, and whether the latest goes first."""
        rotation = demand.setting("rotation")
        date = demand.setting("rotation_date") if rotation in ("fefo", "lefo") else "in_date"
        return date, rotation in ("lefo", "lifo")

    @api.model
    def _get_bound(self, moment, demand):
        """The moment at which goods are better than goods of ``moment``; None: any date is."""
        if not moment:
            return None
        warehouse = self._get_warehouse(demand)
        day = warehouse._get_lot_day(moment)
        _date, latest = self._get_rotation_date(demand)
        return warehouse._get_lot_day_start(day + timedelta(days=1) if latest else day)

    @api.model
    def _get_sort_key(self, moment, demand):
        """What the rotation compares: days, because goods of one day are equally good."""
        _date, latest = self._get_rotation_date(demand)
        day = self._get_warehouse(demand)._get_lot_day(moment)
        return (not day, (-1 if latest else 1) * day.toordinal() if day else 0)

    @api.model
    def _find_first(self, quant, demand):
        """The goods that go before ``quant``."""
        date, latest = self._get_rotation_date(demand)
        domain = self._get_better_domain(quant, demand)
        order = f"{date} {'DESC' if latest else 'ASC'}, in_date, id"
        return self.env["stock.quant"].sudo().search(domain, order=order, limit=1)

    @api.model
    def _explain(self, quant, demand):
        first = self._find_first(quant, demand)
        return self.env._(
            "lot %(lot)s in %(bin)s goes first (expires on %(expiry)s)",
            lot=first.lot_id.name,
            bin=first.location_id.display_name,
            expiry=self._get_expiry(first, demand) or self.env._("no date"),
        )

    @api.model
    def _get_override_group(self, demand):
        return OPERATOR if demand.setting("deviation") == "warn" else SUPERVISOR


def _is_free(quants, alias, query):
    return SQL(
        "%s - %s > %s",
        quants._field_to_sql(alias, "quantity", query),
        quants._field_to_sql(alias, "reserved_quantity", query),
        DUST,
    )
