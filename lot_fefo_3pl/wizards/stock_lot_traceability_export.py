from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.sheet import to_csv, to_workbook


class StockLotTraceabilityExport(models.TransientModel):
    """Traceability records of lots or of a time: sortable sheet, what is missing in it, EPCIS."""

    _name = "stock.lot.traceability.export"
    _description = "Traceability Records"

    lot_ids = fields.Many2many(
        "stock.lot", string="Lots", help="Empty: all lots of the Food Traceability List."
    )
    date_from = fields.Date("From")
    date_to = fields.Date("Until")
    event_count = fields.Integer("Events", compute="_compute_counts")
    gap_count = fields.Integer("Events With Missing Elements", compute="_compute_counts")

    @api.depends("lot_ids", "date_from", "date_to")
    def _compute_counts(self):
        for export in self:
            rows = export._get_rows() if export._is_bounded() else []
            export.event_count = len(rows)
            export.gap_count = sum(bool(row["gaps"]) for row in rows)

    def _is_bounded(self):
        return bool(self.lot_ids or (self.date_from and self.date_to))

    def _get_period(self):
        """The two moments between which events count; None where there is no limit."""
        calendar = self.env["stock.lot"]._get_retention_calendar(self.env.company)
        since = calendar._get_lot_day_start(self.date_from) if self.date_from else None
        end = self.date_to and self.date_to + timedelta(days=1)
        return since, calendar._get_lot_day_start(end) if end else None

    def _get_rows(self):
        lots = self.lot_ids._origin
        return self.env["stock.lot.traceability"]._get_rows(lots, *self._get_period())

    def action_workbook(self):
        """Download the sheet, its gaps and the plan as one workbook."""
        return self._download("fsma204.xlsx")

    def action_csv(self):
        """Download the sheet as CSV."""
        return self._download("fsma204.csv")

    def action_epcis(self):
        """Download the events of the lots as EPCIS 2.0 (JSON-LD)."""
        return self._download("epcis.jsonld")

    def _download(self, name):
        self.ensure_one()
        self._check_bounds()
        return {
            "type": "ir.actions.act_url",
            "url": f"/lot_fefo_3pl/traceability/{self.id}/{name}",
            "target": "download",
        }

    def _check_bounds(self):
        if not self._is_bounded():
            raise UserError(self.env._("Choose lots, or say from which day until which day."))
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise UserError(self.env._("The first day is after the last one: swap them."))

    def _get_document(self, name):
        """The bytes of one of the files: fsma204.xlsx, fsma204.csv or epcis.jsonld."""
        self.ensure_one()
        self._check_bounds()
        if name == "epcis.jsonld":
            return self.env["stock.lot.epcis"]._get_json(self._get_lots(), *self._get_period())
        sheets = self.env["stock.lot.traceability"]
        rows = self._get_rows()
        header, table = sheets._get_table(rows)
        if name == "fsma204.csv":
            return to_csv(header, table)
        return to_workbook(
            [
                (self.env._("Events"), header, table),
                (self.env._("Missing elements"), *sheets._get_gap_table(rows)),
                (self.env._("Plan"), *sheets._get_plan_table()),
            ]
        )

    def _get_lots(self):
        """The chosen lots, else those of the events in the period."""
        lines = self.env["stock.move.line"].browse(row["line_id"] for row in self._get_rows())
        return self.lot_ids or lines.lot_id
