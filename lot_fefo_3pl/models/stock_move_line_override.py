from odoo import api, fields, models
from odoo.fields import Domain

from .rules.deviation import OPERATOR
from .rules.stock_lot_rule import SUPERVISOR
from .stock_move_line import LotObstacle

UNVERIFIED = "unverified"


class StockMoveLine(models.Model):
    """What may be approved in spite of a rule, line by line.

    A line that cannot be scanned (its label is damaged) is approved by a supervisor as well, when
    it is named: approving what the rules say against goods does not spare the scans.
    """

    _inherit = "stock.move.line"

    def lot_approve(self, reason, codes=None):
        """Approve what stands against these lines, once, as the current user.

        :param str reason: why, kept on record.
        :param list codes: the codes of the rules to approve, ``"unverified"`` for lines that cannot
            be scanned. All that the rules say against the goods when not given.
        :return: the ids of the approvals (stock.lot.override).
        :raises AccessError: when something is not for this user to approve, or for nobody.
        :raises UserError: without a reason, or when nothing stands against the lines.
        """
        self.check_access("read")
        chosen = None
        if codes is not None:
            chosen = {(line, code) for line in self for code in codes}
        return self.env["stock.lot.override"]._grant(self, reason, chosen).ids

    def _get_all_obstacles(self):
        """What stands against each line, the missing scans included."""
        lines = self._get_lot_checked()
        obstacles = lines._get_lot_obstacles()
        for line, found in lines._get_unverified_obstacles().items():
            obstacles.setdefault(line, []).extend(found)
        return obstacles

    def _get_unverified_obstacles(self):
        """The lines that must be scanned and are not, as ``{line: [LotObstacle]}``."""
        return {
            line: [LotObstacle(UNVERIFIED, line._describe_missing_scans(), SUPERVISOR)]
            for line, level in self._get_lot_verification_levels().items()
            if level != "none" and not line._is_lot_covered()
        }

    def _describe_missing_scans(self):
        return self.env._(
            "%(verified)g of %(quantity)g verified by scan",
            verified=self.lot_verified_qty,
            quantity=self.quantity_product_uom,
        )

    def _get_open_overrides(self):
        """The approvals for the moves of these lines that can still be used."""
        return (
            self.env["stock.lot.override"]
            .sudo()
            .search(
                Domain("move_id", "in", self.move_id.ids)
                & Domain("date_used", "=", False)
                & Domain("date_end", ">", fields.Datetime.now())
            )
        )

    @api.depends("quantity", "product_uom_id", "product_id", "lot_id", "location_id", "move_id")
    def _compute_lot_verification(self):
        super()._compute_lot_verification()
        lacking = self.filtered(
            lambda line: line.lot_verification_state in ("missing", "partial") and line._origin
        )
        if not lacking:
            return
        overrides = lacking._origin._get_open_overrides()
        approved = overrides.filtered(lambda override: override.rule_code == UNVERIFIED)
        for line in lacking:
            key = (line._origin.move_id, line.lot_id, line.location_id, UNVERIFIED)
            if any(
                override._get_key() == key and override._is_enough_for(line)
                for override in approved
            ):
                line.lot_verification_state = "approved"

    def _prepare_override_vals(self, obstacle, reason):
        """The current user's override of ``obstacle``, refused when it is not theirs to give."""
        self.ensure_one()
        self.env["stock.lot.override"]._check_group(obstacle)
        return {
            "move_id": self.move_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "location_id": self.location_id.id,
            "quantity": self.quantity_product_uom,
            "company_id": self.company_id.id,
            "rule_code": obstacle.code,
            "message": obstacle.message,
            "level": "reason" if obstacle.group == OPERATOR else "supervisor",
            "reason": reason,
            "user_id": self.env.uid,
        }
