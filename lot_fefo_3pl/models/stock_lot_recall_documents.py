from odoo import models

from ..tools import recall_list
from ..tools.sheet import to_csv, to_workbook


class StockLotRecall(models.Model):
    """What a recall hands out: the list, and the three lists of an exercise."""

    _inherit = "stock.lot.recall"

    def _get_document(self, name):
        """The bytes of one of the recall's files: list.csv, list.xlsx or exercise.xlsx."""
        self.ensure_one()
        columns = recall_list.RECALL_LIST
        if name == "list.csv":
            rows = self._get_list_rows(self.shipment_ids | self.possible_ids)
            return to_csv(columns, recall_list.table(columns, rows))
        if name == "list.xlsx":
            return to_workbook(self._get_list_sheets(columns))
        return to_workbook(self._get_exercise())

    def _get_list_sheets(self, columns):
        """The list, and on a sheet of its own what is in doubt."""
        sheets = [(self.env._("Recall list"), self.shipment_ids)]
        if self.possible_ids:
            sheets.append((self.env._("Possibly affected"), self.possible_ids))
        return [
            (title, columns, recall_list.table(columns, self._get_list_rows(shipments)))
            for title, shipments in sheets
        ]

    def _get_list_rows(self, shipments):
        head = {
            "recall": self.name,
            "mock": self.env._("MOCK") if self.is_mock else "",
            "brand": self.owner_id.name or "",
            "class": dict(self._fields["recall_class"]._description_selection(self.env))[
                self.recall_class
            ],
            "reason": self.reason,
        }
        return [{**head, **row} for row in shipments._get_list_rows()]

    def _get_exercise(self):
        """Four sheets: what came in, what went out, what is here, and whether it adds up.

        Out and on hand are the recall's own copies; in and balance are read anew.
        """
        lots = self.line_ids.lot_id
        trace = self.env["stock.lot.trace"]
        calendar = self.env["stock.lot"]._get_retention_calendar(self.company_id)
        inbound = [
            {**row, "expiry": calendar._get_lot_day(row["expiry"]) or None}
            for row in trace.backward(lots.ids)
        ]
        sheets = (
            (self.env._("Inbound"), recall_list.INBOUND, inbound),
            (
                self.env._("Outbound"),
                recall_list.DELIVERED,
                self.shipment_ids._get_list_rows(),
            ),
            (self.env._("On hand"), recall_list.ON_HAND, self.stock_ids._get_list_rows()),
            (self.env._("Balance"), recall_list.BALANCE, trace.mass_balance(lots.ids)),
        )
        if self.possible_ids:
            doubtful = self.possible_ids._get_list_rows()
            sheets += ((self.env._("Possibly affected"), recall_list.DELIVERED, doubtful),)
        return [
            (title, columns, recall_list.table(columns, rows)) for title, columns, rows in sheets
        ]
