from odoo import models


class StockMove(models.Model):
    """Goods of two brands never travel in one transfer of a controlled warehouse."""

    _inherit = "stock.move"

    def _key_assign_picking(self):
        """G13: plain Odoo merges the moves of two brands into one transfer."""
        keys = super()._key_assign_picking()
        return (*keys, self._get_lot_owner()) if self._has_own_picking() else keys

    def _search_picking_for_assignation_domain(self):
        domain = super()._search_picking_for_assignation_domain()
        if self._has_own_picking():
            domain += [("owner_id", "=", self._get_lot_owner().id)]
        return domain

    def _get_new_picking_values(self):
        """G18: the transfers of the next steps say whose goods they are as well."""
        vals = super()._get_new_picking_values()
        owners = {move._get_lot_owner() for move in self}
        if len(owners) == 1 and all(move._has_own_picking() for move in self):
            vals["owner_id"] = owners.pop().id
        return vals

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self._has_own_picking():
            values["restrict_partner_id"] = self._get_lot_owner().id
        return values

    def _has_own_picking(self):
        return self.picking_type_id.warehouse_id._is_lot_controlled()
