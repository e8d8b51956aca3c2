from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools.recall_figures import recovery
from ..tools.sheet import to_workbook
from .stock_lot_recall_clock import CLOCKS
from .stock_lot_recall_notice import NOTIFIED

CUSTOMER_COLUMNS = (
    "customer",
    "address",
    "phone",
    "email",
    "notice",
    "notified_utc",
    "method",
    "reminders",
    "answered_utc",
    "received",
    "returned_before",
    "on_hand",
    "returned",
    "destroyed",
    "sold",
    "unaccounted",
    "came_back",
    "customers_told",
    "check",
)
NOTICE_COLUMNS = (
    "customer",
    "kind",
    "method",
    "address",
    "date_utc",
    "sent_utc",
    "state",
    "failure",
    "by",
)
ANSWER_COLUMNS = (
    "customer",
    "date_utc",
    "method",
    "contact",
    "phone",
    "lot",
    "received",
    "on_hand",
    "returned",
    "destroyed",
    "sold",
    "customers_told",
    "remarks",
)
# In millimetres; the margins at the sides are in the pages' own style.
PAPER = {
    "data-report-margin-top": 12,
    "data-report-margin-bottom": 12,
    "data-report-header-spacing": 0,
}
AUDIT_COLUMNS = ("date_utc", "user", "event", "field", "old", "new", "reason")


class StockLotRecall(models.Model):
    """R14: the status report of 21 CFR 7.53(b), and when the next one is due."""

    _inherit = "stock.lot.recall"

    status_days = fields.Integer(
        "Status Report Every (days)", default=14, help="0: nobody is reminded of it."
    )
    date_status = fields.Datetime("Last Status Report", readonly=True, copy=False)
    date_estimated = fields.Date(
        "Estimated Completion", tracking=True, help="Stands in the status report."
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"date_status"}

    def _get_status(self):
        """The figures of the report, by the six points of 21 CFR 7.53(b)."""
        self.ensure_one()
        customers = self.consignee_ids
        told = customers.filtered(lambda row: row.notice_state in NOTIFIED)
        answered = customers.filtered(lambda row: row.notice_state == "answered")
        silent = customers - answered
        # Who got more since has still told of what came before.
        never = customers.filtered(lambda row: not row.answered_on)
        methods = {
            label: len(told.filtered(lambda row, code=code: row.notified_by == code))
            for code, label in customers._fields["notified_by"]._description_selection(self.env)
        }
        results = {
            label: len(customers.filtered(lambda row, code=code: row.check_result == code))
            for code, label in customers._fields["check_result"]._description_selection(self.env)
        }
        return {
            "customers": len(customers),
            "notified": len(told),
            "first_notice": self.date_first_notice,
            "all_notified": self.date_all_notified,
            "methods": {label: count for label, count in methods.items() if count},
            "answered": len(answered),
            "on_hand": sum(customers.mapped("told_on_hand")),
            "silent": len(silent),
            "silent_names": silent.mapped("name"),
            "returned": sum(customers.mapped("told_returned")),
            "destroyed": sum(customers.mapped("told_destroyed")),
            "sold": sum(customers.mapped("told_sold")),
            "came_back": sum(customers.mapped("quantity_back")),
            **recovery(
                self.quantity_shipped,
                sum(customers.mapped("told_returned")) + sum(never.mapped("returned")),
                sum(customers.mapped("told_destroyed")),
                sum(customers.mapped("told_sold")) + sum(customers.mapped("told_on_hand")),
            ),
            "check_level": self.check_level,
            "check_size": self.check_count,
            "checked": self.checked_count,
            "check_results": {label: count for label, count in results.items() if count},
            "estimated": self.date_estimated,
        }

    def action_status_pdf(self):
        """Download the status report as PDF."""
        return self._note_status("status.pdf")

    def action_status_xlsx(self):
        """Download the status report as a workbook, with customers, messages and answers."""
        return self._note_status("status.xlsx")

    def _note_status(self, name):
        self.ensure_one()
        self.check_access("read")
        if self.state == "confirmed" and self.has_access("write"):
            self.sudo().date_status = fields.Datetime.now()
            self.env["stock.lot.audit"]._log(self, "recall.status", new_value=name)
        return self._download(name)

    def _get_document(self, name):
        if name == "letter.pdf":
            return self._get_letter_pdf()
        if name == "status.pdf":
            return self._get_status_pdf()
        if name == "status.xlsx":
            return to_workbook(self._get_status_sheets())
        return super()._get_document(name)

    def _get_status_pdf(self):
        """The report with clocks, customers and every entry of the trail, as one PDF."""
        return self._print(
            "lot_fefo_3pl.recall_status_pdf",
            {
                "recall": self,
                "status": self._get_status(),
                "clocks": self._get_clock_rows(),
                "labels": self._get_status_labels(),
                "balance": self.env["stock.lot.trace"].mass_balance(self.line_ids.lot_id.ids),
                "audit": self._get_audit_rows(),
                "points": self._get_open_points(),
                "format_number": "{:g}".format,
                "printed": fields.Datetime.now(),
            },
        )

    def _get_letter_pdf(self):
        """The letters as the brand is shown them."""
        letters = [letter for _customer, _subject, letter in self._get_sample_letters()]
        return self._print("lot_fefo_3pl.recall_letter_pdf", {"letters": letters})

    def _print(self, template, values):
        """The page ``template`` as PDF, without letterhead."""
        html = self.env["ir.qweb"]._render(template, values)
        return self.env["ir.actions.report"]._run_wkhtmltopdf(
            [f"<!DOCTYPE html>{html}"], specific_paperformat_args=PAPER
        )

    def _get_status_labels(self):
        """The rows of the report in words: (label, value)."""
        status = self._get_status()
        as_text = "{:g}".format
        several = ", ".join
        return [
            (self.env._("Customers that received the goods"), as_text(status["customers"])),
            (self.env._("Customers notified"), as_text(status["notified"])),
            (
                self.env._("Method"),
                several(f"{label}: {count}" for label, count in status["methods"].items()),
            ),
            (self.env._("First notice (UTC)"), str(status["first_notice"] or "")),
            (self.env._("All notified (UTC)"), str(status["all_notified"] or "")),
            (self.env._("Customers that answered"), as_text(status["answered"])),
            (self.env._("They have on hand"), as_text(status["on_hand"])),
            (self.env._("Customers that did not answer"), as_text(status["silent"])),
            (self.env._("Units shipped"), as_text(self.quantity_shipped)),
            (self.env._("Returned, by their words"), as_text(status["returned"])),
            (self.env._("Destroyed, by their words"), as_text(status["destroyed"])),
            (self.env._("Sold or used, by their words"), as_text(status["sold"])),
            (self.env._("Came back here since the start"), as_text(status["came_back"])),
            (self.env._("Accounted for"), as_text(status["accounted"])),
            (self.env._("Not accounted for"), as_text(status["unaccounted"])),
            (self.env._("Accounted for (%)"), as_text(status["percent"])),
            (self.env._("Effectiveness checks, level"), status["check_level"]),
            (
                self.env._("Checks made"),
                self.env._(
                    "%(done)s of %(size)s", done=status["checked"], size=status["check_size"]
                ),
            ),
            (
                self.env._("Results"),
                several(f"{label}: {count}" for label, count in status["check_results"].items()),
            ),
            (self.env._("Estimated completion"), str(status["estimated"] or "")),
        ]

    def _get_clock_rows(self):
        """The eleven times: (label, UTC or False, hours since the request or False)."""
        rows = []
        for name in CLOCKS:
            moment = self[name]
            hours = moment and (moment - self.date_requested).total_seconds() / 3600
            rows.append((self._fields[name]._description_string(self.env), moment, hours))
        return rows

    def _get_status_sheets(self):
        """Sheets of the workbook: report, customers, messages, answers, clocks, trail, and the
        lists of the exercise."""
        clocks = [
            (label, str(moment or ""), "" if hours is False else round(hours, 4))
            for label, moment, hours in self._get_clock_rows()
        ]
        notices = [
            (
                notice.consignee_id.name,
                notice.kind,
                notice.method,
                notice.address or "",
                str(notice.date),
                str(notice.date_sent or ""),
                notice.state,
                notice.failure or "",
                notice.user_id.name or "",
            )
            for notice in self.notice_ids.sorted("id")
        ]
        return [
            (self.env._("Status"), ("point", "value"), self._get_status_labels()),
            (self.env._("Customers"), CUSTOMER_COLUMNS, self.consignee_ids._get_status_rows()),
            (self.env._("Messages"), NOTICE_COLUMNS, notices),
            (self.env._("Answers"), ANSWER_COLUMNS, self._get_answer_rows()),
            (self.env._("Clocks"), ("clock", "utc", "hours"), clocks),
            (self.env._("Trail"), AUDIT_COLUMNS, self._get_audit_rows()),
            *self._get_exercise(),
        ]

    def _get_answer_rows(self):
        return [
            (
                response.consignee_id.name,
                str(response.date),
                response.method,
                response.contact or "",
                response.phone or "",
                line.lot_id.name,
                line.quantity,
                line.on_hand,
                line.returned,
                line.destroyed,
                line.sold,
                response.sub_recalled or "",
                response.remarks or "",
            )
            for response in self.consignee_ids.response_ids.sorted("id")
            for line in response.line_ids
        ]

    @api.model
    def _run_status_reminders(self):
        """Cron: a task for whoever is responsible when the next report is due."""
        now = fields.Datetime.now()
        recalls = self.search(
            [("state", "=", "confirmed"), ("is_mock", "=", False), ("status_days", ">", 0)]
        )
        summary = self.env._("Status report is due")
        for recall in recalls:
            last = recall.date_status or recall.date_frozen
            waiting = recall.activity_ids.filtered(lambda task: task.summary == summary)
            if not waiting and last + relativedelta(days=recall.status_days) <= now:
                recall._remind_responsible(
                    summary, self.env._("21 CFR 7.53: usually every two to four weeks.")
                )


class StockLotRecallConsignee(models.Model):
    _inherit = "stock.lot.recall.consignee"

    def _get_status_rows(self):
        label = self._selection_labels
        states, methods = label("notice_state"), label("notified_by")
        told, results = label("sub_recalled"), label("check_result")
        return [
            (
                row.name,
                row.address or "",
                row.phone or "",
                row._get_notice_email(),
                states.get(row.notice_state, ""),
                str(row.notified_on or ""),
                methods.get(row.notified_by, ""),
                row.reminder_count,
                str(row.answered_on or ""),
                row.quantity,
                row.returned,
                *(
                    (
                        row.told_on_hand,
                        row.told_returned,
                        row.told_destroyed,
                        row.told_sold,
                        row.told_missing,
                    )
                    if row.answered_on
                    else (None,) * 5
                ),
                row.quantity_back,
                told.get(row.sub_recalled, ""),
                results.get(row.check_result, "") if row.in_check else None,
            )
            for row in self
        ]

    def _selection_labels(self, name):
        return dict(self._fields[name]._description_selection(self.env))
