import re

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.typed_date import read_typed_date

# What Odoo takes for a quantity, but for the eight digits of a date.
_QUANTITY = re.compile(r"(?![0-9]{8}$)([0-9]+[.,]?[0-9]*|[.,][0-9]+)")


class StockMove(models.Model):
    """Lots that are pasted or generated on a receipt get the date that somebody wrote, or none."""

    _inherit = "stock.move"

    @api.model
    def action_generate_lot_line_vals(self, context_data, mode, first_lot, count, lot_text):
        """E09 E10: product_expiry guesses day and month, takes a bad date for a part of the lot's
        number, and invents the dates that are missing."""
        zone = self.env["stock.location"].browse(context_data.get("default_location_dest_id"))
        product = self.env["product.product"].browse(context_data["default_product_id"])
        warehouse = zone.warehouse_id
        if not (product.use_expiration_date and warehouse.lot_control):
            return super().action_generate_lot_line_vals(
                context_data, mode, first_lot, count, lot_text
            )
        days = {}
        if mode == "import":
            lot_text, days = self._read_lot_text(lot_text or "", warehouse._get_lot_today())
        # The lots that Odoo creates here know that they are created on a receipt.
        move = self.with_context(active_picking_id=context_data.get("default_picking_id"))
        vals_list = super(StockMove, move).action_generate_lot_line_vals(
            context_data, mode, first_lot, count, lot_text
        )
        for vals in vals_list:
            lot = vals.get("lot_name") or (vals.get("lot_id") or {}).get("display_name")
            day = days.get(lot)
            vals["expiration_date"] = warehouse._get_lot_day_end(day) if day else False
        return vals_list

    @api.model
    def _read_lot_text(self, text, today):
        """Read the lines "lot; quantity; date" that somebody pasted.

        :return: the text without the dates, and ``{lot: day}``.
        :raises UserError: for a line with something that is neither a quantity nor one date.
        """
        lines, days = [], {}
        for number, line in enumerate(filter(None, text.split("\n")), start=1):
            name, *parts = line.replace(";", "\t").split("\t")
            kept = [name]
            for part in filter(None, map(str.strip, parts)):
                if _QUANTITY.fullmatch(part):
                    kept.append(part)
                else:
                    days[name] = self._read_lot_day(number, part, today)
            lines.append("\t".join(kept))
        return "\n".join(lines), days

    @api.model
    def _read_lot_day(self, number, text, today):
        days = read_typed_date(text, today)
        if len(days) == 1:
            return days[0]
        words = {"number": number, "text": text, "days": ", ".join(map(str, days))}
        if days:
            raise UserError(
                self.env._(
                    "Line %(number)s: %(text)s can be %(days)s. Write the date as 2027-12-31.",
                    **words,
                )
            )
        raise UserError(
            self.env._(
                "Line %(number)s: %(text)s is neither a quantity nor a date. Write the date as"
                " 2027-12-31.",
                **words,
            )
        )
