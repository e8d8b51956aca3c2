from odoo import api, models
from odoo.exceptions import UserError

# Only Odoo's own validation carries this object in the context: no caller can send an object.
VALIDATING = object()
# What a done move says of who got what, from where and when.
HISTORY_FIELDS = frozenset(
    {
        "company_id",
        "date",
        "location_dest_id",
        "location_id",
        "partner_id",
        "picking_id",
        "product_id",
        "restrict_partner_id",
    }
)


class StockMove(models.Model):
    """What was done is history: a state is reached by doing, not by writing it."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        done = super(StockMove, self._with_validating())._action_done(
            cancel_backorder=cancel_backorder
        )
        return done.with_env(self.env)

    def _with_validating(self):
        return self.with_context(lot_fefo_3pl_validating=VALIDATING)

    def _is_validating(self):
        return self.env.su or self.env.context.get("lot_fefo_3pl_validating") is VALIDATING

    @api.model_create_multi
    def create(self, vals_list):
        """D06 F30: plain Odoo moves stock at once when a move is created as done."""
        moves = super().create(vals_list)
        if not moves._is_validating():
            moves.filtered(lambda move: move.state == "done")._refuse_hand_made("state")
        return moves

    def write(self, vals):
        """F31 F32: done is neither reached nor left by writing it, and what was done stays."""
        if HISTORY_FIELDS & vals.keys() and not self._is_validating():
            self.filtered(lambda move: move.state == "done")._refuse_changes(vals, HISTORY_FIELDS)
        if "state" in vals and not self._is_validating():
            state = vals["state"]
            self.filtered(
                lambda move: move.state != state and "done" in (move.state, state)
            )._refuse_hand_made("state")
        return super().write(vals)

    def _refuse_changes(self, vals, names):
        """Refuse ``vals`` where they would change one of the fields ``names``."""
        for name in sorted(names & vals.keys()):
            self.filtered(
                lambda move, name=name: move._would_change(name, vals[name])
            )._refuse_hand_made(name)

    def _would_change(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    def _refuse_hand_made(self, name, field=None):
        controlled = self.filtered(
            lambda move: (
                move.location_id._is_lot_controlled() or move.location_dest_id._is_lot_controlled()
            )
        )
        if controlled:
            raise UserError(
                self.env._(
                    "%(field)s of %(move)s is history and is not written by hand. Validate the"
                    " transfer, or correct what was done with a reason.",
                    field=(field or self._fields[name])._description_string(self.env),
                    move=controlled[0].reference or controlled[0].display_name,
                )
            )
