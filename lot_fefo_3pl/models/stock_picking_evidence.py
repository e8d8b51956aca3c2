from odoo import models

from .stock_move_evidence import VALIDATING

# What a done transfer says of who got the goods, from where and when.
HISTORY_FIELDS = frozenset(
    {
        "company_id",
        "date_done",
        "location_dest_id",
        "location_id",
        "name",
        "owner_id",
        "partner_id",
        "state",
    }
)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        return super(
            StockPicking, self.with_context(lot_fefo_3pl_validating=VALIDATING)
        )._action_done()

    def write(self, vals):
        """F19: who got the goods on which day is not rewritten afterwards; and a transfer is done
        by doing what it says."""
        changed = HISTORY_FIELDS & vals.keys()
        if changed and not self.move_ids._is_validating():
            for picking in self:
                if "done" in (picking.state, vals.get("state")):
                    picking._refuse_rewriting(vals, changed)
        return super().write(vals)

    def _refuse_rewriting(self, vals, names):
        """Refuse to change one of the fields ``names`` of what says where controlled goods went."""
        for name in sorted(names):
            field = self._fields[name]
            present, new = (
                field.convert_to_cache(value, self) for value in (self[name], vals[name])
            )
            # Odoo sets the day of a transfer that has none yet.
            if present != new and (present or name != "date_done"):
                self.move_ids._refuse_hand_made(name, field)
