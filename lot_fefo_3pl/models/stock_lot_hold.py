from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .held_goods import HeldEverywhere
from .locking import write_rows

# What tells which goods are held, and until when, is fixed once a hold exists: release it and hold
# anew.
PROTECTED_FIELDS = frozenset(
    {
        "lot_id",
        "product_id",
        "lot_name",
        "location_id",
        "receipt_id",
        "reason_id",
        "state",
        "date_start",
        "date_end",
        "user_id",
        "release_date",
        "release_user_id",
        "release_reason",
        "scope",
        "owner_id",
        "company_id",
        "unreserved_move_ids",
    }
)
# Who held the goods since when is found, not said.
FOUND_FIELDS = frozenset(
    {"state", "date_start", "user_id", "release_date", "release_user_id", "release_reason"}
)


class StockLotHold(models.Model):
    """Who holds what, why, from when to when.

    Creating a hold is holding: whatever route it takes (button, recall, API), the goods are
    un-reserved and the entry is in the audit trail in the same transaction.
    """

    _name = "stock.lot.hold"
    _description = "Lot Hold"
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "reason_id"

    lot_id = fields.Many2one(
        "stock.lot", ondelete="restrict", index="btree_not_null", check_company=True
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    lot_name = fields.Char(
        "Announced Lot",
        help="A lot number that is not in the system yet. It is held when it arrives.",
    )
    receipt_id = fields.Many2one(
        "stock.picking",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Without a lot: every lot of the product that is still to come on this receipt.",
    )
    scope = fields.Selection(
        [
            ("lot", "Lot"),
            ("announced", "Announced lot"),
            ("receipt", "What comes on a receipt"),
            ("product", "All lots of the product"),
        ],
        "What Is Held",
        compute="_compute_scope",
        store=True,
        precompute=True,
    )
    location_id = fields.Many2one(
        "stock.location",
        "Only in",
        ondelete="restrict",
        check_company=True,
        help="Hold the goods in this location and below only. Empty: wherever they are.",
    )
    reason_id = fields.Many2one("stock.lot.hold.reason", required=True, ondelete="restrict")
    blocks_nothing = fields.Boolean(related="reason_id.blocks_nothing")
    note = fields.Text()
    unreserved_move_ids = fields.Many2many(
        "stock.move",
        string="Orders That Lost These Goods",
        readonly=True,
        help="They are promised goods again when the hold is released.",
    )
    staged_ids = fields.One2many("stock.lot.hold.staged", "hold_id", "On Their Way Out")
    staged_count = fields.Integer("Picked, Packed or Staged", compute="_compute_staged_count")
    state = fields.Selection(
        [("active", "Held"), ("released", "Released")],
        required=True,
        default="active",
        readonly=True,
        index=True,
    )
    date_start = fields.Datetime("Since", required=True, default=fields.Datetime.now, readonly=True)
    date_end = fields.Datetime(
        "Until", help="The hold ends by itself then. Empty: until somebody releases it."
    )
    is_active = fields.Boolean("In Force", compute="_compute_is_active", search="_search_is_active")
    user_id = fields.Many2one(
        "res.users",
        "Held by",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
        ondelete="restrict",
    )
    release_date = fields.Datetime("Released on", readonly=True)
    release_user_id = fields.Many2one("res.users", "Released by", readonly=True)
    release_reason = fields.Text(readonly=True)
    owner_id = fields.Many2one(
        "res.partner", "Brand", compute="_compute_owner_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )

    @api.depends("lot_id")
    def _compute_product_id(self):
        for hold in self:
            hold.product_id = hold.lot_id.product_id or hold.product_id

    @api.depends("lot_id", "lot_name", "receipt_id")
    def _compute_scope(self):
        for hold in self:
            if hold.lot_id:
                hold.scope = "lot"
            elif hold.lot_name:
                hold.scope = "announced"
            else:
                hold.scope = "receipt" if hold.receipt_id else "product"

    @api.depends("lot_id.owner_id", "product_id.owner_id")
    def _compute_owner_id(self):
        for hold in self:
            hold.owner_id = hold.lot_id.owner_id or hold.product_id.owner_id

    @api.depends("lot_id.company_id", "location_id.company_id", "receipt_id.company_id")
    def _compute_company_id(self):
        for hold in self:
            hold.company_id = (
                hold.lot_id.company_id or hold.location_id.company_id or hold.receipt_id.company_id
            )

    @api.depends("state")
    def _compute_staged_count(self):
        groups = self.env["stock.lot.hold.staged"]._read_group(
            [("hold_id", "in", self.ids)], ["hold_id"], ["__count"]
        )
        counts = {hold.id: count for hold, count in groups}
        for hold in self:
            hold.staged_count = counts.get(hold.id, 0)

    @api.depends("state", "date_end")
    def _compute_is_active(self):
        now = fields.Datetime.now()
        for hold in self:
            ended = hold.date_end and hold.date_end <= now
            hold.is_active = hold.state == "active" and not ended

    @api.model
    def _search_is_active(self, operator, value):
        if operator != "in":
            return NotImplemented
        in_force = Domain("state", "=", "active") & (
            Domain("date_end", "=", False) | Domain("date_end", ">", fields.Datetime.now())
        )
        return in_force if True in value else ~in_force

    @api.depends("lot_id", "product_id", "lot_name", "receipt_id", "reason_id")
    def _compute_display_name(self):
        for hold in self:
            goods = hold.lot_id.name or hold.lot_name or hold.product_id.display_name
            if hold.scope == "receipt":
                goods = f"{hold.receipt_id.name}, {goods}"
            hold.display_name = f"{goods}: {hold.reason_id.name}"

    @api.constrains("lot_id", "lot_name", "product_id")
    def _check_lot_of_product(self):
        for hold in self:
            if hold.lot_id and hold.lot_id.product_id != hold.product_id:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is not a lot of %(product)s.",
                        lot=hold.lot_id.name,
                        product=hold.product_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in FOUND_FIELDS}
                for vals in vals_list
            ]
        holds = super().create(vals_list)
        holds._find_announced_lots()
        holds._lock_goods()
        holds._unreserve()
        holds._log("hold.start")
        return holds

    def write(self, vals):
        if not self.env.su and PROTECTED_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "A hold is not rewritten. Release it with a reason, then hold the goods anew."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A hold stays on record. Release it instead of deleting it."))

    # Holding and releasing -------------------------------------------------------------------

    @api.model
    def _hold(self, lots, reason, note=None, location=None, **values):
        """Hold ``lots`` for ``reason``, only in ``location`` if given.

        Lots that the same reason holds there already are left as they are.

        :param values: further fields of the new holds.
        :return: the holds in force for that reason, one per lot.
        """
        domain = Domain(
            [
                ("lot_id", "in", lots.ids),
                ("reason_id", "=", reason.id),
                ("location_id", "=", location.id if location else False),
                ("is_active", "=", True),
            ]
        )
        holds = self.search(domain)
        return holds | self.create(
            [
                {
                    "lot_id": lot.id,
                    "reason_id": reason.id,
                    "note": note,
                    "location_id": location.id if location else False,
                    **values,
                }
                for lot in lots - holds.lot_id
            ]
        )

    def action_release(self):
        """Open the dialog that asks for the reason of the release."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": "stock.lot.hold.release",
            "view_mode": "form",
            "target": "new",
            "context": {"default_hold_ids": [Command.set(self.ids)]},
        }

    def _release(self, reason):
        """End the holds in ``self`` that are in force; other holds of the goods stay.

        :param str reason: why, kept with the hold and in the audit trail.
        :raises AccessError: when the user is not in the QA group.
        :raises UserError: when no reason is given.
        """
        if not self.env.user.has_group("lot_fefo_3pl.lot_fefo_3pl_group_qa"):
            raise AccessError(self.env._("Only Lot QA can release held goods."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the goods are released."))
        holds = self.filtered(lambda hold: hold.state == "active")
        holds._lock_goods()
        holds.sudo().write(
            {
                "state": "released",
                "release_date": fields.Datetime.now(),
                "release_user_id": self.env.uid,
                "release_reason": reason,
            }
        )
        holds._log("hold.release", reason=reason)
        self.env["stock.lot.reallocation"]._request(
            holds.product_id,
            self.env["stock.warehouse"].sudo().search([("lot_control", "=", True)]),
            self.env._("held goods were released"),
        )

    def _log(self, event, **values):
        for hold in self:
            self.env["stock.lot.audit"]._log(
                hold,
                event,
                lot_id=hold.lot_id.id,
                owner_ref=hold.owner_id.id,
                company_id=hold.company_id.id,
                new_value=hold.reason_id.name,
                **{"reason": hold.note, **values},
            )

    # What is held ----------------------------------------------------------------------------

    def _get_quant_domain(self):
        """The goods that this hold is about, as a domain on quants and move lines."""
        if self.scope == "receipt":
            return Domain.FALSE
        domain = (
            Domain("lot_id", "=", self.lot_id.id)
            if self.lot_id
            else Domain("product_id", "=", self.product_id.id)
        )
        if self.lot_name and not self.lot_id:
            domain &= Domain("lot_id.name", "=", self.lot_name)
        if self.location_id:
            domain &= Domain("location_id", "child_of", self.location_id.id)
        return domain

    @api.model
    def _get_held_domain(self, holds):
        """The goods that holds in force are about, as a domain on quants.

        :param holds: the domain of those that count; it asks for ``is_active``.
        """
        domain = Domain.custom(to_sql=HeldEverywhere(holds))
        # Holds of some bins only are few: an awaited lot number or a place under investigation.
        placed = Domain("location_id", "!=", False)
        in_places = self.sudo()
        if in_places.search_count(placed & Domain("state", "=", "active"), limit=1):
            in_places = in_places.search(holds & placed)
        return Domain.OR([domain, *(hold._get_quant_domain() for hold in in_places)])

    def _lock_goods(self):
        """Collide with whoever promises or moves these goods right now.

        Goods are then either gone before the hold, and in its lists, or blocked by it.
        """
        if not self:
            return
        whole_products = self.filtered(lambda hold: hold.scope == "product")
        lots = self.env["stock.lot"].sudo()
        lots |= lots.search([("product_id", "in", whole_products.product_id.ids)])
        (lots | self.lot_id.sudo())._lock_for_hold()
        goods = Domain.OR(hold._get_quant_domain() for hold in self)
        ours = Domain("location_id.usage", "in", ["internal", "transit"])
        write_rows(self.env["stock.quant"].sudo().search(goods & ours))

    def _get_open_lines(self):
        """The lines of open moves that take these goods from our locations."""
        domain = Domain.OR(hold._get_quant_domain() for hold in self)
        return (
            self.env["stock.move.line"]
            .sudo()
            .search(
                domain
                & Domain("state", "in", ["confirmed", "waiting", "partially_available", "assigned"])
                & Domain("location_id.usage", "in", ["internal", "transit"])
            )
            .filtered(lambda line: line.location_id._is_lot_controlled())
        )

    def _unreserve(self):
        """Take the goods back from the orders they were promised to and promise others.

        Lines that somebody has picked already stay, so that the goods can be found; they are
        refused when they are to leave.
        """
        taken = self.env["stock.move.line"].sudo()
        for hold in self.filtered("reason_id.block_reserve"):
            lines = hold._get_open_lines().filtered(
                lambda line, hold=hold: (
                    not line.picked and hold.reason_id._blocks(line._get_lot_operation())
                )
            )
            hold.sudo().unreserved_move_ids = lines.move_id
            taken |= lines
        moves = taken.move_id
        taken.unlink()
        moves.filtered(lambda move: not move.picked)._action_assign()
