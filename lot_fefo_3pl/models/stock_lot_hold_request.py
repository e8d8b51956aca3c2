from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# What the brand said and what became of it; written by the methods below only.
REQUEST_FIELDS = frozenset(
    {
        "lot_id",
        "owner_id",
        "user_id",
        "date",
        "reason",
        "state",
        "hold_id",
        "answer_user_id",
        "company_id",
    }
)


class StockLotHoldRequest(models.Model):
    """A brand asks that a lot be held. Depending on its authority it is held at once or by QA."""

    _name = "stock.lot.hold.request"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Lot Hold Request"
    _order = "id desc"
    _rec_name = "lot_id"

    lot_id = fields.Many2one(
        "stock.lot", required=True, readonly=True, ondelete="restrict", index=True
    )
    product_id = fields.Many2one(related="lot_id.product_id")
    owner_id = fields.Many2one(
        "res.partner", "Brand", required=True, readonly=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Asked by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [("new", "New"), ("held", "Held"), ("declined", "Declined")],
        required=True,
        default="new",
        readonly=True,
        tracking=True,
        index=True,
    )
    hold_id = fields.Many2one("stock.lot.hold", readonly=True, ondelete="restrict")
    answer = fields.Text(help="What the brand reads in the portal.")
    answer_user_id = fields.Many2one("res.users", "Answered by", readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", readonly=True, index=True)

    _one_open = models.UniqueIndex("(lot_id, owner_id) WHERE state = 'new'")

    def write(self, vals):
        if not self.env.su and REQUEST_FIELDS & vals.keys():
            raise UserError(self.env._("What a brand asked is not rewritten. Answer it instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A request stays on record. Decline it instead."))

    @api.model
    def _ask(self, scope, lot, reason):
        """Ask for ``lot`` to be held, in the name of the brand of ``scope``.

        A brand with the authority to hold holds at once, unless somebody else owns units of the
        lot: then the warehouse decides. An open request is not asked twice.

        :raises UserError: when no reason is given.
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the lot should be held."))
        brand = self.env["res.partner"].browse(scope.brand_id)
        request = self.search(
            [("lot_id", "=", lot.id), ("owner_id", "=", brand.id), ("state", "=", "new")], limit=1
        )
        if request:
            return request
        request = self.create(
            {
                "lot_id": lot.id,
                "owner_id": brand.id,
                "reason": reason,
                "company_id": lot.company_id.id or scope.company_ids[0],
            }
        )
        self.env["stock.lot.audit"]._log(
            request, "hold.request", lot_id=lot.id, owner_ref=brand.id, reason=reason
        )
        if brand.lot_hold_authority == "immediate" and not request._has_other_owners(scope):
            request._hold()
        else:
            request._notify_warehouse()
        return request

    def _has_other_owners(self, scope):
        others = Domain("owner_id", "not in", [*scope.owner_ids, False])
        quants = self.env["stock.quant"].search_count(
            Domain("lot_id", "=", self.lot_id.id) & others, limit=1
        )
        return bool(quants) or self.lot_id.owner_id.id not in (*scope.owner_ids, False)

    def _hold(self):
        """Hold the lot, in the name of whoever is logged in."""
        reason = self.env.ref("lot_fefo_3pl.hold_reason_brand")
        for request in self:
            note = self.env._(
                "%(brand)s: %(reason)s", brand=request.owner_id.name, reason=request.reason
            )
            hold = self.env["stock.lot.hold"]._hold(request.lot_id, reason, note=note)
            request.write({"state": "held", "hold_id": hold.id})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def _notify_warehouse(self):
        """One activity for the person in charge of the product, else for somebody of QA."""
        qa = self.env.ref("lot_fefo_3pl.lot_fefo_3pl_group_qa")
        staff = qa.all_user_ids.filtered(lambda user: self.company_id in user.company_ids)
        responsible = self.lot_id.product_id.responsible_id & staff or staff[:1]
        if responsible:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("%(brand)s asks for a hold", brand=self.owner_id.name),
                note=self.reason,
                user_id=responsible.id,
            )

    # Answers of the warehouse --------------------------------------------------------------------

    def action_hold(self):
        """Hold the lots as asked. Lot QA only."""
        self._check_answerable()
        self.sudo().answer_user_id = self.env.user
        self.sudo()._hold()

    def action_decline(self):
        """Decline, with the answer that the brand reads. Lot QA only."""
        self._check_answerable()
        if any(not (request.answer or "").strip() for request in self):
            raise UserError(self.env._("Write the answer for the brand before you decline."))
        self.sudo().write({"state": "declined", "answer_user_id": self.env.uid})
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        for request in self:
            self.env["stock.lot.audit"]._log(
                request,
                "hold.decline",
                lot_id=request.lot_id.id,
                owner_ref=request.owner_id.id,
                reason=request.answer,
            )

    def _check_answerable(self):
        self.check_access("write")
        if not self.env.user.has_group("lot_fefo_3pl.lot_fefo_3pl_group_qa"):
            raise AccessError(self.env._("Only Lot QA answers the requests of a brand."))
        answered = self.filtered(lambda request: request.state != "new")
        if answered:
            raise UserError(
                self.env._(
                    "The request for lot %(lot)s has been answered already.",
                    lot=answered[0].lot_id.name,
                )
            )
