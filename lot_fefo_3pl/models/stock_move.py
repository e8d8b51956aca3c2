from odoo import Command, api, fields, models

from .rules.stock_lot_rule import LotDemand


class StockMove(models.Model):
    _inherit = "stock.move"

    lot_policy_id = fields.Many2one(
        "stock.lot.policy",
        domain="[('for_orders', '=', True)]",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Rules of this order line alone, before those of the customer and the brand.",
    )
    takes_lot_controlled = fields.Boolean(compute="_compute_takes_lot_controlled")

    def _update_reserved_quantity_vals(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        """Promise fit goods only, in the order of the policy: on the first step and on chained
        ones, which core does not send through ``_update_reserved_quantity``."""
        move = self._with_lot_demand().with_context(lot_fefo_3pl_move=self)
        return super(StockMove, move)._update_reserved_quantity_vals(
            need, location_id, lot_id, package_id, owner_id, strict
        )

    def _set_quantity_done_prepare_vals(self, qty):
        """Choose the same goods when somebody types a quantity or validates a draft."""
        return super(StockMove, self._with_lot_demand())._set_quantity_done_prepare_vals(qty)

    def _with_lot_demand(self):
        """This move, with its demand in the context for the search of goods.

        The key only adds restrictions and carries a Python object, so no caller can use it to
        get more than the rules allow.
        """
        if not self._takes_lot_controlled():
            return self
        demand = self._get_lot_demand(reserving=True)
        # Our rule on expiry replaces product_expiry's filter, which looks at the planned date only.
        return self.with_context(lot_fefo_3pl_demand=demand, with_expiration=False)

    def _get_lot_demand(self, operation=None, reserving=False):
        """What this move wants goods for, see ``LotDemand``."""
        self.ensure_one()
        operation = operation or self.location_id._get_lot_operation(self.location_dest_id)
        warehouse, owner, customer = self._get_lot_parties(operation)
        settings = self.env["stock.lot.policy"]._get_demand_settings(
            warehouse, owner, customer, self.product_id, self.lot_policy_id
        )
        today = warehouse._get_lot_today()
        day = max(today, warehouse._get_lot_day(self.date)) if reserving else today
        return LotDemand(
            operation=operation,
            warehouse_id=warehouse.id,
            owner_id=owner.id or 0,
            customer_id=customer.id or 0,
            day=day,
            life_day=self._get_lot_life_day(dict(settings)["reference_day"], today, day),
            reserving=reserving,
            settings=settings,
        )

    def _get_lot_parties(self, operation):
        """The warehouse, brand and customer whose policies hold for an operation with the goods."""
        leaving = operation in ("pick", "ship")
        customer = (
            self.picking_id.partner_id or self.partner_id if leaving else self.partner_id.browse()
        )
        owner = self._get_lot_owner(leaving)
        return (
            self._get_lot_warehouse(),
            owner.commercial_partner_id,
            customer.commercial_partner_id,
        )

    def _get_lot_setting(self, name, operation):
        """What the policies say of one thing, see ``stock.lot.policy``."""
        settings = self.env["stock.lot.policy"]._get_settings(
            *self._get_lot_parties(operation), self.product_id, self.lot_policy_id
        )
        return settings[name].value

    def _get_lot_life_day(self, reference_day, today, day):
        """The day on which the remaining life is measured."""
        if reference_day == "today":
            return today
        if reference_day == "delivery" and self.date_deadline:
            return max(day, self._get_lot_warehouse()._get_lot_day(self.date_deadline))
        return day

    def _get_lot_warehouse(self):
        """The warehouse whose rules hold; goods in transit follow the one that handles them.

        Goods in transit that nobody handles follow a controlled warehouse of their company.
        """
        return (
            self.location_id.warehouse_id
            or self.picking_type_id.warehouse_id
            or self.location_dest_id.warehouse_id
            or self.env["stock.warehouse"].search(
                [("lot_control", "=", True), ("company_id", "=", self.company_id.id)], limit=1
            )
        )

    def _prepare_merge_moves_distinct_fields(self):
        """Lines with rules of their own stay lines of their own."""
        return [*super()._prepare_merge_moves_distinct_fields(), "lot_policy_id"]

    def _prepare_procurement_values(self):
        return {**super()._prepare_procurement_values(), "lot_policy_id": self.lot_policy_id.id}

    def _is_lot_order(self):
        """Whether the goods go to an order, which gets them in the order of the rotation."""
        return bool(self.picking_id) or self.location_dest_id.usage == "customer"

    @api.depends("location_id", "picking_type_id")
    def _compute_takes_lot_controlled(self):
        for move in self:
            move.takes_lot_controlled = move._takes_lot_controlled()

    def _takes_lot_controlled(self):
        """Whether the rules hold for what this move takes, by its place and who handles it."""
        controlled = self.location_id._is_lot_controlled()
        return controlled and self._get_lot_warehouse()._is_lot_controlled()

    def _get_lot_owner(self, leaving=True):
        """Whose goods the move is to take: as said on the move or the transfer, else the brand of
        the product when goods leave."""
        self.ensure_one()
        owner = self.restrict_partner_id or self.picking_id.owner_id
        return owner or (self.product_id.owner_id if leaving else owner)

    def _check_lots(self):
        """The action that shows what stands against the goods of these moves."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check Lots"),
            "res_model": "stock.lot.override.grant",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_ids": [Command.set(self.ids)], "dialog_size": "extra-large"},
        }

    def action_explain_lots(self):
        """Open "Why not this lot?": every candidate with its reasons, and the policy in force."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why not this lot?"),
            "res_model": "stock.lot.simulation",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_move_id": self.id,
                "default_product_id": self.product_id.id,
                "default_warehouse_id": self._get_lot_warehouse().id,
                "default_owner_id": self._get_lot_owner().id,
                "default_customer_id": (self.picking_id.partner_id or self.partner_id).id,
                "default_date": self.date,
            },
        }
