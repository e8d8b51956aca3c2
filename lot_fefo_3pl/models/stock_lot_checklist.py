from dataclasses import dataclass, field
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

MANAGER = "stock.group_stock_manager"
# From what breaks a promise to what is only good to know.
LEVELS = ("todo", "look", "info", "ok")
# A job that is this late does not run.
CRON_LATE = timedelta(days=1)


@dataclass(frozen=True)
class LotCheck:
    """One point: how much is not configured yet, why it matters, and the place to do it.

    ``level`` says how bad it is when ``count`` is not 0; ``action`` is None when the place is not
    for this user.
    """

    title: str
    why: str
    count: int
    level: str
    action: dict | None = field(default=None)

    @property
    def state(self):
        return self.level if self.count else "ok"


class StockLotChecklist(models.AbstractModel):
    """What a 3PL has not configured yet, read from the data whenever somebody looks.

    A check is a method whose name begins with ``_check_`` and is listed in ``_get_checks``.
    """

    _name = "stock.lot.checklist"
    _description = "3PL Check List"

    @api.model
    def get_checklist(self):
        """Evaluate every point.

        :return: a list of dicts, the urgent ones first: ``key`` (for ``open_check``), ``title``,
            ``why``, ``count``, ``state`` (``todo``, ``look``, ``info`` or ``ok``) and
            ``has_action``.
        :raises AccessError: the user is no Inventory Administrator.
        """
        self._require_manager()
        rows = [
            {
                "key": key,
                "title": check.title,
                "why": check.why,
                "count": check.count,
                "state": check.state,
                "has_action": bool(check.action),
            }
            for key, check in self._run_checks().items()
        ]
        return sorted(rows, key=lambda row: LEVELS.index(row["state"]))

    @api.model
    def open_check(self, key):
        """The action that opens the place where the point ``key`` is settled.

        :raises AccessError: the user is no Inventory Administrator.
        """
        self._require_manager()
        return self._run_check(key).action if key in self._get_checks() else False

    @api.model
    def _is_allowed(self):
        return self.env.user.has_group(MANAGER)

    @api.model
    def _require_manager(self):
        if not self._is_allowed():
            raise AccessError(self.env._("The check list is for Inventory Administrators."))

    @api.model
    def _get_checks(self):
        """The keys of the checks, in the order in which one would settle them."""
        return [
            "switch",
            "time_zone",
            "cron",
            "qa_users",
            "operators",
            "alert_users",
            "mail_server",
            "digest",
            "sscc",
        ]

    @api.model
    def _run_checks(self):
        return {key: self._run_check(key) for key in self._get_checks()}

    @api.model
    def _run_check(self, key):
        return getattr(self, f"_check_{key}")()

    @api.model
    def _get_warehouses(self):
        """Those under lot control; before the first switch is on, all of them."""
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        return warehouses.filtered("lot_control") or warehouses

    @api.model
    def _open(self, name, model, domain, **action):
        views = action.pop("views", [[False, "list"], [False, "form"]])
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": list(domain),
            "views": views,
            "target": "current",
            **action,
        }

    @api.model
    def _open_settings(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "lot_fefo_3pl.res_config_settings_action"
        )

    # The warehouse -----------------------------------------------------------------------------

    @api.model
    def _check_switch(self):
        off = not self._get_warehouses().filtered("lot_control")
        return LotCheck(
            self.env._("Lot control is on in a warehouse"),
            self.env._("Off, everything works as in plain Odoo and nothing is guaranteed."),
            int(off),
            "todo",
            self._open_settings(),
        )

    @api.model
    def _check_time_zone(self):
        without = self._get_warehouses().filtered(
            lambda warehouse: not warehouse.partner_id.tz and not warehouse.company_id.partner_id.tz
        )
        title = self.env._("Every warehouse has a time zone")
        partners = without.mapped(
            lambda warehouse: warehouse.partner_id or self.env.company.partner_id
        )
        return LotCheck(
            title,
            self.env._(
                "An expiry counts until the end of its day where the warehouse is. Without a time"
                " zone on its address that is midnight in UTC."
            ),
            len(without),
            "todo",
            self._open(title, "res.partner", Domain("id", "in", partners.ids)),
        )

    @api.model
    def _check_cron(self):
        names = ("ir_cron_reallocate_lots", "ir_cron_lot_alerts", "ir_cron_lot_digest")
        jobs = self.env["ir.cron"].sudo()
        for name in names:
            jobs |= self.env.ref(f"lot_fefo_3pl.{name}").sudo()
        jobs |= self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
        late = fields.Datetime.now() - CRON_LATE
        idle = jobs.filtered(lambda job: not job.active or job.nextcall < late)
        title = self.env._("The scheduled jobs run")
        action = self._open(
            title, "ir.cron", Domain("id", "in", jobs.ids), context={"active_test": False}
        )
        return LotCheck(
            title,
            self.env._(
                "They promise lots anew when dates change, tell who has to know, and send e-mail."
            ),
            len(idle),
            "todo",
            action if self.env.user.has_group("base.group_system") else None,
        )

    # People ------------------------------------------------------------------------------------

    @api.model
    def _get_staff(self, group):
        users = self.env.ref(group).sudo().all_user_ids
        return users.filtered(lambda user: user.active and user.company_ids & self.env.companies)

    @api.model
    def _open_users(self, title, users):
        if not self.env.user.has_group("base.group_erp_manager"):
            return None
        return self._open(title, "res.users", Domain("id", "in", users.ids) if users else [])

    @api.model
    def _check_qa_users(self):
        qa = self._get_staff("lot_fefo_3pl.lot_fefo_3pl_group_qa") - self._get_staff(MANAGER)
        title = self.env._("Somebody is in Lot QA")
        return LotCheck(
            title,
            self.env._(
                "Lot QA holds and releases lots and runs recalls. Now only administrators can."
            )
            if not qa
            else self.env._("Lot QA holds and releases lots and runs recalls."),
            int(not qa),
            "look",
            self._open_users(title, qa),
        )

    @api.model
    def _check_operators(self):
        group = "lot_fefo_3pl.lot_fefo_3pl_group_operator"
        without = self._get_staff("stock.group_stock_user") - self._get_staff(group)
        title = self.env._("Inventory users are Lot Operators")
        return LotCheck(
            title,
            self.env._("Others see the lots but cannot scan at the station or import files."),
            len(without),
            "look",
            self._open_users(title, without),
        )

    @api.model
    def _check_alert_users(self):
        without = self.env.companies.filtered(lambda company: not company.lot_alert_user_ids)
        return LotCheck(
            self.env._("Somebody is responsible for alerts"),
            self.env._(
                "One activity says what is newly at risk, expired or without lot. Without a name"
                " the first user of Lot QA gets it."
            ),
            len(without),
            "look",
            self._open_settings(),
        )

    @api.model
    def _check_mail_server(self):
        servers = self.env["ir.mail_server"].sudo().search_count([], limit=1)
        title = self.env._("An outgoing mail server is set up")
        action = self._open(title, "ir.mail_server", [])
        return LotCheck(
            title,
            self.env._("Digests and recall notices leave through it."),
            int(not servers),
            "look",
            action if self.env.user.has_group("base.group_system") else None,
        )

    @api.model
    def _check_digest(self):
        off = self.env.companies.filtered(lambda company: not company.lot_digest)
        return LotCheck(
            self.env._("Brands get their expiry digest"),
            self.env._("Each brand chooses in the portal how often and which days count."),
            len(off),
            "info",
            self._open_settings(),
        )

    @api.model
    def _check_sscc(self):
        without = self.env.companies.filtered(lambda company: not company.gs1_company_prefix)
        return LotCheck(
            self.env._("The GS1 company prefix is set"),
            self.env._("Pallets and cartons get SSCCs of your own with it."),
            len(without),
            "info",
            self._open_settings(),
        )
