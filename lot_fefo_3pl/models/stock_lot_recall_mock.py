from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

REMIND_DAYS = 14


class ResPartner(models.Model):
    _inherit = "res.partner"

    lot_mock_months = fields.Integer(
        "Mock Recall Every (months)",
        groups="base.group_user",
        help="0: no exercise is planned. Usual are 12, 6 or 3.",
    )
    lot_mock_hours = fields.Float(
        "Goal: Hours to the List",
        default=4.0,
        groups="base.group_user",
        help="An exercise passes when the brand had the list of customers by then.",
    )
    lot_mock_percent = fields.Float(
        "Goal: Found (%)",
        default=100.0,
        groups="base.group_user",
        help="An exercise passes when at least this share of the units was found.",
    )
    lot_mock_next = fields.Date(
        "Next Mock Recall", compute="_compute_lot_mock_next", groups="base.group_user"
    )

    @api.depends("lot_mock_months")
    def _compute_lot_mock_next(self):
        planned = self.filtered("lot_mock_months")
        last = dict(
            self.env["stock.lot.recall"]
            .sudo()
            ._read_group(
                [
                    ("owner_id", "in", planned.ids),
                    ("is_mock", "=", True),
                    ("state", "in", ("confirmed", "closed")),
                ],
                ["owner_id"],
                ["date_requested:max"],
            )
        )
        for partner in self:
            if partner not in planned:
                partner.lot_mock_next = False
                continue
            start = last.get(partner) or partner.create_date or fields.Datetime.now()
            partner.lot_mock_next = fields.Date.to_date(start) + relativedelta(
                months=partner.lot_mock_months
            )

    @api.model
    def _run_mock_reminders(self):
        """Cron: a task for QA two weeks before the next exercise of a brand is due."""
        summary = self.env._("Mock recall is due")
        limit = fields.Date.today() + relativedelta(days=REMIND_DAYS)
        qa = self.env.ref("lot_fefo_3pl.lot_fefo_3pl_group_qa").all_user_ids
        for brand in self.search([("lot_mock_months", ">", 0)]):
            waiting = brand.activity_ids.filtered(lambda task: task.summary == summary)
            if brand.lot_mock_next <= limit and not waiting and qa:
                brand.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=brand.lot_mock_next,
                    summary=summary,
                    note=self.env._(
                        "Start a recall with the flag Mock Recall for a lot of %(brand)s. No lot is"
                        " held and nobody is written to.",
                        brand=brand.name,
                    ),
                    user_id=(brand.user_id & qa or qa[:1]).id,
                )


class StockLotRecall(models.Model):
    """R19: what an exercise has shown, against the goals of its brand."""

    _inherit = "stock.lot.recall"

    mock_result = fields.Selection(
        [("pass", "Passed"), ("fail", "Failed")], "Result", readonly=True, copy=False, index=True
    )
    mock_goal_hours = fields.Float("Goal: Hours", readonly=True, copy=False)
    mock_goal_percent = fields.Float("Goal: Found (%)", readonly=True, copy=False)
    gaps = fields.Text(help="What did not work: missing data, missing people, doubtful figures.")
    corrective_actions = fields.Text(
        tracking=True, help="What is done about it, by whom and until when."
    )
    exercise_next = fields.Date(related="owner_id.lot_mock_next", string="Next Exercise")

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "mock_result",
            "mock_goal_hours",
            "mock_goal_percent",
        }

    def _confirm(self):
        res = super()._confirm()
        if self.is_mock:
            brand = self.owner_id.sudo()
            self.sudo().write(
                {
                    "mock_goal_hours": brand.lot_mock_hours,
                    "mock_goal_percent": brand.lot_mock_percent,
                }
            )
            waiting = brand.activity_ids.filtered(
                lambda task: task.summary == self.env._("Mock recall is due")
            )
            waiting.action_feedback(feedback=self.name)
        return res

    def _close(self, reason=None):
        if self.is_mock:
            self._check_running()
            self._check_balance()
            self._stamp("date_handed", "recall.handed")
            passed = (
                self.hours_to_list <= self.mock_goal_hours
                and self.percent_found >= self.mock_goal_percent
            )
            self.sudo().mock_result = "pass" if passed else "fail"
        return super()._close(reason)
