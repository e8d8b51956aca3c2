from odoo import api, models

from ..tools.lot_names import lot_key


class StockLot(models.Model):
    _inherit = "stock.lot"

    @api.model_create_multi
    def create(self, vals_list):
        lots = super().create(vals_list)
        lots._take_announced_holds()
        return lots

    def write(self, vals):
        res = super().write(vals)
        if "name" in vals:
            self._take_announced_holds()
        return res

    def _take_announced_holds(self):
        """Put these lots under the holds that wait for their number or for one that looks alike."""
        announced = (
            self.env["stock.lot.hold"]
            .sudo()
            .search(
                [
                    ("lot_name", "!=", False),
                    ("product_id", "in", self.product_id.ids),
                    ("is_active", "=", True),
                ]
            )
        )
        for hold in announced:
            self.filtered(lambda lot, hold=hold: lot.product_id == hold.product_id)._come_under(
                hold
            )

    def _come_under(self, hold):
        """Put those of the lots under the announced ``hold`` that it means or may mean."""
        key = lot_key(hold.lot_name)
        for lot in self.filtered(lambda lot: lot_key(lot.name) == key):
            if lot.name != hold.lot_name:
                hold._hold_look_alike(lot)
            elif not hold.lot_id:
                hold.sudo().lot_id = lot
