from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.sale_stock.controllers.portal import SaleStockPortal


class LotSaleStockPortal(SaleStockPortal):
    def _stock_picking_check_access(self, picking_id, access_token=None):
        """G05: the slip shows every line, so one with goods of two brands is for staff only."""
        picking = super()._stock_picking_check_access(picking_id, access_token=access_token)
        if picking.has_two_owners and not request.env.user._is_internal():
            raise AccessError(request.env._("This transfer is not shown in the portal."))
        return picking
