from odoo import api, fields, models

from ..models.stock_lot_policy import NUMBERS, NUMBERS_OF


class StockLotSimulation(models.TransientModel):
    """Which lots an order line gets, in which order, and why not the others.

    Opened on a move it explains that move ("Why not this lot?"); opened from the menu it answers
    for any brand, customer, product and day. It evaluates the rules that reservation uses.
    """

    _name = "stock.lot.simulation"
    _description = "Lot Policy Simulator"

    move_id = fields.Many2one("stock.move", ondelete="cascade")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        default=lambda self: self.env["stock.warehouse"].search(
            [("lot_control", "=", True)], limit=1
        ),
        domain="[('lot_control', '=', True)]",
    )
    product_id = fields.Many2one(
        "product.product", required=True, domain="[('is_storable', '=', True)]"
    )
    owner_id = fields.Many2one("res.partner", "Brand")
    customer_id = fields.Many2one("res.partner")
    date = fields.Datetime("Leaves on", required=True, default=fields.Datetime.now)
    candidates = fields.Html(compute="_compute_answer")
    settings = fields.Html(compute="_compute_answer")

    @api.onchange("product_id")
    def _onchange_product_id(self):
        self.owner_id = self.product_id.owner_id

    @api.depends("move_id", "warehouse_id", "product_id", "owner_id", "customer_id", "date")
    def _compute_answer(self):
        qweb = self.env["ir.qweb"]
        for simulation in self:
            if not simulation.product_id or not simulation.warehouse_id:
                simulation.candidates = simulation.settings = False
                continue
            simulation.candidates = qweb._render(
                "lot_fefo_3pl.lot_candidates", {"rows": simulation._get_candidates()}
            )
            simulation.settings = qweb._render(
                "lot_fefo_3pl.lot_policy_settings", {"rows": simulation._get_settings()}
            )

    def _get_demand(self):
        return self._get_move()._get_lot_demand(reserving=True)

    def _get_move(self):
        """The move that is explained, or one that exists in memory only."""
        if self.move_id:
            return self.move_id
        warehouse = self.warehouse_id
        customers = self.env.ref("stock.stock_location_customers")
        return self.env["stock.move"].new(
            {
                "product_id": self.product_id.id,
                "restrict_partner_id": self.owner_id.id,
                "partner_id": self.customer_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": customers.id,
                "picking_type_id": warehouse.out_type_id.id,
                "date": self.date,
                "date_deadline": self.date,
            }
        )

    def _get_candidates(self):
        """The goods in the stock zone in the order of the rotation, the unfit ones last.

        :return: list of dicts with ``lot, bin, owner, expiry, quantity, taken, free, reasons``,
            ``taken`` by the explained move.
        """
        demand = self._get_demand()
        move = self._get_move()
        quants = self.env["stock.quant"].sudo().with_context(lot_fefo_3pl_demand=demand)
        order = quants._get_removal_strategy_order(
            quants._get_removal_strategy(move.product_id, move.location_id)
        )
        goods = quants.search(
            [
                ("product_id", "=", move.product_id.id),
                ("location_id", "child_of", move.location_id.id),
                ("quantity", ">", 0),
            ],
            order=order,
        )
        obstacles = self.env["stock.lot.rule"]._get_obstacles(goods, demand)
        warehouse = self.warehouse_id
        lines = self.move_id.move_line_ids.grouped(lambda line: line._get_place())
        rows = [
            {
                "lot": quant.lot_id.name or "",
                "bin": quant.location_id.display_name,
                "owner": quant.owner_id.display_name or "",
                "expiry": warehouse._get_lot_day(quant.expiration_date) or "",
                "quantity": quant.quantity,
                "taken": sum(
                    lines.get(quant._get_place(), self.env["stock.move.line"]).mapped(
                        "quantity_product_uom"
                    )
                ),
                "free": max(quant.quantity - quant.reserved_quantity, 0),
                "reasons": [message for _code, message in obstacles.get(quant, ())],
            }
            for quant in goods
        ]
        return sorted(rows, key=lambda row: bool(row["reasons"]))

    def _get_settings(self):
        """Every setting with its value and where it comes from.

        :return: list of dicts with ``name, value, source``.
        """
        policies = self.env["stock.lot.policy"]
        move, demand = self._get_move(), self._get_demand()
        partners = self.env["res.partner"]
        resolved = policies._get_settings(
            self.warehouse_id,
            partners.browse(demand.owner_id),
            partners.browse(demand.customer_id),
            move.product_id,
            move.lot_policy_id,
        )
        return [
            {
                "name": policies._fields[name]._description_string(self.env),
                "value": policies._describe_value(name, setting.value),
                "source": policies.sudo().browse(setting.policy_id).name
                or self.env._("Built-in default"),
            }
            for name, setting in resolved.items()
            if name not in NUMBERS or setting.value or self._is_number_used(name, resolved)
        ]

    def _is_number_used(self, name, resolved):
        """Whether a number that is 0 says something, because what it belongs to asks for one."""
        parents = [parent for parent, numbers in NUMBERS_OF.items() if name in numbers]
        return any(resolved[parent].value in ("days", "percent", "limit") for parent in parents)
