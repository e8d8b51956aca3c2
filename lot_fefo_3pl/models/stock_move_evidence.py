from odoo import api, models
from odoo.exceptions import UserError

# What a done move says of its goods: see HISTORY_FIELDS for its lines, which say the rest.
MOVE_HISTORY = {"picking_id", "product_id", "restrict_partner_id"}
# Only Odoo's own validation carries this object in the context: no caller can send an object.
VALIDATING = object()


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
        """F31 F32: neither into nor out of the done state by writing it."""
        if "state" in vals and not self._is_validating():
            state = vals["state"]
            self.filtered(
                lambda move: move.state != state and "done" in (move.state, state)
            )._refuse_hand_made("state")
        self._check_history_kept(vals)
        return super().write(vals)

    def _check_history_kept(self, vals):
        """F05: a done move stays with its transfer, its product and its owner."""
        names = vals.keys() & MOVE_HISTORY
        if not names or self._is_validating():
            return
        for move in self.filtered(lambda move: move.state == "done"):
            for name in names:
                if move[name].id != (vals[name] or False):
                    move._refuse_hand_made(name)

    def _refuse_hand_made(self, field_name):
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
                    field=self._fields[field_name]._description_string(self.env),
                    move=controlled[0].reference or controlled[0].display_name,
                )
            )
