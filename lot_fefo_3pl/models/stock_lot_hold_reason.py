from odoo import api, fields, models
from odoo.exceptions import UserError

OPERATIONS = ("reserve", "pick", "ship", "move", "count", "receive")
BLOCKS = tuple(f"block_{operation}" for operation in OPERATIONS)


class StockLotHoldReason(models.Model):
    """Why goods are held, and which operations that stops.

    The operations are told apart by where goods go, see ``stock.location._get_lot_operation``.
    """

    _name = "stock.lot.hold.reason"
    _description = "Lot Hold Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    block_reserve = fields.Boolean(
        "Blocks Reservation", default=True, help="Orders are not promised these goods."
    )
    block_pick = fields.Boolean(
        "Blocks Picking", default=True, help="Goods do not leave their bin for an order."
    )
    block_ship = fields.Boolean(
        "Blocks Shipping", default=True, help="Goods do not leave the warehouse."
    )
    block_move = fields.Boolean(
        "Blocks Moving", help="Goods are not moved inside the warehouse or sent back to the owner."
    )
    block_count = fields.Boolean(
        "Blocks Counting", help="Quantities are not adjusted and goods are not scrapped."
    )
    block_receive = fields.Boolean("Blocks Receiving", help="No further goods are received.")
    blocks_nothing = fields.Boolean(compute="_compute_blocks_nothing")

    def write(self, vals):
        """R20: to make a reason harmless would release what it holds, without a reason and without
        a trace."""
        flags = [name for name in BLOCKS if name in vals]
        if flags and not self.env.su:
            self._refuse_release(vals, flags)
        self.env["stock.lot.audit"]._log_changes(
            self, {name: vals[name] for name in flags}, "reason.change"
        )
        return super().write(vals)

    def _refuse_release(self, vals, flags):
        lighter = self.filtered(lambda reason: any(reason[f] and not vals[f] for f in flags))
        holds = self.env["stock.lot.hold"].sudo()
        holding = holds.search(
            [("reason_id", "in", lighter.ids), ("is_active", "=", True)], limit=1
        ).reason_id
        if holding:
            raise UserError(
                self.env._(
                    "%(reason)s holds goods at the moment. Release them first, or make another"
                    " reason.",
                    reason=holding.name,
                )
            )

    @api.depends(*BLOCKS)
    def _compute_blocks_nothing(self):
        for reason in self:
            reason.blocks_nothing = not any(reason[name] for name in BLOCKS)

    def _blocks(self, operation):
        """Whether this reason stops ``operation``, one of ``OPERATIONS``."""
        self.ensure_one()
        return self[f"block_{operation}"]
