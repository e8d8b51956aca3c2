from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# The classes of the ABC analysis: up to which share of all picks the products go.
ABC_SHARES = {"a": 0.80, "b": 0.95, "c": 1.00}
ABC_DAYS = 90


class StockLotCountPlan(models.TransientModel):
    """Which bins are to be counted: of a zone, not counted for long, with the goods that move."""

    _name = "stock.lot.count.plan"
    _description = "Plan Counts"

    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        default=lambda self: self.env["stock.warehouse"].search(
            [("lot_control", "=", True), ("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    zone_ids = fields.Many2many(
        "stock.location",
        string="Zones or Bins",
        domain="[('warehouse_id', '=', warehouse_id), ('usage', 'in', ['internal', 'view'])]",
        help="These locations and all below them. Empty: the whole warehouse.",
    )
    owner_id = fields.Many2one("res.partner", "Brand", help="Only bins with goods of this brand.")
    not_since = fields.Integer("Not Counted for (Days)", help="0: whenever they were counted last.")
    abc = fields.Selection(
        [("a", "A: the goods of 80% of the picks"), ("b", "B: the next 15%"), ("c", "C: the rest")],
        "Class",
        help="By the lines picked in the last 90 days. Empty: all.",
    )
    only_stocked = fields.Boolean("Leave Out Empty Bins", default=True)
    limit = fields.Integer("At Most (Bins)", default=50, help="Longest not counted first.")
    assigned_user_id = fields.Many2one("res.users", "For")
    planned_date = fields.Date(default=fields.Date.context_today, required=True)
    origin = fields.Char("Reason", default=lambda self: self.env._("Cycle count"))
    bin_count = fields.Integer("Bins Found", compute="_compute_bin_count")

    @api.depends(
        "warehouse_id", "zone_ids", "owner_id", "not_since", "abc", "only_stocked", "limit"
    )
    def _compute_bin_count(self):
        for plan in self:
            plan.bin_count = len(plan._get_bins())

    def action_plan(self):
        """Plan a count of each bin and show the counts."""
        self.ensure_one()
        bins = self._get_bins()
        if not bins:
            raise UserError(self.env._("No bin is like that. Widen the choice."))
        counts = self.env["stock.lot.count"]._plan(
            bins, self.origin, self.assigned_user_id, self.planned_date
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_fefo_3pl.stock_lot_count_action"
        )
        return {**action, "domain": [("id", "in", counts.ids)], "context": {}}

    def _get_bins(self):
        self.ensure_one()
        if not self.warehouse_id:
            return self.env["stock.location"]
        domain = Domain("usage", "=", "internal") & Domain(
            "id", "child_of", (self.zone_ids or self.warehouse_id.view_location_id).ids
        )
        if self.not_since:
            day = fields.Date.context_today(self) - timedelta(days=self.not_since)
            domain &= Domain("last_inventory_date", "=", False) | Domain(
                "last_inventory_date", "<=", day
            )
        stocked = self._get_stocked_domain()
        if stocked is not None:
            domain &= Domain("quant_ids", "any", stocked)
        return self.env["stock.location"].search(
            domain, order="last_inventory_date NULLS FIRST, complete_name", limit=self.limit or None
        )

    def _get_stocked_domain(self):
        """The goods that a bin must hold, or None when it may be empty."""
        if not (self.only_stocked or self.owner_id or self.abc):
            return None
        stocked = Domain("quantity", "!=", 0)
        if self.owner_id:
            brand = self.owner_id.commercial_partner_id.id
            stocked &= Domain("owner_id", "child_of", brand) | Domain(
                "product_id.owner_id", "child_of", brand
            )
        if self.abc:
            stocked &= self._get_abc_domain()
        return stocked

    def _get_abc_domain(self):
        """The goods of the chosen class, by the number of lines picked lately."""
        since = fields.Datetime.now() - timedelta(days=ABC_DAYS)
        picked = self.env["stock.move.line"]._read_group(
            [
                ("state", "=", "done"),
                ("date", ">=", since),
                ("location_id", "child_of", self.warehouse_id.lot_stock_id.id),
                ("location_dest_id.usage", "in", ["customer", "internal", "production"]),
                (
                    "location_dest_id",
                    "not any",
                    [("id", "child_of", self.warehouse_id.lot_stock_id.id)],
                ),
            ],
            ["product_id"],
            ["__count"],
            order="__count DESC, product_id",
        )
        total = sum(lines for _product, lines in picked)
        classes = {"a": [], "b": [], "c": []}
        passed = 0
        for product, lines in picked:
            share = passed / total
            classes[next(name for name, upto in ABC_SHARES.items() if share < upto)].append(
                product.id
            )
            passed += lines
        if self.abc == "c":
            return Domain("product_id", "not in", classes["a"] + classes["b"])
        return Domain("product_id", "in", classes[self.abc])
