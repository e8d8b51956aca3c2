from odoo import models


class StockMoveLine(models.Model):
    """Goods arrive under the holds that wait for them, and the receipt says so."""

    _inherit = "stock.move.line"

    def _action_done(self):
        res = super()._action_done()
        self.exists()._tell_of_holds()
        return res

    def _check_lot_arrived(self):
        on_receipt = self.filtered("picking_id")._get_arrived()
        for hold, lines in on_receipt._group_by_receipt_hold().items():
            hold._hold(
                lines.lot_id,
                hold.reason_id,
                note=hold.note,
                receipt_id=hold.receipt_id.id,
                user_id=hold.user_id.id,
            )
        return super()._check_lot_arrived()

    def _group_by_receipt_hold(self):
        """The lines by the hold that waits for what comes on their receipt."""
        if not self:
            return {}
        waiting = (
            self.env["stock.lot.hold"]
            .sudo()
            .search(
                [
                    ("scope", "=", "receipt"),
                    ("product_id", "in", self.product_id.ids),
                    ("is_active", "=", True),
                ]
            )
        )
        groups = {}
        for hold in waiting:
            receipts = hold.receipt_id._get_receipt_and_backorders()
            lines = self.filtered(
                lambda line, hold=hold, receipts=receipts: (
                    line.product_id == hold.product_id and line.picking_id in receipts
                )
            )
            if lines:
                groups[hold] = lines
        return groups

    def _tell_of_holds(self):
        """Say on the receipt which of its lots came in on hold, and why."""
        arrived = self.filtered("picking_id")._get_arrived()
        holds = (
            self.env["stock.lot.hold"]
            .sudo()
            .search([("lot_id", "in", arrived.lot_id.ids), ("is_active", "=", True)])
        )
        for picking, lines in arrived.grouped("picking_id").items():
            messages = [
                self.env._(
                    "Lot %(lot)s came in on hold for %(reason)s. %(note)s",
                    lot=hold.lot_id.name,
                    reason=hold.reason_id.name,
                    note=hold.note or "",
                ).strip()
                for hold in holds
                if hold.lot_id in lines.lot_id
            ]
            if messages:
                picking.message_post(body="\n".join(messages))
