import base64
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessDenied, AccessError
from odoo.tools import hmac

BADGE_PREFIX = "LB"


class ResUsers(models.Model):
    """A badge by which a supervisor approves at an operator's station.

    Its number is long and made here, and only its keyed hash is kept: who reads the database
    cannot make a badge, and a lost badge is replaced by a new one.
    """

    _inherit = "res.users"

    lot_badge_hash = fields.Char(copy=False, groups=fields.NO_ACCESS)
    lot_badge_date = fields.Datetime("Station Badge Since", copy=False, readonly=True)

    _lot_badge_idx = models.UniqueIndex("(lot_badge_hash) WHERE lot_badge_hash IS NOT NULL")

    def action_issue_lot_badge(self):
        """Give this user a new badge, shown once; the one before is worth nothing any more.

        :raises AccessError: when the user does not administer users.
        """
        self.ensure_one()
        self._check_badge_access()
        code = BADGE_PREFIX + base64.b32encode(secrets.token_bytes(15)).decode()
        self.sudo().write(
            {"lot_badge_hash": self._hash_lot_badge(code), "lot_badge_date": fields.Datetime.now()}
        )
        self.env["stock.lot.audit"]._log(self, "badge.issue")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Station Badge"),
            "res_model": "stock.lot.badge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_user_id": self.id, "lot_badge_code": code},
        }

    def action_withdraw_lot_badge(self):
        """Take the badge away.

        :raises AccessError: when the user does not administer users.
        """
        self.ensure_one()
        self._check_badge_access()
        self.sudo().write({"lot_badge_hash": False, "lot_badge_date": False})
        self.env["stock.lot.audit"]._log(self, "badge.withdraw")

    def _check_badge_access(self):
        if not self.env.user.has_group("base.group_erp_manager"):
            raise AccessError(self.env._("Only administrators of users issue badges."))

    @api.model
    def _hash_lot_badge(self, code):
        return hmac(self.env(su=True), "lot_fefo_3pl-badge", code)

    @api.model
    def _find_by_lot_badge(self, code):
        """The user of a badge; who tries many codes has to wait, as at the login.

        :raises AccessDenied: when it is nobody's badge.
        """
        with self._assert_can_auth(user="badge"):
            user = self.sudo().search(
                [("lot_badge_hash", "=", self._hash_lot_badge((code or "").strip()))], limit=1
            )
            if not user:
                raise AccessDenied()
        return user
