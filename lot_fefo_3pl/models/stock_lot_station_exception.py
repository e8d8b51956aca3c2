from odoo import api, models
from odoo.exceptions import UserError

from .stock_move_line_override import UNVERIFIED


class StockLotStation(models.AbstractModel):
    """What does not go as planned: too little there, a label that cannot be read, an approval."""

    _inherit = "stock.lot.station"

    @api.model
    def pick_short(self, kind, record_id, line_id, quantity, reason):
        """Take less than promised; the rest stays open for a back-order.

        :param float quantity: what is there, in the product's unit: not less than was verified and
            less than promised.
        :param str reason: why, kept in the audit trail.
        :return: the walk.
        :raises UserError: without a reason, or when the quantity is not possible.
        """
        self._check_operator()
        pickings = self._get_walk(kind, record_id)
        line = self._get_walk_line(pickings, line_id)
        self._shorten(line, quantity, reason)
        return self._prepare_walk(kind, record_id, pickings)

    @api.model
    def _shorten(self, line, quantity, reason):
        self.env["stock.lot.audit"]._check_reason(reason)
        uom = line.product_id.uom_id
        if uom.compare(quantity, line.quantity_product_uom) >= 0 or uom.compare(quantity, 0) < 0:
            raise UserError(
                self.env._(
                    "%(quantity)g is not less than the %(promised)g of this line.",
                    quantity=quantity,
                    promised=line.quantity_product_uom,
                )
            )
        if uom.compare(quantity, line.lot_verified_qty) < 0:
            raise UserError(
                self.env._(
                    "%(verified)g were scanned already. Put the goods back and cancel the line in"
                    " the transfer.",
                    verified=line.lot_verified_qty,
                )
            )
        self.env["stock.lot.audit"]._log(
            line,
            "line.short",
            lot_id=line.lot_id.id,
            owner_ref=line.owner_id.id,
            company_id=line.company_id.id,
            field_name=self.env._("Quantity"),
            old_value=f"{line.quantity_product_uom:g}",
            new_value=f"{quantity:g}",
            reason=reason,
        )
        line.quantity = uom._compute_quantity(quantity, line.product_uom_id)
        line.picked = not uom.is_zero(quantity) and line._is_lot_covered()

    @api.model
    def pick_take(self, kind, record_id, line_id):
        """Mark a line picked that needs no scan: goods without lots, or a policy without scans.

        :return: the walk.
        :raises UserError: when the line must be scanned.
        """
        self._check_operator()
        pickings = self._get_walk(kind, record_id)
        line = self._get_walk_line(pickings, line_id)
        if line.lot_verification_state != "not_required":
            raise UserError(self.env._("These goods must be scanned."))
        line.picked = True
        return self._prepare_walk(kind, record_id, pickings)

    @api.model
    def pick_approve(self, kind, record_id, line_id, reason, credential=None, unscanned=False):
        """A supervisor approves what stands against a line, or that its label cannot be read.

        The operator stays logged in and gains no right: the approval is the supervisor's, for this
        line, once.

        :param str reason: why, kept on record.
        :param dict credential: see ``_find_supervisor``; not needed when the user is a supervisor.
        :param bool unscanned: approve that the line is not scanned, instead of what the rules say.
        :return: ``{"status": "ok"|"refused", "code": "approved"|"denied", "message", "walk"}``
        :raises UserError: when nothing stands against the line, or nobody may approve it.
        """
        self._check_operator()
        pickings = self._get_walk(kind, record_id)
        line = self._get_walk_line(pickings, line_id)
        approver, denied = self._find_approver(credential, line)
        if not denied:
            self._approve(line, approver, reason, unscanned)
        answer = denied or {
            "status": "ok",
            "code": "approved",
            "message": self.env._("Approved by %(name)s.", name=approver.name),
        }
        return {**answer, "walk": self._prepare_walk(kind, record_id, pickings)}

    @api.model
    def _approve(self, line, approver, reason, unscanned):
        codes = [UNVERIFIED] if unscanned else None
        line.with_user(approver).lot_approve(reason, codes)
        self.env["stock.lot.audit"]._log(
            line,
            "override.station",
            lot_id=line.lot_id.id,
            owner_ref=line.owner_id.id,
            company_id=line.company_id.id,
            approver_id=approver.id,
            reason=reason,
        )
        if unscanned:
            line.picked = True

    @api.model
    def pick_explain(self, move_id):
        """ "Why not this lot?" for a line or for what is missing.

        :return: list of ``{"lot", "bin", "expiry", "free", "taken", "reasons": [str]}``, fit goods
            first.
        """
        self._check_operator()
        move = self.env["stock.move"].browse(move_id)
        move.check_access("read")
        simulation = self.env["stock.lot.simulation"].new(
            {
                "move_id": move.id,
                "warehouse_id": move._get_lot_warehouse().id,
                "product_id": move.product_id.id,
            }
        )
        names = ("lot", "bin", "free", "taken", "reasons")
        return [
            {**{name: row[name] for name in names}, "expiry": str(row["expiry"])}
            for row in simulation._get_candidates()[:50]
        ]
