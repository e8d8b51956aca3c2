from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    not_for_orders = fields.Boolean(
        help="Orders take nothing from here and below: returns, quarantine, goods to be destroyed."
        " Goods can be moved in and out.",
    )

    _not_for_orders_idx = models.Index("(id) WHERE not_for_orders IS TRUE")

    def _is_lot_controlled(self):
        """Whether the rules hold for goods in this place.

        Goods in transit belong to no warehouse: they are controlled as soon as one warehouse is.
        """
        usage = self.usage
        if usage not in ("internal", "transit"):
            return False
        warehouse = self.warehouse_id
        if usage == "transit" and not warehouse:
            return warehouse.sudo()._has_lot_control()
        return warehouse._is_lot_controlled()

    def _get_lot_operation(self, destination):
        """What moving goods from here to ``destination`` means to the rules, judged by the places.

        :return: ``"ship"`` (they leave us or the warehouse), ``"pick"`` (they leave the stock zone
            for an order or for production), ``"receive"``, ``"count"`` (adjusted or scrapped) or
            ``"move"`` (the rest: inside the warehouse, to quarantine, back to the owner).
        """
        self.ensure_one()
        if destination.usage == "customer":
            return "ship"
        if "inventory" in (self.usage, destination.usage):
            return "count"
        if self.usage not in ("internal", "transit"):
            return "receive"
        if destination.usage == "production":
            return "pick"
        if destination.usage == "supplier" or destination.warehouse_id == self.warehouse_id:
            return "pick" if self._is_picked_into(destination) else "move"
        return "ship" if self.warehouse_id else "receive"

    def _is_picked_into(self, destination):
        """Whether goods go from the stock zone to where orders are packed or staged."""
        if not self._is_in_lot_stock():
            return False
        staging = self.warehouse_id._get_lot_staging()
        return any(destination._child_of(place) for place in staging)

    def _is_lot_staging(self):
        """Whether orders are packed or staged here."""
        return any(self._child_of(place) for place in self.warehouse_id._get_lot_staging())

    def _is_past_pick(self):
        """Whether goods lie here that have left the stock zone and are still ours: what was
        scanned when they were picked goes on being true."""
        return self.usage in ("internal", "transit") and not self._is_in_lot_stock()

    def _keeps_held(self, place):
        """Whether goods that are held in ``place`` stay held here, or are not for orders anyway."""
        if self._child_of(place):
            return True
        blocked = [("not_for_orders", "=", True), ("id", "parent_of", self.id)]
        return bool(self.sudo().search_count(blocked, limit=1))

    def _is_in_lot_stock(self):
        """Whether this place lies in the stock zone of its warehouse."""
        warehouse = self.warehouse_id
        return bool(warehouse) and self._child_of(warehouse.lot_stock_id)
