from odoo import api, models

from ..tools import gs1
from .stock_lot_station_load import StationQuestion
from .stock_picking_scan import LotScanStop


class StockLotStation(models.AbstractModel):
    """Receiving: which receipt a scan belongs to."""

    _inherit = "stock.lot.station"

    @api.model
    def receive_find(self, barcode):
        """The open receipt that was scanned by its name, its shipment or an announced pallet.

        :return: its id, or False.
        :raises AccessError: when the user is no Lot Operator.
        """
        self._check_station_access()
        return self._find_named_receipt(gs1.parse(barcode)).id

    @api.model
    def _find_receipt(self, scan):
        """The receipt that a scan on the list opens, or a new one.

        :raises LotScanStop: when the scan does not tell.
        """
        if scan.kind in ("empty", "invalid"):
            raise LotScanStop("unreadable", self.env["stock.picking"]._word_unreadable(scan))
        return self._find_named_receipt(scan) or self._find_receipt_of_goods(scan)

    @api.model
    def _get_open_receipt_domain(self):
        return [
            ("picking_type_id", "in", self._get_station_warehouses().in_type_id.ids),
            ("state", "not in", ("done", "cancel")),
        ]

    @api.model
    def _find_named_receipt(self, scan):
        pickings, open_ones = self.env["stock.picking"], self._get_open_receipt_domain()
        if scan.kind == "text":
            found = pickings.search(
                ["|", ("name", "=", scan.text), ("origin", "=", scan.text), *open_ones], limit=2
            )
            return found if len(found) == 1 else pickings
        if scan.sscc:
            parts = self.env["stock.lot.announcement"].search([("sscc", "=", scan.sscc)])
            return parts.picking_id._get_receipt_chain().filtered_domain(open_ones)[:1]
        return pickings

    @api.model
    def _find_receipt_of_goods(self, scan):
        warehouses, open_ones = self._get_station_warehouses(), self._get_open_receipt_domain()
        code = scan.item or scan.text
        products = self.env["product.product"]
        for company in warehouses.company_id:
            products |= products._find_by_codes([code], company).get(code, (products, 1))[0]
        if not products:
            raise LotScanStop(
                "unknown_barcode",
                self.env._(
                    "%(code)s is no receipt, announced pallet or product that is known here."
                    " Choose the receipt, or ask a supervisor to add the barcode.",
                    code=scan.item or scan.sscc or scan.text,
                ),
            )
        owner = products.owner_id.commercial_partner_id
        waiting = self.env["stock.picking"].search(
            [*open_ones, ("move_ids.product_id", "in", products.ids)], order="scheduled_date, id"
        )
        waiting = waiting.filtered(
            lambda receipt: receipt.owner_id in (owner, receipt.owner_id[:0])
        )
        if len(waiting) == 1:
            return waiting
        if waiting or len(owner) != 1 or len(warehouses) != 1:
            raise StationQuestion(
                "ask_product",
                self.env._("Which receipt do these goods belong to? Choose it."),
                choices=[self._get_receipt_head(receipt) for receipt in waiting],
            )
        # One that somebody began and received nothing into is taken again.
        empty = [
            *open_ones,
            ("owner_id", "=", owner.id),
            ("move_ids", "=", False),
            ("create_uid", "=", self.env.uid),
        ]
        begun = self.env["stock.picking"].search(empty, limit=1)
        return begun or self._create_receipt(warehouses, owner)
