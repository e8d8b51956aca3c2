from odoo import models


class MrpUnbuild(models.Model):
    _inherit = "mrp.unbuild"

    def action_unbuild(self):
        """Link what was taken apart with what came out of it; Odoo links by-products only."""
        self.ensure_one()
        res = super().action_unbuild()
        lines = self.env["stock.move.line"].search(
            [("move_id.unbuild_id", "=", self.id), ("state", "=", "done")]
        )
        taken_apart = lines.filtered(lambda line: line.location_dest_id.usage == "production")
        taken_apart.produce_line_ids |= lines - taken_apart
        return res
