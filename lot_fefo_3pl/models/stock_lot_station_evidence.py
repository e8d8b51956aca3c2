from odoo import api, models
from odoo.exceptions import UserError

from ..tools import gs1
from .stock_lot_scan import STATUSES
from .stock_picking_scan import LotScanFacts
from .stock_picking_scan_answer import _storable

# Not translated: they are printed on labels like this, and a month must not change its letters.
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


class StockLotStation(models.AbstractModel):
    """What the flows share: the evidence of scans, bins by barcode or name, unmistakable days.

    Methods that do something take ``uid``, the id that the device gave to the call: the same id
    again gets the first answer and does nothing.
    """

    _inherit = "stock.lot.station"

    @api.model
    def _check_station_access(self, records=None, operation="write"):
        """Refuse users that are no Lot Operators, and records that they may not use."""
        self._check_operator()
        if records is not None:
            records.check_access(operation)
            if records != records.exists():
                raise UserError(self.env._("This does not exist any more. Go back and refresh."))

    @api.model
    def _get_station_warehouses(self):
        return self.env["stock.warehouse"].search(
            [("lot_control", "=", True), ("company_id", "in", self.env.companies.ids)]
        )

    @api.model
    def _get_station_facts(self, scan, quantity=None):
        """What a scan at the station was about, to be filled for its evidence."""
        return LotScanFacts(
            scan=scan,
            quantity=quantity,
            product=self.env["product.product"],
            lot=self.env["stock.lot"],
            location=self.env["stock.location"],
            package=self.env["stock.package"],
            expected=self.env["stock.move.line"],
        )

    @api.model
    def _get_typed_scan(self, text):
        """What somebody typed or tapped, as evidence: it is no barcode."""
        return gs1.Scan(raw=text, kind="text", text=text)

    @api.model
    def _answer_station(self, picking, facts, code, message, device, uid, **more):
        """Record what was scanned and how it was answered; return the answer.

        :param more: goes into the answer; ``evidence`` goes into the record instead.
        """
        evidence = more.pop("evidence", {})
        answer = {
            "status": STATUSES[code],
            "code": code,
            "message": message,
            "product": self._reference(facts.product),
            "lot": self._reference(facts.lot),
            "location": self._reference(facts.location, "barcode"),
            **more,
        }
        vals = {
            **picking._prepare_lot_scan_vals(facts, code, message, device),
            "company_id": (picking.company_id or self.env.company).id,
            "client_uid": uid or False,
            "answer": answer,
            **evidence,
        }
        vals["barcode"] = _storable(facts.scan.raw) or "-"
        scan = self.env["stock.lot.scan"]._record([vals])
        return {**answer, "scan_id": scan.id}

    @api.model
    def _get_earlier_answer(self, uid):
        """The answer that this user's call with the id ``uid`` got before, or None."""
        return self.env["stock.lot.scan"]._get_own_answer(uid)

    @api.model
    def _find_station_bin(self, picking, text):
        """The location with this barcode, or with this name in the warehouse, when only one has."""
        place = picking._find_lot_scan_bin(text)
        if place or not text:
            return place
        places = self.env["stock.location"].search(
            [
                "|",
                ("name", "=", text),
                ("complete_name", "=", text),
                ("usage", "=", "internal"),
                ("warehouse_id", "=", picking.picking_type_id.warehouse_id.id),
            ],
            limit=2,
        )
        return places if len(places) == 1 else places.browse()

    @api.model
    def _format_day(self, day):
        """A day that nobody can misread: 05 JAN 2027."""
        if not day:
            return ""
        return f"{day.day:02} {MONTHS[day.month - 1]} {day.year}"
