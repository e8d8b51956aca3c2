from odoo import api, fields, models


class StockLotCountLine(models.Model):
    """Goods of one lot in one bin: what the book says and what was counted.

    The accuracy figures are made of the ``measured`` lines of counts that are done: lines that are
    ``exact`` by number of lines, and ``abs_difference`` by ``expected_qty``; ``date`` is when the
    count was settled.

    Goods are counted in the product's unit. A line that the operator made by counting has no
    expected quantity before the bin is finished, and one that nobody counted appears then.
    """

    _name = "stock.lot.count.line"
    _description = "Counted Lot"
    _order = "count_id, product_id, lot_id, id"
    _rec_name = "lot_name"

    count_id = fields.Many2one("stock.lot.count", required=True, ondelete="cascade", index=True)
    state = fields.Selection(related="count_id.state", store=True)
    location_id = fields.Many2one(related="count_id.location_id", store=True, index=True)
    warehouse_id = fields.Many2one(related="count_id.warehouse_id", store=True)
    company_id = fields.Many2one(related="count_id.company_id", store=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict", index=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", index="btree_not_null")
    lot_name = fields.Char("Lot Number", help="As counted; a new lot is made when it is posted.")
    lot_expiry = fields.Date("Expiry Read")
    package_id = fields.Many2one("stock.package", ondelete="set null")
    package_name = fields.Char("Package Number")
    owner_id = fields.Many2one("res.partner", ondelete="restrict")
    brand_id = fields.Many2one(
        "res.partner", compute="_compute_brand_id", store=True, index="btree_not_null"
    )

    first_qty = fields.Float("First Count", digits="Product Unit")
    second_qty = fields.Float("Last Count", digits="Product Unit")
    expected_qty = fields.Float(
        "In the Book",
        digits="Product Unit",
        help="What lay in the bin by the book when the count was finished, without what somebody"
        " had taken out already for a transfer that is not done yet.",
    )
    assigned_qty = fields.Float(
        "Without Lot Before",
        digits="Product Unit",
        help="Of the expected quantity, what the book had in this bin without a lot: the count"
        " says which lot it is.",
    )
    counted_qty = fields.Float(
        "Counted", digits="Product Unit", compute="_compute_counted", store=True
    )
    difference = fields.Float(digits="Product Unit", compute="_compute_counted", store=True)
    abs_difference = fields.Float(digits="Product Unit", compute="_compute_counted", store=True)
    exact = fields.Boolean(compute="_compute_counted", store=True)
    measured = fields.Boolean(
        compute="_compute_counted",
        store=True,
        help="Something was expected or found: such lines count for the accuracy.",
    )
    date = fields.Datetime("Settled on", related="count_id.date_done", store=True, index=True)
    posted = fields.Boolean(help="The book says what was counted.")
    put_aside_id = fields.Many2one(
        "stock.location",
        "Put Aside in",
        ondelete="restrict",
        help="Where the goods were taken because the rules keep them out of the bin.",
    )
    problem = fields.Text(help="Why the goods cannot be booked into the bin.")

    @api.depends("owner_id", "product_id.owner_id")
    def _compute_brand_id(self):
        for line in self:
            line.brand_id = line.owner_id or line.product_id.owner_id

    @api.depends("first_qty", "second_qty", "expected_qty", "count_id.round", "product_id")
    def _compute_counted(self):
        for line in self:
            counted = line.second_qty if line.count_id.round > 1 else line.first_qty
            line.counted_qty = counted
            line.difference = counted - line.expected_qty
            uom = line.product_id.uom_id
            line.exact = uom.compare(counted, line.expected_qty) == 0
            line.measured = not (uom.is_zero(counted) and uom.is_zero(line.expected_qty))
            line.abs_difference = 0.0 if line.exact else abs(line.difference)

    def action_put_aside(self):
        """Open the dialog that says where goods were taken that may not lie in their bin."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put Aside"),
            "res_model": "stock.lot.count.aside",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_line_id": self.id,
                "default_location_id": self.warehouse_id.count_problem_location_id.id,
            },
        }
