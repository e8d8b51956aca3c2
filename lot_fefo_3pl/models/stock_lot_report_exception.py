from odoo import api, models
from odoo.fields import Domain


class StockLotReportException(models.AbstractModel):
    """When goods of the brand left against a rule: which, why, and who approved it."""

    _name = "stock.lot.report.exception"
    _inherit = ["stock.lot.report"]
    _description = "Exceptions From the Rules"

    @api.model
    def _get_title(self):
        return self.env._("Exceptions")

    @api.model
    def _get_search_hint(self):
        return self.env._("Lot, product, transfer or reason")

    @api.model
    def _get_columns(self):
        return [
            self._column("day", self.env._("Date"), "date"),
            self._column("product", self.env._("Product")),
            self._column("lot", self.env._("Lot")),
            self._column("picking", self.env._("Transfer")),
            self._column("origin", self.env._("Order")),
            self._column("message", self.env._("What stood against it")),
            self._column("reason", self.env._("Why it left")),
            self._column("approver", self.env._("Approved by")),
        ]

    @api.model
    def _get_filters(self):
        return {
            "rotation": self.env._("Not first expired, first out"),
            "all": self.env._("All exceptions"),
        }

    @api.model
    def _get_sortings(self):
        return {"newest": self.env._("Newest first")}

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        domain = (
            Domain("owner_id", "in", scope.owner_ids)
            & Domain("company_id", "in", scope.company_ids)
            & Domain("date_used", "!=", False)
        )
        if options["filterby"] == "rotation":
            domain &= Domain("rule_code", "=", "deviation")
        if search := options["search"]:
            products = self._get_product_search_domain(search)
            domain &= Domain("product_id", "any", products) | Domain.OR(
                Domain(name, "ilike", search)
                for name in ("lot_id.name", "picking_id.name", "picking_id.origin", "reason")
            )
        overrides = self.env["stock.lot.override"]
        found = overrides.search(
            domain, order="date_used desc, id desc", limit=limit, offset=offset
        )
        calendar = self._get_calendar(scope)
        rows = [self._format_override(calendar, override) for override in found]
        return rows, overrides.search_count(domain)

    @api.model
    def _format_override(self, calendar, override):
        return {
            "id": override.id,
            "lot_id": override.lot_id.id,
            "day": calendar._get_lot_day(override.date_used),
            "product": override.product_id.display_name,
            "lot": override.lot_id.name,
            "picking": override.picking_id.name or "",
            "origin": override.picking_id.origin or "",
            "message": override.message,
            "reason": override.reason,
            "approver": override.user_id.name,
        }
