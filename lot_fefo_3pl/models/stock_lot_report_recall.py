from odoo import api, models
from odoo.fields import Domain

# A recall that the warehouse has not confirmed is its own note.
UNSHOWN_STATES = ("draft", "cancelled")


class StockLotReportRecall(models.AbstractModel):
    """The recalls of a brand's lots, with how far they are."""

    _name = "stock.lot.report.recall"
    _inherit = ["stock.lot.report"]
    _description = "Recalls of a Brand"

    @api.model
    def _get_title(self):
        return self.env._("Recalls")

    @api.model
    def _get_search_hint(self):
        return self.env._("Number, your reference, lot or reason")

    @api.model
    def _get_columns(self):
        return [
            self._column("number", self.env._("Recall")),
            self._column("day", self.env._("Frozen on"), "date"),
            self._column("kind", self.env._("Kind")),
            self._column("recall_class", self.env._("Class")),
            self._column("state", self.env._("State")),
            self._column("reason", self.env._("Reason")),
            self._column("lots", self.env._("Lots")),
            self._column("consignees", self.env._("Customers"), "integer"),
            self._column("shipped", self.env._("Shipped"), "quantity"),
            self._column("returned", self.env._("Returned"), "quantity"),
            self._column("net", self.env._("Still with customers"), "quantity"),
            self._column("on_hand", self.env._("Found on hand"), "quantity"),
        ]

    @api.model
    def _get_filters(self):
        return {
            "all": self.env._("All recalls"),
            "real": self.env._("Real recalls"),
            "mock": self.env._("Mock recalls"),
        }

    @api.model
    def _get_sortings(self):
        return {"newest": self.env._("Newest first")}

    @api.model
    def _get_link(self, row):
        return "number", f"/my/lots/recalls/{row['id']}"

    @api.model
    def _get_scope_domain(self, scope):
        """The recalls that the brand may read."""
        return (
            Domain("owner_id", "in", scope.owner_ids)
            & Domain("company_id", "in", scope.company_ids)
            & Domain("state", "not in", UNSHOWN_STATES)
        )

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        domain = self._get_scope_domain(scope)
        if options["filterby"] != "all":
            domain &= Domain("is_mock", "=", options["filterby"] == "mock")
        if search := options["search"]:
            domain &= Domain.OR(
                Domain(name, "ilike", search)
                for name in ("name", "brand_reference", "reason", "line_ids.lot_id.name")
            )
        recalls = self.env["stock.lot.recall"]
        total = recalls.search_count(domain)
        found = recalls.search(domain, limit=limit, offset=offset)
        return [self._format_recall(scope, recall) for recall in found], total

    @api.model
    def _format_recall(self, scope, recall):
        calendar = self._get_calendar(scope)
        return {
            "id": recall.id,
            "number": recall.name,
            "day": calendar._get_lot_day(recall.date_frozen) or None,
            "kind": self.env._("Mock recall") if recall.is_mock else self.env._("Recall"),
            "is_mock": recall.is_mock,
            "recall_class": self._selection_label(recall, "recall_class"),
            "state": self.env._("Waits for your approval")
            if recall.state == "confirmed" and recall.approval_state == "asked"
            else self._selection_label(recall, "state"),
            "reason": recall.reason,
            "lots": ", ".join(recall.line_ids.lot_id.mapped("name")),
            "consignees": recall.consignee_count,
            "shipped": recall.quantity_shipped,
            "returned": recall.quantity_returned,
            "net": recall.quantity_net,
            "on_hand": recall.quantity_on_hand,
        }

    @api.model
    def _get_progress(self, recall):
        """How far the recall is: (label, done, of how many)."""
        customers = recall.consignee_count
        facts = [(self.env._("Customers notified"), recall.notified_count, customers)]
        facts.append((self.env._("Customers answered"), recall.answered_count, customers))
        places = len(recall.stock_ids)
        if places:
            counted = len(recall.stock_ids.filtered("count_date"))
            facts.append((self.env._("Places counted"), counted, places))
        if recall.check_count:
            facts.append((self.env._("Checks made"), recall.checked_count, recall.check_count))
        return facts[2:] if recall.is_mock else facts

    @api.model
    def _get_facts(self):
        """The columns that the page of one recall tells above its table."""
        names = ("consignees", "shipped", "returned", "net", "on_hand")
        return [column for column in self._get_columns() if column["name"] in names]

    @api.model
    def _selection_label(self, record, name):
        return dict(record._fields[name]._description_selection(self.env))[record[name]]
