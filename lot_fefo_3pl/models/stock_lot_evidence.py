from odoo import api, fields, models
from odoo.exceptions import UserError

AUDITED_FIELDS = (
    "name",
    "product_id",
    "owner_id",
    "expiration_date",
    "use_date",
    "removal_date",
    "alert_date",
)
DATE_FIELDS = frozenset({"expiration_date", "use_date", "removal_date"})


class StockLot(models.Model):
    """A lot that moved is evidence: it is not deleted, and what changes is on record."""

    _inherit = "stock.lot"

    former_names = fields.Char(
        copy=False, readonly=True, help="Earlier numbers of this lot, so that it is still found."
    )

    def write(self, vals):
        """F04 F16 B5: plain Odoo renames and re-dates lots without a trace."""
        if "former_names" in vals and not self.env.su:
            raise UserError(self.env._("Earlier numbers of a lot are kept, not written."))
        changed = [name for name in AUDITED_FIELDS if name in vals]
        if not changed or not self.env["stock.warehouse"]._has_lot_control():
            return super().write(vals)
        lots = self._get_lots_with_history()
        changing = lots.filtered(
            lambda lot: any(lot[name] != lot._to_value(name, vals[name]) for name in changed)
        )
        if changing and not self.env.su:
            raise UserError(
                self.env._(
                    'Lot %(lot)s has moved already. Use "Correct" on the lot and give a reason.',
                    lot=changing[0].name,
                )
            )
        values = {name: vals[name] for name in changed}
        reason = self.env.context.get("lot_fefo_3pl_reason")
        self.env["stock.lot.audit"]._log_changes(changing, values, "lot.change", reason)
        for lot in changing.filtered(lambda lot: "name" in vals and lot.name != vals["name"]):
            lot.former_names = ", ".join(filter(None, (lot.former_names, lot.name)))
        res = super().write(vals)
        if DATE_FIELDS & vals.keys():
            self.env["stock.lot.reallocation"]._request(
                changing.product_id,
                self.env["stock.warehouse"].sudo().search([("lot_control", "=", True)]),
                self.env._("a date of a lot changed"),
            )
        return res

    def _to_value(self, name, value):
        field = self._fields[name]
        return field.convert_to_record(field.convert_to_cache(value, self), self)

    def _get_lots_with_history(self):
        """Those of the lots that goods of have moved under."""
        groups = (
            self.env["stock.move.line"]
            .sudo()
            ._read_group([("lot_id", "in", self.ids), ("state", "=", "done")], ["lot_id"])
        )
        return self.browse([lot.id for (lot,) in groups])

    def _correct(self, vals, reason):
        """Change the number or a date of a lot that has moved; both values and why are kept.

        :param dict vals: the new ``name`` or dates.
        :param str reason: why, kept in the audit trail.
        """
        self.env["stock.lot.audit"]._check_reason(reason)
        self.sudo().with_context(lot_fefo_3pl_reason=reason).write(vals)

    def action_correct(self):
        """Open the dialog that corrects this lot."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct Lot %(lot)s", lot=self.name),
            "res_model": "stock.lot.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lot_id": self.id},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        """F12 B14: plain Odoo deletes a lot once its stock is gone, and its history with it."""
        if not self.env["stock.warehouse"]._has_lot_control():
            return
        for lot in self._get_lots_with_history():
            raise UserError(
                lot._say_retention(
                    self.env._(
                        "Lot %(lot)s has moved: it is part of the history and stays.", lot=lot.name
                    ),
                    self.env._("Archive the product if it is no longer used."),
                )
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Find a lot by its earlier numbers too."""
        domain = super()._search_display_name(operator, value)
        if operator in ("ilike", "like", "=ilike", "=like") and value:
            domain |= fields.Domain("former_names", operator, value)
        return domain
