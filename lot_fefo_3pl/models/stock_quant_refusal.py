from odoo import api, models
from odoo.exceptions import ValidationError


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model
    def _get_segregation_error(self, before):
        error = super()._get_segregation_error(before)
        if isinstance(error, ValidationError):
            came, __ = self._get_clash(list(before))
            self.env["stock.lot.refusal"]._record_after(came._prepare_refusal(error.args[0]))
        return error

    def _prepare_refusal(self, message):
        place = self.location_id
        return {
            "location_id": place.id,
            "warehouse_id": place.warehouse_id.id,
            "company_id": place.company_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "lot_name": self.lot_id.name,
            "owner_id": (self.owner_id or self.lot_id.owner_id).id,
            "message": message,
        }
