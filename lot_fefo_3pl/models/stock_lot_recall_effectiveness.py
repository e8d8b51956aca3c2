import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.recall_figures import B_RANGE, draw_sample, sample_size

CHECK_RESULTS = [
    ("effective", "Got the notice and acted on it"),
    ("not_acted", "Got the notice, has not acted"),
    ("not_notified", "Never got the notice"),
    ("unreachable", "Could not be reached"),
]


class StockLotRecall(models.Model):
    """R13: whether the letters had an effect, asked of a sample that nobody picks by hand."""

    _inherit = "stock.lot.recall"

    check_level = fields.Selection(
        [
            ("A", "A: all customers"),
            ("B", "B: more than 10 %, less than all"),
            ("C", "C: 10 %"),
            ("D", "D: 2 %"),
            ("E", "E: none"),
        ],
        default="E",
        required=True,
        tracking=True,
        help="How many customers are asked whether they got the letter and acted on it, by the"
        " levels of 21 CFR 7.42(b)(3).",
    )
    check_percent = fields.Float("Share for Level B (%)", default=50.0, digits=(16, 1))
    check_seed = fields.Char(
        "Seed", readonly=True, copy=False, help="From this number the sample follows; see the help."
    )
    check_date = fields.Datetime("Drawn", readonly=True, copy=False)
    check_ids = fields.One2many(
        "stock.lot.recall.consignee",
        "recall_id",
        "Sample",
        domain=[("in_check", "=", True)],
        readonly=True,
    )
    check_count = fields.Integer("In the Sample", compute="_compute_checks")
    checked_count = fields.Integer("Checked", compute="_compute_checks")
    effective_count = fields.Integer("Effective", compute="_compute_checks")

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"check_seed", "check_date", "check_ids"}

    @api.depends("consignee_ids.in_check", "consignee_ids.check_result")
    def _compute_checks(self):
        groups = self.env["stock.lot.recall.consignee"]._read_group(
            [("recall_id", "in", self.ids), ("in_check", "=", True)],
            ["recall_id", "check_result"],
            ["__count"],
        )
        counts = {}
        for recall, result, count in groups:
            counts.setdefault(recall.id, {})[result] = count
        for recall in self:
            results = counts.get(recall.id, {})
            recall.check_count = sum(results.values())
            recall.checked_count = recall.check_count - results.get(False, 0)
            recall.effective_count = results.get("effective", 0)

    @api.constrains("check_level", "check_percent")
    def _check_share(self):
        low, high = B_RANGE
        for recall in self:
            if recall.check_level == "B" and not low < recall.check_percent < high:
                raise UserError(
                    self.env._("Level B is a share of more than 10 and less than 100 percent.")
                )

    def action_draw_sample(self):
        """Draw the customers to be checked. Drawn again after an extension, the seed stays.

        Lot QA only.
        """
        self._check_running()
        if self.check_level == "E":
            raise UserError(self.env._("Level E asks nobody. Choose a level first."))
        recall = self.sudo()
        if not recall.check_seed:
            recall.check_seed = secrets.token_hex(16)
        keys = sorted(recall.consignee_ids.ids)
        size = sample_size(self.check_level, len(keys), self.check_percent)
        drawn = recall.consignee_ids.browse(draw_sample(keys, size, recall.check_seed))
        (recall.consignee_ids - drawn).filtered(
            lambda consignee: consignee.in_check and not consignee.check_result
        ).in_check = False
        drawn.in_check = True
        recall.check_date = fields.Datetime.now()
        self.env["stock.lot.audit"]._log(
            self,
            "recall.sample",
            field_name=self.check_level,
            new_value=self.env._(
                "%(size)s of %(count)s, seed %(seed)s",
                size=size,
                count=len(keys),
                seed=recall.check_seed,
            ),
        )


class StockLotRecallConsignee(models.Model):
    _inherit = "stock.lot.recall.consignee"

    in_check = fields.Boolean("In the Sample", readonly=True, index=True)
    check_result = fields.Selection(CHECK_RESULTS, "Check", readonly=True)
    check_date = fields.Datetime("Checked on", readonly=True)
    check_user_id = fields.Many2one("res.users", "Checked by", readonly=True, ondelete="restrict")
    check_note = fields.Char("Said", readonly=True)

    def action_check(self):
        """Open the dialog for what an effectiveness check found. Lot QA only."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check %(customer)s", customer=self.name),
            "res_model": "stock.lot.recall.check",
            "view_mode": "form",
            "target": "new",
            "context": {"default_consignee_id": self.id},
        }

    def _record_check(self, result, note):
        """What the check found; an earlier result stays in the audit trail. Lot QA only."""
        self.ensure_one()
        self.recall_id._check_running()
        if not self.in_check:
            raise UserError(self.env._("%(customer)s is not in the sample.", customer=self.name))
        old = self.check_result
        self.sudo().write(
            {
                "check_result": result,
                "check_date": fields.Datetime.now(),
                "check_user_id": self.env.uid,
                "check_note": note,
            }
        )
        self.env["stock.lot.audit"]._log(
            self.recall_id,
            "recall.check",
            field_name=self.name,
            old_value=old,
            new_value=result,
            reason=note,
        )
