from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .stock_move_line_verification import CORRECTING

# What a done line says about the goods: changed by the correction dialog only.
HISTORY_FIELDS = frozenset(
    {
        "company_id",
        "date",
        "expiration_date",
        "location_dest_id",
        "location_id",
        "lot_id",
        "lot_name",
        "move_id",
        "owner_id",
        "package_id",
        "picking_id",
        "product_id",
        "product_uom_id",
        "quant_id",
        "quantity",
        "removal_date",
        "result_package_id",
        "state",
    }
)
# Odoo moves stock by this number: it follows from the quantity and its unit.
WORKED_OUT = "quantity_product_uom"


class StockMoveLine(models.Model):
    """Done lines are corrected with a reason, never rewritten."""

    _inherit = "stock.move.line"

    def _compute_expiration_date(self):  # pylint: disable=missing-return
        """F29: plain Odoo rewrites what was shipped when a lot is re-dated."""
        kept = self._get_dated_history("expiration_date")
        super(StockMoveLine, self - kept)._compute_expiration_date()
        for line in kept:
            line.expiration_date = line.expiration_date

    def _compute_removal_date(self):  # pylint: disable=missing-return
        kept = self._get_dated_history("removal_date")
        super(StockMoveLine, self - kept)._compute_removal_date()
        for line in kept:
            line.removal_date = line.removal_date

    def _get_dated_history(self, name):
        """The done lines of controlled goods that carry the date ``name`` already."""
        return self.filtered(lambda line: line.state == "done" and line[name])._get_controlled()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and self.env["stock.warehouse"].sudo()._has_lot_control():
            vals_list = [
                {name: value for name, value in vals.items() if name != WORKED_OUT}
                for vals in vals_list
            ]
        lines = super().create(vals_list)
        lines._check_may_handle_goods()
        return lines

    def unlink(self):
        self._check_may_handle_goods()
        return super().unlink()

    def _check_may_handle_goods(self):
        """D02: plain Odoo lets every employee mark lines as picked and name their lots.

        :raises AccessError: for who may not change the moves of controlled goods either.
        """
        moves = self.env["stock.move"]
        if not self.env.su and not moves.has_access("write") and self._get_controlled():
            moves.check_access("write")

    def _get_controlled(self):
        return self.filtered(
            lambda line: (
                line.location_id._is_lot_controlled() or line.location_dest_id._is_lot_controlled()
            )
        )

    def write(self, vals):
        """F05 F17 F18 F33: plain Odoo lets any stock user rewrite what was shipped."""
        self._check_may_handle_goods()
        if WORKED_OUT in vals and not self.env.su and self._get_controlled():
            raise UserError(
                self.env._("The quantity in the product's unit is worked out. Change the quantity.")
            )
        changed = HISTORY_FIELDS & vals.keys()
        if changed and not self.move_id._is_validating():
            for line in self.filtered(lambda line: line.state == "done"):
                if any(line._would_change(name, vals[name]) for name in changed):
                    line._refuse_rewriting()
            if "state" in vals:
                self._refuse_rewriting()
        return super().write(vals)

    def _would_change(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    def _refuse_rewriting(self):
        for line in self._get_controlled():
            raise UserError(
                self.env._(
                    "%(transfer)s is done, what it says about lot %(lot)s is history. Use"
                    ' "Correct" on the line and give a reason.',
                    transfer=line.reference or line.display_name,
                    lot=line.lot_id.name or self.env._("none"),
                )
            )

    def _correct(self, vals, reason):
        """Correct a done line: Odoo moves the difference, both values and the reason are kept.

        The new goods are checked like any that leave.

        :param dict vals: the new ``lot_id``, ``owner_id`` or ``quantity``.
        :param str reason: why, kept in the audit trail.
        :raises UserError: without a reason, or when the line is not done.
        """
        self.ensure_one()
        self.env["stock.lot.audit"]._check_reason(reason)
        self._check_may_correct(vals)
        if self.state != "done":
            raise UserError(self.env._("Only what is done is corrected. Change the line itself."))
        self.env["stock.lot.audit"]._log_changes(self, vals, "line.correct", reason)
        line = self.sudo().with_context(lot_fefo_3pl_correcting=CORRECTING)
        line.write(vals)
        if "lot_id" in vals:
            for name in ("expiration_date", "removal_date"):
                line[name] = line.lot_id[name]

    def _check_may_correct(self, vals):
        """Held goods that are said to be another lot are no longer held: that is for QA to say.

        :raises AccessError: for everybody else.
        """
        if vals.get("lot_id", self.lot_id.id) == self.lot_id.id or not self.lot_id.is_held:
            return
        if not self.env.user.has_group("lot_fefo_3pl.lot_fefo_3pl_group_qa"):
            raise AccessError(
                self.env._(
                    "Lot %(lot)s is held for %(reasons)s: only Lot QA says that these goods are"
                    " another lot.",
                    lot=self.lot_id.name,
                    reasons=self.lot_id.hold_summary,
                )
            )

    def action_correct(self):
        """Open the dialog that corrects this done line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct a Line of %(transfer)s", transfer=self.reference),
            "res_model": "stock.move.line.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }
