from datetime import timedelta

from odoo import Command, fields

from .test_trace import TraceCommon


class LooseCommon(TraceCommon):
    """Movements of which nobody noted a lot."""

    def _move_line(self, product, quantity, source, target, lot=None, **line_vals):
        """A done move of one line, without any document."""
        places = {"location_id": source.id, "location_dest_id": target.id}
        line = {
            "product_id": product.id,
            "lot_id": lot.id if lot else False,
            "owner_id": lot.owner_id.id if lot else False,
            "quantity": quantity,
            **places,
            **line_vals,
        }
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "picked": True,
                "is_inventory": True,
                "move_line_ids": [Command.create(line)],
                **places,
            }
        )
        move._action_done()
        return move.move_line_ids

    def _ship_without_lot(self, quantity, partner, days_ago=0):
        """A warehouse without lot control ships the product and notes no lot."""
        house = self.env["stock.warehouse"].create(
            {"name": f"Loose {quantity}", "code": f"L{quantity}"}
        )
        line = self._move_line(self.vitamin, quantity, house.lot_stock_id, self.customer_location)
        line.move_id.partner_id = partner
        line.date = fields.Datetime.now() - timedelta(days=days_ago)
