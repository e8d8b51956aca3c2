from odoo import models


class StockMoveLine(models.Model):
    """Lines that say whose goods they take are not told so again."""

    _inherit = "stock.move.line"

    def write(self, vals):
        """Validation writes the owner of the transfer on all its lines.

        For that Odoo gives back what each line has reserved and takes it again, which is half of
        the time that a validation takes, even where the owner stays what it is.
        """
        if vals.keys() != {"owner_id"}:
            return super().write(vals)
        told = self._get_controlled().filtered(
            lambda line: line.owner_id.id == (vals["owner_id"] or False)
        )
        return super(StockMoveLine, self - told).write(vals)
