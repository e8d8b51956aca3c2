from odoo import api, models

from .stock_picking_scan import LotScanStop


class StockLotStation(models.AbstractModel):
    """Which bin to go to, and what to say of one that does not do."""

    _inherit = "stock.lot.station"

    @api.model
    def _describe_bin(self, place):
        """A bin with the name that hangs on it and where that is."""
        if not place:
            return False
        return {
            **self._reference(place, "barcode"),
            "short": place.name,
            "zone": place.location_id.display_name,
        }

    @api.model
    def _word_proposed_bin(self, place):
        """A19: what to do with the goods in hand; said plainly when no bin has room for them."""
        if place == place.warehouse_id.lot_overflow_location_id:
            return self.env._(
                "No bin has room. Bring it to %(bin)s and scan that.", bin=place.display_name
            )
        return self.env._("Bring it to %(bin)s and scan the bin.", bin=place.display_name)

    @api.model
    def _stop_wrong_bin(self, reason, free, overflow):
        """The answer to a bin that cannot take the goods.

        :param free: the bin to propose, if there is one.
        :param overflow: the location to propose when there is none.
        """
        if free:
            message = self.env._(
                "%(reason)s. The nearest free bin is %(free)s.",
                reason=reason,
                free=free.display_name,
            )
        elif overflow:
            message = self.env._(
                "%(reason)s. No bin has room: bring it to %(overflow)s.",
                reason=reason,
                overflow=overflow.display_name,
            )
        else:
            message = self.env._("%(reason)s. No bin is free: ask a supervisor.", reason=reason)
        stop = LotScanStop("wrong_bin", message)
        stop.free = free or overflow
        return stop

    @api.model
    def _claim_bin(self, place):
        """Take the bin for this transaction: who judged it at the same time judges it again."""
        if self.env["stock.lot.putaway"]._claim({place.id}, set()):
            raise LotScanStop(
                "wrong_bin",
                self.env._(
                    "Somebody else puts goods into %(bin)s at this moment. Scan it again.",
                    bin=place.display_name,
                ),
            )
