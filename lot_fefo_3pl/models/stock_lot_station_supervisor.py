from odoo import api, models
from odoo.exceptions import AccessDenied

from .rules.stock_lot_rule import SUPERVISOR


class StockLotStation(models.AbstractModel):
    """A supervisor at the operator's device, known by a badge or by login and password.

    Nothing of it stays on the device: the session, and with it every right, is the operator's.
    """

    _inherit = "stock.lot.station"

    @api.model
    def _find_approver(self, credential, line):
        """Who approves: the user when a supervisor already, else who the credential names.

        :return: ``(user, None)``, or ``(no user, the answer to a refusal)``; the refusal is on
            record.
        """
        if not credential:
            return self.env.user, None
        supervisor = self._find_supervisor(credential)
        if supervisor:
            return supervisor, None
        self.env["stock.lot.audit"]._log(
            line,
            "override.denied",
            lot_id=line.lot_id.id,
            owner_ref=line.owner_id.id,
            company_id=line.company_id.id,
            new_value=credential.get("login") or self.env._("badge"),
        )
        return supervisor, {
            "status": "refused",
            "code": "denied",
            "message": self.env._("This is no supervisor's badge or password."),
        }

    @api.model
    def _find_supervisor(self, credential):
        """The supervisor that a credential proves, or no user.

        :param dict credential: ``{"badge": str}`` or ``{"login": str, "password": str}``. Odoo
            checks passwords as it does at the login, and makes who guesses wait.
        """
        users = self.env["res.users"].sudo()
        try:
            if credential.get("badge"):
                user = users._find_by_lot_badge(credential["badge"])
            else:
                user = users.browse(self._check_password(users, credential))
        except AccessDenied:
            return self.env["res.users"]
        user = self.env["res.users"].browse(user.id)
        is_supervisor = user.sudo().active and user.with_user(user).has_group(SUPERVISOR)
        in_company = self.env.company in user.sudo().company_ids
        return user if is_supervisor and in_company else user.browse()

    @api.model
    def _check_password(self, users, credential):
        checked = users._login(
            {
                "type": "password",
                "login": credential.get("login") or "",
                "password": credential.get("password") or "",
            },
            {"interactive": True},
        )
        return checked["uid"]
