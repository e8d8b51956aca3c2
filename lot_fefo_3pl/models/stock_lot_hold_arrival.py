from odoo import api, models


class StockLotHold(models.Model):
    """Holds that wait for goods: announced lot numbers, and what is still to come on a receipt.

    Somebody typed the number of an announced lot, so a lot whose number a person may take for it
    (capitals, spaces, the letter O for the digit 0) is held as well, and says why.
    """

    _inherit = "stock.lot.hold"

    @api.model
    def _hold_receipt(self, picking, reason, note=None):
        """Hold every lot of a receipt, those that are still to come on it included.

        :return: the holds: one per lot known by now, one per announced number, one per product of
            which more is to come.
        """
        lines = picking.move_line_ids.filtered(lambda line: line.state != "cancel")
        holds = self._hold(lines.lot_id, reason, note=note, receipt_id=picking.id)
        vals = {"reason_id": reason.id, "note": note, "receipt_id": picking.id}
        names = {(line.product_id, line.lot_name) for line in lines if not line.lot_id}
        coming = picking._get_receipt_and_backorders().move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.product_id.tracking != "none"
        )
        return holds | self.create(
            [
                {**vals, "product_id": product.id, "lot_name": name}
                for product, name in sorted(names, key=str)
                if name
            ]
            + [{**vals, "product_id": product.id} for product in coming.product_id]
        )

    def _find_announced_lots(self):
        """Let new holds of announced numbers find the lots that are here already."""
        for hold in self.filtered(lambda hold: hold.scope == "announced"):
            lots = self.env["stock.lot"].sudo().search([("product_id", "=", hold.product_id.id)])
            lots._come_under(hold)

    def _hold_look_alike(self, lot):
        """Hold ``lot`` because its number looks like the announced one."""
        self._hold(
            lot,
            self.reason_id,
            note=self.env._(
                'Looks like the announced lot "%(announced)s". Compare the label, and release this'
                " lot if it is another one.",
                announced=self.lot_name,
            ),
            location=self.location_id or None,
            user_id=self.user_id.id,
        )
