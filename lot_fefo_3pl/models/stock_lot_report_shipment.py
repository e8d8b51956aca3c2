from odoo import api, models
from odoo.fields import Domain


class StockLotReportShipment(models.AbstractModel):
    """Which lot went to whom; searched by an order number, which lots an order got."""

    _name = "stock.lot.report.shipment"
    _inherit = ["stock.lot.report.movement"]
    _description = "Shipments by Lot"

    @api.model
    def _get_title(self):
        return self.env._("Shipments")

    @api.model
    def _get_search_hint(self):
        return self.env._("Order, transfer, customer, lot or product")

    @api.model
    def _get_columns(self):
        return [
            self._column("day", self.env._("Shipped"), "date"),
            self._column("origin", self.env._("Order")),
            self._column("client_ref", self.env._("Your reference")),
            self._column("picking", self.env._("Transfer")),
            self._column("product", self.env._("Product")),
            self._column("lot", self.env._("Lot")),
            self._column("expiry", self.env._("Expiry date"), "date"),
            self._column("quantity", self.env._("Quantity"), "quantity"),
            self._column("uom", self.env._("Unit")),
            self._column("consignee", self.env._("Customer")),
            self._column("address", self.env._("Ship to")),
            self._column("carrier", self.env._("Carrier")),
            self._column("tracking", self.env._("Tracking")),
        ]

    @api.model
    def _get_filters(self):
        return {"shipped": self.env._("Shipped")}

    @api.model
    def _get_search_domain(self, search):
        customers = self._resolve("res.partner", Domain("complete_name", "ilike", search))
        transfers = self._resolve("stock.picking", Domain("partner_id", "any", customers))
        return super()._get_search_domain(search) | Domain("picking_id", "any", transfers)
