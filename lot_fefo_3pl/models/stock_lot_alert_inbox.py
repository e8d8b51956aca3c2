from odoo import api, fields, models
from odoo.fields import Domain

from .stock_lot_alert import KINDS

# How many rows of a kind the activity names.
NAMED = 5
TODO = "mail.mail_activity_data_todo"


class StockLotAlertInbox(models.Model):
    """One per person in charge and company: at most one activity, with what changed.

    As long as the activity is open it grows; when it was marked as done, the next one begins with
    what came afterwards. Nothing new, no activity.
    """

    _name = "stock.lot.alert.inbox"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Lot Alerts of a User"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    date_seen = fields.Datetime("Seen Until", readonly=True)
    date_told = fields.Datetime("Told on", readonly=True)
    alert_ids = fields.Many2many("stock.lot.alert", compute="_compute_alert_ids", string="New")
    alert_count = fields.Integer("All Alerts", compute="_compute_alert_ids")

    _one_per_user = models.UniqueIndex("(user_id, company_id)")

    @api.depends("date_seen")
    def _compute_alert_ids(self):
        for inbox in self:
            alerts = self.env["stock.lot.alert"].search([("company_id", "=", inbox.company_id.id)])
            inbox.alert_count = len(alerts)
            inbox.alert_ids = alerts.filtered_domain(inbox._get_news_domain())

    def _get_news_domain(self):
        """What came after this person marked the last activity as done."""
        domain = Domain("company_id", "=", self.company_id.id)
        if self.date_seen:
            domain &= Domain("date", ">", self.date_seen)
        return domain

    @api.model
    def _tell(self, company):
        """Bring the activity of everybody in charge of ``company`` up to date."""
        users = self._get_users(company)
        inboxes = self.search([("company_id", "=", company.id)])
        past = inboxes.filtered(lambda inbox: inbox.user_id not in users)
        inboxes -= past
        past.unlink()
        inboxes |= self.with_context(mail_create_nolog=True).create(
            [{"user_id": user.id, "company_id": company.id} for user in users - inboxes.user_id]
        )
        for inbox in inboxes:
            inbox._update_activity()

    @api.model
    def _get_users(self, company):
        chosen = company.lot_alert_user_ids.filtered("active")
        if chosen:
            return chosen
        qa = self.env.ref("lot_fefo_3pl.lot_fefo_3pl_group_qa").all_user_ids
        managers = self.env.ref("stock.group_stock_manager").all_user_ids
        return qa.filtered(lambda user: company in user.company_ids).sorted(
            lambda user: (user in managers, user.id)
        )[:1]

    def _update_activity(self):
        self.ensure_one()
        activity = self.activity_ids[:1]
        if not activity:
            # The last one was done: what it told of has been seen.
            self.date_seen = self.date_told
        news = self.env["stock.lot.alert"].search(self._get_news_domain())
        if not news:
            activity.unlink()
            return
        self.date_told = max(news.mapped("date"))
        vals = self._prepare_activity(news)
        if not activity:
            self.activity_schedule(
                TODO, user_id=self.user_id.id, date_deadline=vals.pop("date_deadline"), **vals
            )
        elif activity.summary != vals["summary"] or activity.note != vals["note"]:
            activity.write(vals)

    def _prepare_activity(self, news):
        inbox = self.with_context(lang=self.user_id.lang)
        labels = dict(
            inbox.env["stock.lot.alert"]._fields["kind"]._description_selection(inbox.env)
        )
        by_kind = news.grouped("kind")
        groups = [
            {
                "label": labels[kind],
                "count": len(by_kind[kind]),
                "named": by_kind[kind][:NAMED].with_env(inbox.env),
                "more": max(len(by_kind[kind]) - NAMED, 0),
            }
            for kind, __ in KINDS
            if kind in by_kind
        ]
        return {
            "summary": inbox.env._("Lot alerts: %(count)s new", count=len(news)),
            "note": inbox.env["ir.qweb"]._render("lot_fefo_3pl.lot_alert_note", {"groups": groups}),
            "date_deadline": fields.Date.context_today(inbox),
        }

    def action_view_alerts(self):
        """Open all alerts of the company."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id("lot_fefo_3pl.stock_lot_alert_action")
