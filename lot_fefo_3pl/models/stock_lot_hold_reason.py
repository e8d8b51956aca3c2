from odoo import api, fields, models

OPERATIONS = ("reserve", "pick", "ship", "move", "count", "receive")


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

    @api.depends(lambda self: [f"block_{operation}" for operation in OPERATIONS])
    def _compute_blocks_nothing(self):
        for reason in self:
            reason.blocks_nothing = not any(reason[f"block_{code}"] for code in OPERATIONS)

    def _blocks(self, operation):
        """Whether this reason stops ``operation``, one of ``OPERATIONS``."""
        self.ensure_one()
        return self[f"block_{operation}"]
