import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class StockLotRecallStock(models.Model):
    """Recalled units that were in the house when the recall was confirmed, bin by bin."""

    _name = "stock.lot.recall.stock"
    _description = "Recalled Stock"
    _order = "recall_id, location_id, id"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="cascade", index=True)
    lot_id = fields.Many2one("stock.lot", required=True, ondelete="restrict", index=True)
    product_id = fields.Many2one(related="lot_id.product_id")
    uom_id = fields.Many2one(related="lot_id.product_id.uom_id")
    location_id = fields.Many2one("stock.location", required=True, ondelete="restrict")
    package = fields.Char()
    owner_id = fields.Many2one("res.partner", ondelete="restrict")
    quantity = fields.Float(digits="Product Unit")
    is_frozen = fields.Boolean(
        "Frozen",
        help="A hold stops these units. In a warehouse without lot control nothing is stopped:"
        " fetch them first.",
    )
    counted = fields.Float(digits="Product Unit")
    difference = fields.Float(digits="Product Unit", compute="_compute_difference", store=True)
    count_date = fields.Datetime("Counted on")
    count_user_id = fields.Many2one("res.users", "Counted by", ondelete="restrict")
    count_note = fields.Char("Found")
    company_id = fields.Many2one(related="recall_id.company_id")

    @api.depends("quantity", "counted", "count_date")
    def _compute_difference(self):
        for stock in self:
            stock.difference = stock.counted - stock.quantity if stock.count_date else 0.0

    @api.model
    def _create_snapshot(self, recall, lots):
        """One record per bin, package and owner."""
        rows = self.env["stock.lot.trace"].with_env(recall.env).on_hand(lots.ids)
        locations = self.env["stock.location"].browse({row["location_id"] for row in rows})
        controlled = set(locations.filtered(lambda location: location._is_lot_controlled()).ids)
        return self.create(
            [
                {
                    "recall_id": recall.id,
                    "is_frozen": not recall.is_mock and row["location_id"] in controlled,
                    **{
                        name: row[name]
                        for name in (
                            "lot_id",
                            "location_id",
                            "package",
                            "owner_id",
                            "quantity",
                        )
                    },
                }
                for row in rows
                if row["quantity"]
            ]
        )

    def action_count(self):
        """Open the dialog that asks what was found in this place."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count"),
            "res_model": "stock.lot.recall.count",
            "view_mode": "form",
            "target": "new",
            "context": {"default_stock_id": self.id},
        }

    def record_count(self, quantity, note=None):
        """Note what was found in this place; who and when is set by the server.

        A second count replaces the first; both stay in the audit trail.

        :param float quantity: units found, in the product's unit.
        :param str note: where else it was found, damage, or why it is missing.
        :return: the difference to what the system has there.
        :raise AccessError: the user is not a Lot Operator.
        :raise UserError: a negative quantity, or a recall that does not run.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("lot_fefo_3pl.lot_fefo_3pl_group_operator"):
            raise AccessError(self.env._("Only Lot Operators count recalled goods."))
        if quantity < 0:
            raise UserError(self.env._("There cannot be less than nothing."))
        if self.recall_id.state != "confirmed":
            raise UserError(self.env._("Recall %(name)s is not running.", name=self.recall_id.name))
        old = self.counted if self.count_date else False
        self.sudo().write(
            {
                "counted": quantity,
                "count_date": fields.Datetime.now(),
                "count_user_id": self.env.uid,
                "count_note": note,
            }
        )
        self.env["stock.lot.audit"]._log(
            self.recall_id,
            "recall.count",
            lot_id=self.lot_id.id,
            field_name=self.location_id.complete_name,
            old_value="" if old is False else f"{old:g}",
            new_value=f"{quantity:g}",
            reason=note,
        )
        self.recall_id._note_counted()
        return self.difference

    @api.model
    def _record_found(self, recall, lot, location, quantity, note):
        """Units of the recall in a place where the system has none. Lot Operator only.

        :raises UserError: the system has the lot there: that place is counted instead.
        """
        recall.ensure_one()
        recall.check_access("read")
        if lot not in recall.line_ids.lot_id:
            raise UserError(
                self.env._("Lot %(lot)s is not part of this recall.", lot=lot.display_name)
            )
        known = recall.stock_ids.filtered(
            lambda stock: stock.lot_id == lot and stock.location_id == location
        )
        if known:
            raise UserError(
                self.env._(
                    "%(place)s is in the list already: enter what was found there with Count.",
                    place=location.complete_name,
                )
            )
        found = self.sudo().create(
            {
                "recall_id": recall.id,
                "lot_id": lot.id,
                "location_id": location.id,
                "is_frozen": not recall.is_mock and location._is_lot_controlled(),
            }
        )
        found.sudo(False).record_count(quantity, note)
        return found.sudo(False)

    def _get_missing(self):
        """Units not found, lot by lot: what lay elsewhere is not missing."""
        counted = self.filtered("count_date")
        return sum(
            max(sum(stock.quantity - stock.counted for stock in places), 0.0)
            for places in counted.grouped("lot_id").values()
        )

    def _get_barcode_image(self, code):
        """A bar code that is in the page itself: the list prints also where no address is set."""
        image = self.env["ir.actions.report"].barcode("Code128", code, width=300, height=50)
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    def _get_list_rows(self):
        """Rows for the list of what is on hand, in the words of its columns."""
        return [
            {
                "location": stock.location_id.complete_name,
                "package": stock.package or "",
                "product": stock.product_id.display_name,
                "lot": stock.lot_id.name,
                "owner": stock.owner_id.name or "",
                "quantity": stock.quantity,
                "unit": stock.uom_id.name,
                "frozen": self.env._("yes") if stock.is_frozen else self.env._("no"),
            }
            for stock in self
        ]
