import base64
from collections import Counter

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.csv_table import TableError, decode


class StockLotImport(models.TransientModel):
    """Choose a file, import it, see line by line what became of it."""

    _name = "stock.lot.import"
    _description = "Import of Receipts or Orders"

    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        domain=[("lot_control", "=", True)],
        default=lambda self: self._default_warehouse_id(),
    )
    kind = fields.Selection(
        [
            ("asn", "Announced receipts (ASN)"),
            ("inbound", "Scanned receipts"),
            ("orders", "Orders"),
        ],
        string="Content",
        required=True,
        default="inbound",
    )
    file = fields.Binary("CSV File", attachment=False)
    file_name = fields.Char()
    state = fields.Selection([("choose", "Choose"), ("done", "Done")], default="choose")
    line_ids = fields.Many2many("stock.lot.import.line", readonly=True)
    accepted_count = fields.Integer("Accepted", compute="_compute_counts")
    held_count = fields.Integer("On Hold", compute="_compute_counts")
    ask_count = fields.Integer("Questions", compute="_compute_counts")
    refused_count = fields.Integer("Refused", compute="_compute_counts")
    known_count = fields.Integer("Known Already", compute="_compute_counts")
    result = fields.Binary("Result File", attachment=False, readonly=True)
    result_name = fields.Char()

    @api.model
    def _default_warehouse_id(self):
        return self.env["stock.warehouse"].search(
            [("lot_control", "=", True), ("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("line_ids")
    def _compute_counts(self):
        for wizard in self:
            known = wizard.line_ids.filtered(lambda line: line.code == "already_imported")
            new = wizard.line_ids - known
            wizard.known_count = len(known)
            by_status = Counter(new.mapped("status"))
            for status in ("accepted", "held", "ask", "refused"):
                wizard[f"{status}_count"] = by_status[status]

    def action_import(self):
        """Import the chosen file and show the outcome of each line."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a CSV file first."))
        importer = {
            "asn": self.warehouse_id.lot_import_asn,
            "inbound": self.warehouse_id.lot_import_inbound,
            "orders": self.warehouse_id.lot_import_orders,
        }[self.kind]
        outcome = importer(self._get_text(), self.file_name or "")
        self.write(
            {
                "state": "done",
                "line_ids": [Command.set(outcome["line_ids"])],
                "result": base64.b64encode(outcome["result_csv"].encode("utf-8-sig")),
                "result_name": self._get_result_name(),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Result"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_another(self):
        """Open the dialog for the next file."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("lot_fefo_3pl.stock_lot_import_action"),
            "context": {
                "dialog_size": "extra-large",
                "default_warehouse_id": self.warehouse_id.id,
                "default_kind": self.kind,
            },
        }

    def _get_text(self):
        try:
            return decode(base64.b64decode(self.file))
        except TableError as error:
            raise UserError(self.env["stock.lot.import.base"]._explain_file(error)) from error

    def _get_result_name(self):
        name = (self.file_name or self.kind).removesuffix(".csv")
        return f"{name}-result.csv"
