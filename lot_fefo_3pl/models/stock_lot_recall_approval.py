from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .stock_lot_recall_letter import LETTER_FIELDS

# Letters go out in these states only.
APPROVED = ("approved", "overridden", "not_needed")
MAY_WAIVE = ("lot_fefo_3pl.lot_fefo_3pl_group_qa", "stock.group_stock_manager")


class ResPartner(models.Model):
    _inherit = "res.partner"

    lot_recall_approval = fields.Selection(
        [
            ("required", "This brand approves them first"),
            ("not_required", "Go out without approval"),
        ],
        "Recall Notices",
        default="required",
        copy=False,
        groups="base.group_user",
        help="Whether customers of this brand are written to before the brand has approved the"
        " letter and the list.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A contact made with the approval waived, by a value, a default or a copy, is refused."""
        partners = super().create(vals_list)
        # sudo: who cannot read the field cannot waive the approval either.
        if "not_required" in partners.sudo().mapped("lot_recall_approval"):
            self._check_may_waive_approval()
        return partners

    def write(self, vals):
        """Who edits contacts does not thereby decide that a brand is not asked."""
        if "lot_recall_approval" in vals:
            chosen = vals["lot_recall_approval"]
            changed = self.filtered(lambda partner: partner.lot_recall_approval != chosen)
            if changed:
                self._check_may_waive_approval()
                changed._log_recall_approval(chosen)
        return super().write(vals)

    def _log_recall_approval(self, chosen):
        for partner in self:
            self.env["stock.lot.audit"]._log(
                partner,
                "brand.recall_approval",
                field_name=self._fields["lot_recall_approval"]._description_string(self.env),
                old_value=partner.lot_recall_approval,
                new_value=chosen,
            )

    def _check_may_waive_approval(self):
        if self.env.su or any(self.env.user.has_group(group) for group in MAY_WAIVE):
            return
        raise AccessError(
            self.env._(
                "Only Lot QA and Inventory Administrators say whether a brand approves recall"
                " letters."
            )
        )


class StockLotRecall(models.Model):
    """R11: nobody writes to the brand's customers before the brand has said yes."""

    _inherit = "stock.lot.recall"

    approval_state = fields.Selection(
        [
            ("none", "Not asked"),
            ("asked", "Waiting for the brand"),
            ("approved", "Approved"),
            ("changes", "Changes wanted"),
            ("overridden", "Sent without the brand"),
            ("not_needed", "Not needed"),
        ],
        "Brand's Approval",
        default="none",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    approval_user_id = fields.Many2one("res.users", "Answered by", readonly=True, copy=False)
    approval_date = fields.Datetime("Answered on", readonly=True, copy=False)
    approval_note = fields.Text("Brand's Words", readonly=True, copy=False)
    approval_hash = fields.Char(readonly=True, copy=False)
    letter_changed = fields.Boolean(
        compute="_compute_letter_changed",
        help="The letter is not the one that the brand was shown: ask again.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "approval_state",
            "approval_user_id",
            "approval_date",
            "approval_note",
            "approval_hash",
        }

    @api.depends("approval_hash", "approval_state", "letter_template_id", "consumer_template_id")
    def _compute_letter_changed(self):
        for recall in self:
            recall.letter_changed = bool(
                recall.approval_hash
                and recall.state == "confirmed"
                and not recall._is_letter_as_approved()
            )

    def write(self, vals):
        res = super().write(vals)
        if LETTER_FIELDS & vals.keys():
            for recall in self.filtered(lambda recall: recall.state == "confirmed"):
                recall._void_approval(recall.env._("the letter was changed"))
        return res

    def _log_extension(self, lines, reason):
        res = super()._log_extension(lines, reason)
        self._void_approval(self.env._("the recall was extended"))
        return res

    def _void_approval(self, why):
        """What was approved is not what there is now: the brand is asked again."""
        if self.approval_state == "none":
            return
        self.env["stock.lot.audit"]._log(
            self, "recall.approval.void", old_value=self.approval_state, reason=why
        )
        self.sudo().write({"approval_state": "none", "approval_hash": False})

    def action_ask_approval(self):
        """Show letter and list to the brand in the portal and ask for its approval. Lot QA only."""
        self._check_running()
        self._check_templates()
        if self.approval_state in ("asked", *APPROVED) and self._is_letter_as_approved():
            raise UserError(self.env._("The brand has been asked already."))
        needed = self._needs_approval()
        self._end_wish_for_changes()
        self.sudo().write(
            {
                "approval_state": "asked" if needed else "not_needed",
                "approval_hash": self._get_letter_hash(),
                "approval_user_id": False,
                "approval_date": False,
                "approval_note": False,
            }
        )
        self.env["stock.lot.audit"]._log(self, "recall.approval.ask", new_value=self.approval_hash)
        self._stamp("date_handed", "recall.handed")
        if needed:
            self._tell_brand()
        else:
            self.consignee_ids.sudo()._ensure_tokens()

    def _needs_approval(self):
        return self.owner_id.sudo().lot_recall_approval != "not_required"

    def _tell_brand(self):
        """A mail to the brand's portal users, else to the brand itself, through Odoo's queue."""
        template = self.env.ref("lot_fefo_3pl.recall_approval_template")
        brand = self.owner_id.commercial_partner_id
        contacts = (brand | brand.child_ids).sudo()
        partners = contacts.filtered(lambda contact: contact.user_ids and contact.email) or brand
        template.sudo().send_mail(
            self.id, email_values={"recipient_ids": [fields.Command.set(partners.ids)]}
        )
        self._hurry_mails()

    def _is_letter_as_approved(self):
        return bool(self.approval_hash) and self.approval_hash == self._get_letter_hash()

    def _answer_approval(self, approved, note):
        """What the brand's user, who is logged in, says. The caller has checked the brand.

        :raises UserError: it was not asked or something changed, or changes are wanted without
            saying which.
        """
        self.ensure_one()
        self.lock_for_update()
        note = (note or "").strip()
        if self.state != "confirmed" or self.approval_state != "asked":
            raise UserError(self.env._("This recall is not waiting for an approval."))
        if not self._is_letter_as_approved():
            raise UserError(
                self.env._("The letter has changed meanwhile. The warehouse will ask you again.")
            )
        if not approved and not note:
            raise UserError(self.env._("Say what should be changed."))
        self._set_approval("approved" if approved else "changes", note)
        if approved:
            self._stamp("date_approved")
        else:
            self._remind_responsible(self._name_wish_for_changes(self.env.user), note)

    def _name_wish_for_changes(self, user):
        return self.env._("%(brand)s wants changes", brand=user.sudo().name)

    def _end_wish_for_changes(self):
        """The brand is asked again: the task of its last answer is done."""
        summary = self._name_wish_for_changes(self.approval_user_id)
        tasks = self.sudo().activity_ids.filtered(lambda task: task.summary == summary)
        tasks.action_feedback(feedback=self.env._("The brand was asked again."))

    def _set_approval(self, state, note):
        values = {
            "approval_state": state,
            "approval_user_id": self.env.uid,
            "approval_date": fields.Datetime.now(),
            "approval_note": note,
        }
        self.sudo().write(values)
        if state in APPROVED:
            # Letters may be printed now, and each carries its own address to answer at.
            self.consignee_ids.sudo()._ensure_tokens()
        self.env["stock.lot.audit"]._log(
            self, f"recall.approval.{state}", new_value=self.approval_hash, reason=note
        )

    def _override_approval(self, reason):
        """QA sends without the brand, with a reason that stays on record. Lot QA only."""
        self._check_running()
        self.env["stock.lot.audit"]._check_reason(reason)
        if self.approval_state in APPROVED:
            raise UserError(self.env._("The letters may go out already."))
        self._check_templates()
        self.sudo().approval_hash = self._get_letter_hash()
        self._set_approval("overridden", reason)

    def _check_may_send(self):
        """R11: refuse to write to the brand's customers before the brand has agreed.

        :raises UserError: an exercise, no approval, or a letter that changed after it.
        """
        self._check_running()
        if self.is_mock:
            raise UserError(self.env._("This is an exercise: nobody is written to."))
        if self.approval_state not in APPROVED:
            raise UserError(
                self.env._(
                    "%(brand)s has not approved the letter yet. Ask for the approval, or send"
                    " without it and say why.",
                    brand=self.owner_id.name or self.env._("The brand"),
                )
            )
        if not self._is_letter_as_approved():
            raise UserError(
                self.env._("The letter changed after it was approved. Ask for the approval again.")
            )

    def _remind_responsible(self, summary, note):
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=self.user_id.id or self.create_uid.id,
        )

    def action_override_approval(self):
        """Open the dialog that asks why the letters go out without the brand."""
        return self._ask_reason("override", self.env._("Send Without the Brand"))

    def _ask_reason(self, step, title):
        self._check_running()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "stock.lot.recall.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_recall_id": self.id, "default_step": step},
        }
