from odoo import models

from ..tools.lot_names import lot_key


class StockLot(models.Model):
    """A number that a recall announced arrives: the hold takes it, and QA is told."""

    _inherit = "stock.lot"

    def _come_under(self, hold):
        res = super()._come_under(hold)
        key = lot_key(hold.lot_name)
        arrived = self.filtered(lambda lot: lot_key(lot.name) == key)
        if arrived:
            recalls = self.env["stock.lot.recall"].sudo()
            recalls.search(
                [("announced_hold_ids", "in", hold.ids), ("state", "=", "confirmed")]
            )._tell_of_arrival(arrived)
        return res
