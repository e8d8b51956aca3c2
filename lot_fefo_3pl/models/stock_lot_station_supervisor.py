from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessDenied

from .rules.stock_lot_rule import SUPERVISOR

# How long a wrong badge is held against who showed it.
GUESSING = timedelta(minutes=15)


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
        if self._is_guessing():
            return self.env["res.users"], self._prepare_denial(
                self.env._("Too many wrong badges or passwords. Wait a minute and try again.")
            )
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
        return supervisor, self._prepare_denial(
            self.env._("This is no supervisor's badge or password.")
        )

    @api.model
    def _prepare_denial(self, message):
        return {"status": "refused", "code": "denied", "message": message}

    @api.model
    def _is_guessing(self):
        """Whether the logged-in user has to wait after too many wrong badges and passwords.

        Odoo counts the failures of a network address in memory, and any good login clears them.
        Here those on record count, by the same settings of Odoo, whoever logs in meanwhile and
        whichever process answers.
        """
        failures = (
            self.env["stock.lot.audit"]
            .sudo()
            .search(
                [
                    ("event", "=", "override.denied"),
                    ("user_id", "=", self.env.uid),
                    ("date", ">", fields.Datetime.now() - GUESSING),
                ],
                order="date desc",
            )
        )
        users = self.env["res.users"]
        return bool(failures) and users._on_login_cooldown(len(failures), failures[0].date)

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
