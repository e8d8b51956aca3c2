from odoo import fields, models
from odoo.tools import SQL

from .stock_location import CHECK_LATER


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    lot_overflow_location_id = fields.Many2one(
        "stock.location",
        string="Overflow Location",
        check_company=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', id)]",
        help="Where put-away by lot sends goods for which no location has room. Made beside the"
        " stock zone, so that nothing is picked from it.",
    )

    segregation_pending_count = fields.Integer(
        string="Locations to Repair",
        compute="_compute_segregation_pending_count",
        help="Locations that broke their rule when lot control was switched on.",
    )

    def _compute_segregation_pending_count(self):
        counts = self.env["stock.location"]._read_group(
            [("warehouse_id", "in", self.ids), ("segregation_pending", "=", True)],
            ["warehouse_id"],
            ["__count"],
        )
        by_warehouse = {warehouse.id: count for warehouse, count in counts}
        for warehouse in self:
            warehouse.segregation_pending_count = by_warehouse.get(warehouse.id, 0)

    def write(self, vals):
        if vals.get("lot_control") and not all(self.mapped("lot_control")):
            # Odoo may keep the same goods in several rows until its nightly job; the rules do not.
            self.env["stock.quant"].flush_model()
            self.env["stock.quant"].sudo()._merge_quants()
        res = super().write(vals)
        if "lot_control" in vals:
            switched_on = self.filtered("lot_control")
            switched_on.view_location_id._suspend_broken_segregation()
            (self - switched_on)._forget_broken_segregation()
        if "partner_id" in vals:
            self._change_timezone()
        return res

    def _forget_broken_segregation(self):
        locations = self.env["stock.location"].search(
            [("warehouse_id", "in", self.ids), ("segregation_pending", "=", True)]
        )
        locations.sudo().segregation_pending = False
        locations._flush_segregation()

    def action_view_segregation_pending(self):
        """Open the locations of this warehouse that wait for repair."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_fefo_3pl.stock_location_action_pending"
        )
        action["domain"] = [("warehouse_id", "=", self.id), ("segregation_pending", "=", True)]
        return action

    def _enable_lot_control(self):
        """One lot per product in the stock zone, unless somebody has chosen a rule for it."""
        res = super()._enable_lot_control()
        zones = self.lot_stock_id.filtered(lambda zone: zone.lot_segregation == "inherit")
        zones.with_context(lot_fefo_3pl_check_later=CHECK_LATER).lot_segregation = "product"
        self._create_overflow_locations()
        self._fill_expiration_days()
        return res

    def _fill_expiration_days(self):
        """Bring the days of the quants in line with the warehouse's time zone: see stock.quant.

        Quants from before the switch have no day yet.
        """
        self.env["stock.quant"].flush_model(["expiration_date", "expiration_day"])
        for warehouse in self:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE stock_quant quant SET expiration_day = %(day)s
                      FROM stock_location place
                     WHERE place.id = quant.location_id AND place.parent_path LIKE %(path)s
                       AND quant.expiration_day IS DISTINCT FROM %(day)s
                    """,
                    day=warehouse._sql_expiration_day(),
                    path=f"{warehouse.view_location_id.parent_path}%",
                )
            )
        self.env["stock.quant"].invalidate_model(["expiration_day"])

    def _sql_expiration_day(self):
        """The day in this warehouse on which the quant ``quant`` expires."""
        return SQL(
            "(quant.expiration_date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            self._get_lot_timezone().key,
        )

    def _change_timezone(self):
        """Days begin and end at other moments now. Refused where goods that lie together, as they
        expire on the same day, would not any more."""
        if not self:
            return
        self.env.registry.clear_cache()
        controlled = self.filtered("lot_control")
        if controlled:
            controlled._fill_expiration_days()
            self.env["stock.quant"].sudo()._check_segregation_in(controlled.view_location_id)

    def _create_overflow_locations(self):
        without = self.filtered(lambda warehouse: not warehouse.lot_overflow_location_id)
        locations = self.env["stock.location"].create(
            [
                {
                    "name": self.env._("Overflow"),
                    "location_id": warehouse.view_location_id.id,
                    "usage": "internal",
                    "company_id": warehouse.company_id.id,
                }
                for warehouse in without
            ]
        )
        for warehouse, location in zip(without, locations, strict=True):
            warehouse.lot_overflow_location_id = location
