from collections import defaultdict

from odoo import api, fields, models

from .stock_move_line_verification import VERIFICATION_STATES


class StockMove(models.Model):
    _inherit = "stock.move"

    lot_verification_state = fields.Selection(
        VERIFICATION_STATES, "Verification", compute="_compute_lot_verification_state"
    )

    @api.depends("move_line_ids.lot_verification_state")
    def _compute_lot_verification_state(self):
        for move in self:
            move.lot_verification_state = move.move_line_ids._sum_up_lot_verification()

    @api.model
    def _forget_lot_verification(self):
        self.invalidate_model(["lot_verification_state"], flush=False)

    def _get_lot_scanned(self):
        """The verified scans as ``{(move, product, lot, bin): quantity}``, ids all."""
        groups = (
            self.env["stock.lot.scan"]
            .sudo()
            ._read_group(
                [("result", "=", "ok"), ("move_ref", "in", self.ids)],
                ["move_ref", "product_id", "lot_id", "location_id"],
                ["quantity:sum"],
            )
        )
        return {
            (move_id, product.id, lot.id, location.id): quantity
            for move_id, product, lot, location, quantity in groups
        }

    def _get_lot_brought(self):
        """What verified goods the steps before have brought to these moves and what of it has not
        gone on with another move, as ``{(move, product, lot): quantity}``, ids all."""
        brought = defaultdict(float)
        approved = self.move_orig_ids._get_approved_unverified()
        for move in self.filtered("move_orig_ids"):
            for line in move.move_orig_ids.move_line_ids:
                if line.state == "done" and line.location_dest_id._is_past_pick():
                    key = (move.id, line.product_id.id, line.lot_id.id)
                    place = (line.move_id, line.lot_id, line.location_id)
                    passed = line.quantity_product_uom if place in approved else 0.0
                    brought[key] += max(line.lot_verified_qty, passed)
            for line in (move.move_orig_ids.move_dest_ids - move).move_line_ids:
                if line.state == "done":
                    key = (move.id, line.product_id.id, line.lot_id.id)
                    brought[key] -= line.quantity_product_uom
        return brought

    def _get_approved_unverified(self):
        """The (move, lot, bin) that a supervisor let pass without a scan; they stay let through in
        the steps that follow."""
        if not self:
            return set()
        used = (
            self.env["stock.lot.override"]
            .sudo()
            .search(
                [
                    ("move_id", "in", self.ids),
                    ("rule_code", "=", "unverified"),
                    ("date_used", "!=", False),
                ]
            )
        )
        return {(override.move_id, override.lot_id, override.location_id) for override in used}
