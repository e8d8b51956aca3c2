from odoo import api, fields, models

from ..tools.putaway import Request


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        """Odoo asks for the bins of all lines at the end: the lines need not ask one by one."""
        later = self.with_context(lot_fefo_3pl_putaway_later=True)
        return super(StockMove, later)._action_assign(force_qty=force_qty)

    def _set_quantity_done(self, qty):
        later = self.with_context(lot_fefo_3pl_putaway_later=True)
        return super(StockMove, later)._set_quantity_done(qty)

    def _generate_serial_move_line_commands(
        self, field_data, location_dest_id=False, origin_move_line=None
    ):
        """The lines will ask for their bins when they are created, all at once."""
        later = self.with_context(lot_fefo_3pl_putaway_later=True)
        return super(StockMove, later)._generate_serial_move_line_commands(
            field_data, location_dest_id=location_dest_id, origin_move_line=origin_move_line
        )

    @api.model
    def action_generate_lot_line_vals(self, context_data, mode, first_lot, count, lot_text):
        """A12: a bin for each lot, and no bin twice or above its capacity."""
        later = self.with_context(lot_fefo_3pl_putaway_later=True)
        vals_list = super(StockMove, later).action_generate_lot_line_vals(
            context_data, mode, first_lot, count, lot_text
        )
        zone = self.env["stock.location"].browse(context_data.get("default_location_dest_id"))
        product = self.env["product.product"].browse(context_data["default_product_id"])
        if zone and zone._puts_away_by_lot(product, self.env["stock.package.type"]):
            self._propose_bins_for_vals(vals_list, zone, product)
        return vals_list

    @api.model
    def _propose_bins_for_vals(self, vals_list, zone, product):
        """Set the destination in values for new lines, as the web client wants them."""
        none = self.env["stock.package.type"]
        areas = zone._get_lot_areas(product, none)
        requests = []
        for number, vals in enumerate(vals_list):
            lot_name = vals.get("lot_name") or (vals.get("lot_id") or {}).get("display_name")
            owner = vals.get("owner_id") or 0
            goods = zone._get_lot_goods(
                product,
                vals["quantity"],
                lot_name=lot_name,
                expiration_date=fields.Datetime.to_datetime(vals.get("expiration_date")),
                owner_id=owner["id"] if isinstance(owner, dict) else owner,
                number=-number - 1,
            )
            requests.append(Request([goods], areas))
        found = self.env["stock.lot.putaway"]._find_bins(requests, zone.warehouse_id, claim=False)
        for vals, parts in zip(vals_list, found, strict=True):
            location = zone._get_bin_or_overflow(parts[0][0])
            vals["location_dest_id"] = {"id": location.id, "display_name": location.display_name}
