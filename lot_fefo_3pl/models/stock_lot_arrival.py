import math
from typing import NamedTuple

from odoo import api, models


class ShortLife(NamedTuple):
    """Goods with too little life on arrival: what the policy does (``warn``, ``hold`` or
    ``refuse``) and why, in words."""

    action: str
    message: str


class StockLotArrival(models.AbstractModel):
    """The rules on what may come in.

    The station and the imports ask them with what a label says, before anything is written; the
    guard asks them with what is being received, whatever route it takes.
    """

    _name = "stock.lot.arrival"
    _description = "Rules on Arriving Goods"

    @api.model
    def _get_settings(self, warehouse, owner, product):
        """What the policies say of goods of ``product`` that come from ``owner``."""
        return self.env["stock.lot.policy"]._get_settings(
            warehouse, owner, self.env["res.partner"], product
        )

    @api.model
    def _judge_life(self, warehouse, owner, product, expiry):
        """Whether goods that expire on the day ``expiry`` have enough life today.

        Exactly the days that are asked for are enough. A day that is over is not judged here.

        :return: ``ShortLife``, or None when nothing stands against them.
        """
        if not (expiry and product.use_expiration_date):
            return None
        settings = self._get_settings(warehouse, owner, product)
        action = settings["inbound_action"].value
        share = math.ceil(product.expiration_time * settings["inbound_min_percent"].value / 100)
        needed = max(settings["inbound_min_days"].value, share) or product.alert_time
        left = (expiry - warehouse._get_lot_today()).days
        if action == "accept" or left >= needed:
            return None
        return ShortLife(
            action,
            self.env._(
                "%(left)s days of life left, %(needed)s are asked for on arrival",
                left=left,
                needed=needed,
            ),
        )

    @api.model
    def _get_limit(self, warehouse, owner, product, expected):
        """How much of ``product`` may come where ``expected`` is expected; None for any quantity.

        What was not expected at all has no limit: there is nothing to exceed.
        """
        settings = self._get_settings(warehouse, owner, product)
        if settings["over_receipt"].value == "any" or product.uom_id.compare(expected, 0) <= 0:
            return None
        limit = expected * (100 + settings["over_receipt_percent"].value) / 100
        return product.uom_id.round(limit, rounding_method="DOWN")

    @api.model
    def _describe_over(self, product, quantity, expected, limit):
        return self.env._(
            "%(quantity)g %(unit)s of %(product)s are more than the %(limit)g that may come:"
            " %(expected)g are expected. Set the surplus aside and tell the brand; a supervisor"
            " can raise what the receipt expects.",
            quantity=quantity,
            unit=product.uom_id.name,
            product=product.display_name,
            limit=limit,
            expected=expected,
        )
