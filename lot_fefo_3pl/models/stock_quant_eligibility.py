from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from .rules.stock_lot_rule import LotDemand

# Equal dates: received first, then the smaller quantity, which clears a bin, then the bin's order.
TIE_BREAKS = "in_date, quantity, location_id, id"
LOT_ORDERS = {
    "lot_fifo": TIE_BREAKS,
    "lot_lifo": "in_date DESC, quantity, location_id, id",
    **{
        f"lot_{rotation}_{date}": f"{date} {direction} NULLS LAST, {TIE_BREAKS}"
        for rotation, direction in (("fefo", "ASC"), ("lefo", "DESC"))
        for date in ("expiration_date", "use_date", "removal_date")
    },
}


class StockQuant(models.Model):
    _inherit = "stock.quant"

    use_date = fields.Datetime(
        related="lot_id.use_date", store=True, help="Stored, so that goods can be sorted by it."
    )

    def _auto_init(self):
        """Fill the new column in one statement instead of row by row."""
        cr = self.env.cr
        if not column_exists(cr, "stock_quant", "use_date"):
            create_column(cr, "stock_quant", "use_date", "timestamp")
            cr.execute(
                SQL(
                    """
                    UPDATE stock_quant SET use_date = stock_lot.use_date FROM stock_lot
                    WHERE stock_quant.lot_id = stock_lot.id AND stock_lot.use_date IS NOT NULL
                    """
                )
            )
        return super()._auto_init()

    @api.model
    def _get_lot_demand(self):
        demand = self.env.context.get("lot_fefo_3pl_demand")
        return demand if isinstance(demand, LotDemand) else None

    @api.model
    def _get_removal_strategy(self, product_id, location_id):
        """The rotation of the policy, or what Odoo has been told when the policy leaves it to that.

        B02: a category without a strategy takes its parent's.
        """
        demand = self._get_lot_demand()
        if not demand:
            return super()._get_removal_strategy(product_id, location_id)
        rotation = demand.setting("rotation")
        if rotation in ("fefo", "lefo"):
            return f"lot_{rotation}_{demand.setting('rotation_date')}"
        if rotation in ("fifo", "lifo"):
            return f"lot_{rotation}"
        category = product_id.categ_id.sudo()
        while category and not category.removal_strategy_id:
            category = category.parent_id
        if category:
            return category.removal_strategy_id.with_context(lang=None).method
        return super()._get_removal_strategy(product_id, location_id)

    @api.model
    def _get_removal_strategy_order(self, removal_strategy):
        order = LOT_ORDERS.get(removal_strategy)
        return order or super()._get_removal_strategy_order(removal_strategy)

    def _get_gather_domain(
        self, product_id, location_id, lot_id=None, package_id=None, owner_id=None, strict=False
    ):
        domain = super()._get_gather_domain(
            product_id, location_id, lot_id, package_id, owner_id, strict
        )
        demand = self._get_lot_demand()
        if demand:
            domain &= self.env["stock.lot.rule"]._get_domain(demand)
        return domain

    def _get_reserve_quantity(self, product_id, location_id, quantity, **kwargs):
        """K03: lock what is about to be promised, so that nobody promises it a second time.

        The lock waits. When another transaction has changed one of the quants meanwhile, this one
        fails and Odoo tries it again on the new state.
        """
        taken = super()._get_reserve_quantity(product_id, location_id, quantity, **kwargs)
        if taken and self._get_lot_demand():
            self.browse(quant.id for quant, _quantity in taken)._lock_for_reservation()
            move = self.env.context.get("lot_fefo_3pl_move")
            if isinstance(move, models.BaseModel):
                taken = move._trim_lot_proposal(taken, {})
        return taken

    def _get_place(self):
        return (self.product_id, self.location_id, self.lot_id, self.package_id, self.owner_id)

    def _get_place_ids(self):
        return tuple(record.id or None for record in self._get_place())
