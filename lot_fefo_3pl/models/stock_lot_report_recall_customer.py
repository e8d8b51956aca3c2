from odoo import api, models
from odoo.fields import Domain


class StockLotReportRecallCustomer(models.AbstractModel):
    """The customers of one recall: what each received, sent back and still has."""

    _name = "stock.lot.report.recall_customer"
    _inherit = ["stock.lot.report"]
    _description = "Customers of a Recall"

    @api.model
    def _get_title(self):
        return self.env._("Customers")

    @api.model
    def _get_search_hint(self):
        return self.env._("Customer, address, e-mail or phone")

    @api.model
    def _get_columns(self):
        return [
            self._column("name", self.env._("Customer")),
            self._column("address", self.env._("Address")),
            self._column("email", self.env._("E-mail")),
            self._column("phone", self.env._("Phone")),
            self._column("deliveries", self.env._("Deliveries"), "integer"),
            self._column("first_day", self.env._("First"), "date"),
            self._column("last_day", self.env._("Last"), "date"),
            self._column("quantity", self.env._("Shipped"), "quantity"),
            self._column("returned", self.env._("Returned"), "quantity"),
            self._column("net", self.env._("Still there"), "quantity"),
            self._column("uom", self.env._("Unit")),
            self._column("notice_state", self.env._("Notice")),
            self._column("told_on_hand", self.env._("They have"), "quantity"),
        ]

    @api.model
    def _get_filters(self):
        return {
            "all": self.env._("All customers"),
            "open": self.env._("Those who still have goods"),
        }

    @api.model
    def _get_sortings(self):
        return {"net": self.env._("Most goods first"), "name": self.env._("Name")}

    @api.model
    def _get_rows(self, scope, options, limit=None, offset=0):
        recalls = self.env["stock.lot.report.recall"]._get_scope_domain(scope)
        domain = Domain("recall_id", "any", recalls & Domain("id", "=", options["recall_id"]))
        if options["filterby"] == "open":
            domain &= Domain("net", ">", 0)
        if search := options["search"]:
            domain &= Domain.OR(
                Domain(name, "ilike", search) for name in ("name", "address", "email", "phone")
            )
        order = "name, id" if options["sortby"] == "name" else "net desc, id"
        customers = self.env["stock.lot.recall.consignee"]
        names = [column["name"] for column in self._get_columns()]
        rows = customers.search_read(domain, names, limit=limit, offset=offset, order=order)
        states = dict(customers._fields["notice_state"]._description_selection(self.env))
        for row in rows:
            if row["notice_state"] != "answered":
                row["told_on_hand"] = None
            row["notice_state"] = states.get(row["notice_state"], "")
            for name in names:
                row[name] = None if row[name] is False else row[name]
        return rows, customers.search_count(domain)
