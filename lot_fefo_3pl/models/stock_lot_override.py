from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

DAYS_VALID = 1


class StockLotOverride(models.Model):
    """A supervisor lets one lot from one bin pass one rule on one move, once, for a reason.

    It is for the quantity that was there to see. The done-guard uses it up; what is left unused
    after a day no longer counts.
    """

    _name = "stock.lot.override"
    _description = "Lot Override"
    _order = "id desc"

    move_id = fields.Many2one("stock.move", ondelete="set null", index="btree_not_null")
    picking_id = fields.Many2one(related="move_id.picking_id", store=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", index="btree_not_null")
    location_id = fields.Many2one("stock.location", "Bin", ondelete="restrict")
    quantity = fields.Float(
        digits="Product Unit", help="Up to this quantity, in the product's unit of measure."
    )
    owner_id = fields.Many2one(related="lot_id.owner_id", store=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    rule_code = fields.Selection(
        selection="_selection_rule_code",
        string="Rule",
        required=True,
        # A rule of another module has a code that is not among ours.
        validate=False,
    )
    message = fields.Char("What Stood Against It", required=True)
    level = fields.Selection(
        [("reason", "With a reason"), ("supervisor", "By a supervisor")],
        "Approval",
        required=True,
        default="supervisor",
        help="Whether the policy asked the operator for a reason only, or for a supervisor.",
    )
    reason = fields.Text(required=True)
    user_id = fields.Many2one("res.users", "Approved by", required=True, ondelete="restrict")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    date_end = fields.Datetime(
        "Valid Until",
        required=True,
        default=lambda self: fields.Datetime.now() + timedelta(days=DAYS_VALID),
    )
    date_used = fields.Datetime("Used on")
    used_by_id = fields.Many2one("res.users", "Used by", ondelete="restrict")

    @api.model
    def _selection_rule_code(self):
        return [
            ("deviation", self.env._("Other goods go first")),
            ("unverified", self.env._("Not scanned")),
            ("expired", self.env._("Expired")),
            ("short_dated", self.env._("Short-dated")),
            ("stop_ship", self.env._("Too near to expiry")),
            ("undated", self.env._("Without date")),
            ("older_than_shipped", self.env._("Older than shipped before")),
            ("returned_by_customer", self.env._("Returned by this customer")),
            ("blocked_bin", self.env._("Place not for orders")),
            ("too_early", self.env._("Too early")),
            ("too_many_lots", self.env._("More lots than allowed")),
            ("dates_apart", self.env._("Dates too far apart")),
            ("over_ordered", self.env._("More than ordered")),
        ]

    @api.depends("lot_id", "product_id", "location_id")
    def _compute_display_name(self):
        for override in self:
            goods = override.lot_id or override.product_id
            places = filter(None, (goods.display_name, override.location_id.display_name))
            override.display_name = ", ".join(places)

    @api.model
    def _grant(self, lines, reason, chosen=None):
        """Approve what stands against ``lines``, as the current user.

        :param lines: move lines that are not done yet.
        :param str reason: why, kept on record.
        :param chosen: the (line, rule code) pairs to approve. When not given all that the rules
            say against the goods; that a line was not scanned is approved only when it is chosen.
        :return: the new overrides, one per line and obstacle.
        :raises UserError: without a reason, or when nothing stands against the lines.
        :raises AccessError: when an obstacle is not for this user, or for nobody, to override.
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why these goods may leave."))
        lines = lines.with_env(self.env)
        obstacles = lines._get_lot_obstacles() if chosen is None else lines._get_all_obstacles()
        vals_list = [
            line._prepare_override_vals(obstacle, reason)
            for line, found in obstacles.items()
            for obstacle in found
            if chosen is None or (line, obstacle.code) in chosen
        ]
        if not vals_list:
            raise UserError(self.env._("Nothing stands against these goods."))
        overrides = self.sudo().create(vals_list)
        for override in overrides:
            self.env["stock.lot.audit"]._log(
                override,
                "override.grant",
                lot_id=override.lot_id.id,
                owner_ref=override.owner_id.id,
                company_id=override.company_id.id,
                approver_id=self.env.uid,
                new_value=override.message,
                reason=reason,
            )
        self.env["stock.move.line"]._forget_lot_verification()
        return overrides

    @api.model
    def _check_group(self, obstacle):
        """Refuse when the current user may not override ``obstacle``."""
        if not obstacle.group:
            raise AccessError(
                self.env._("Nobody may override this: %(message)s.", message=obstacle.message)
            )
        if not self.env.user.has_group(obstacle.group):
            raise AccessError(
                self.env._(
                    "Only users of %(group)s may override this: %(message)s.",
                    group=self.env.ref(obstacle.group).sudo().display_name,
                    message=obstacle.message,
                )
            )

    @api.model
    def _consume(self, obstacles):
        """Use up the overrides that were granted for ``obstacles``.

        :param obstacles: ``{line: [LotObstacle, ...]}``.
        :return: what is left of it.
        """
        granted, left = self._match(obstacles)
        granted.write({"date_used": fields.Datetime.now(), "used_by_id": self.env.uid})
        return left

    @api.model
    def _match(self, obstacles):
        """The overrides that were granted for ``obstacles``, and what is left without one."""
        granted, left = self.sudo().browse(), {}
        if not obstacles:
            return granted, left
        lines = self.env["stock.move.line"].union(*obstacles)
        unused = lines._get_open_overrides().grouped(lambda override: override._get_key())
        for line, found in obstacles.items():
            for obstacle in found:
                key = (line.move_id, line.lot_id, line.location_id, obstacle.code)
                fitting = (unused.get(key, granted) - granted).filtered(
                    lambda override, line=line: override._is_enough_for(line)
                )
                if fitting:
                    granted |= fitting[0]
                else:
                    left.setdefault(line, []).append(obstacle)
        return granted, left

    def _get_key(self):
        return (self.move_id, self.lot_id, self.location_id, self.rule_code)

    def _is_enough_for(self, line):
        uom = line.product_id.uom_id
        return uom.compare(line.quantity_product_uom, self.quantity) <= 0

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("An override is not rewritten. Approve anew instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An override stays on record."))
