from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Only a correction carries this object in the context: what it says is gone cannot be scanned.
CORRECTING = object()
VERIFICATION_STATES = [
    ("not_required", "Not required"),
    ("missing", "Not verified"),
    ("partial", "Partly verified"),
    ("approved", "Approved unscanned"),
    ("verified", "Verified"),
]


class StockMoveLine(models.Model):
    """A line is verified when the scans of its present lot and bin cover its quantity.

    Nothing is stored: a line that is changed is unverified by itself. Goods that were verified
    when they left the stock zone stay verified in the steps that follow.
    """

    _inherit = "stock.move.line"

    lot_verified_qty = fields.Float(
        "Verified",
        compute="_compute_lot_verification",
        digits="Product Unit",
        help="Scanned quantity of this lot from this bin, in the product's unit of measure.",
    )
    lot_verification_state = fields.Selection(
        VERIFICATION_STATES, "Verification", compute="_compute_lot_verification"
    )

    @api.depends("quantity", "product_uom_id", "product_id", "lot_id", "location_id", "move_id")
    def _compute_lot_verification(self):
        verified = self._get_lot_verified()
        levels = self.filtered(lambda line: line._origin)._get_lot_verification_levels()
        for line in self:
            line.lot_verified_qty = verified.get(line._origin, 0.0)
            line.lot_verification_state = line._get_lot_verification_state(levels.get(line))

    def _get_lot_verification_state(self, level):
        if not self._origin or self.product_uom_id.is_zero(self.quantity):
            return "not_required"
        covered = self._is_lot_covered()
        if level == "none" or (self.state == "done" and not covered):
            return "not_required"
        if covered:
            return "verified"
        return "partial" if self.lot_verified_qty else "missing"

    def _is_lot_covered(self):
        return self.product_id.uom_id.compare(self.lot_verified_qty, self.quantity_product_uom) >= 0

    @api.model
    def _forget_lot_verification(self):
        self.invalidate_model(["lot_verified_qty", "lot_verification_state"], flush=False)

    def _get_lot_verification_level(self):
        """As ``_get_lot_verification_levels``, of one line."""
        return self._get_lot_verification_levels()[self]

    def _get_lot_verification_levels(self):
        """How the policy wants each line scanned: ``"none"``, once (``"line"``) or by ``"unit"``.

        :return: ``{line: level}`` for all of ``self``.
        """
        levels = dict.fromkeys(self, "none")
        scanned = self._get_lot_checked().filtered(
            lambda line: (
                line.product_id.tracking != "none"
                and line.move_id
                # Consumption is recorded by the manufacturing order, which has no scanning step.
                and line.location_dest_id.usage != "production"
            )
        )
        by_move = scanned.grouped(lambda line: (line.move_id, line._get_lot_operation()))
        for (move, operation), lines in by_move.items():
            if operation in ("pick", "ship"):
                level = move._get_lot_setting("verification", operation) or "none"
                levels.update(dict.fromkeys(lines, level))
        return levels

    def _get_lot_verified(self):
        """The verified quantity by line, for all lines of the moves of these lines."""
        moves = self._origin.move_id
        scanned = moves._get_lot_scanned()
        brought = moves._get_lot_brought()
        verified = {}
        for line in moves.move_line_ids.sorted("id"):
            missing = line.quantity_product_uom
            here = (line.move_id.id, line.product_id.id, line.lot_id.id)
            pools = [(scanned, (*here, line.location_id.id))]
            if line.location_id._is_past_pick():
                pools.append((brought, here))
            for pool, key in pools:
                taken = min(missing, pool.get(key, 0.0))
                if taken > 0:
                    pool[key] -= taken
                    missing -= taken
            verified[line] = line.quantity_product_uom - missing
        return verified

    def _check_lot_done(self, taken=False):  # pylint: disable=missing-return
        super()._check_lot_done(taken)
        if self.env.context.get("lot_fefo_3pl_correcting") is not CORRECTING:
            self._check_lot_verified()

    def _check_lot_verified(self):
        """Refuse the lines that must be verified and are not.

        :raises ValidationError: naming each lot, its bin and what is missing.
        """
        refused = self.env["stock.lot.override"]._consume(self._get_unverified_obstacles())
        if not refused:
            return
        what_to_do = (
            self.env._(
                "Scan the lot of each line, or reduce the quantity to what was scanned. If a label"
                " cannot be read, ask a supervisor."
            )
            if all(line.picking_id for line in refused)
            else self.env._("Goods leave for a customer by a delivery: make one and scan them.")
        )
        raise ValidationError(
            self.env._(
                "These goods have not been verified:\n%(lines)s\n\n%(what_to_do)s",
                lines="\n".join(
                    f"- {line._describe_goods(obstacle.message)}"
                    for line, found in refused.items()
                    for obstacle in found
                ),
                what_to_do=what_to_do,
            )
        )

    def _sum_up_lot_verification(self):
        """One state for several lines."""
        states = set(self.mapped("lot_verification_state")) - {"not_required"}
        if not states:
            return "not_required"
        if states == {"approved", "verified"}:
            return "approved"
        return states.pop() if len(states) == 1 else "partial"
