from odoo import fields, models

from ..tools.recall_deadline import due_at

# The clocks that can meet a deadline; the fields of the recall.
GOALS = [
    ("date_traced", "The customers are listed"),
    ("date_handed", "The brand has the list"),
    ("date_first_notice", "The first customer is notified"),
    ("date_all_notified", "All customers are notified"),
    ("date_balanced", "The balance is closed"),
    ("date_closed", "The recall is closed"),
]


class StockLotRecallRegime(models.Model):
    """Under which rules a recall runs and what they ask for by when; users can change them."""

    _name = "stock.lot.recall.regime"
    _description = "Recall Regime"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    amount = fields.Integer("Time Allowed", required=True, default=24)
    unit = fields.Selection(
        [
            ("hours", "hours"),
            ("days", "days"),
            ("working_days", "working days (Monday to Friday)"),
        ],
        required=True,
        default="hours",
    )
    goal = fields.Selection(
        GOALS, "Until", required=True, default="date_handed", help="Which clock meets the deadline."
    )
    restarts = fields.Boolean(
        "Restarts with an Extension",
        default=True,
        help="More lots start a deadline of their own, beside the first one.",
    )
    note = fields.Text(
        "Source", translate=True, help="Where the rule is written, and what it asks."
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A deadline lies in the future.")

    def _get_due(self, start, company):
        """When it is due, for a recall of ``company`` that began at ``start`` (both UTC)."""
        self.ensure_one()
        # Never the user's zone: who extends a recall from abroad gets the same deadline.
        calendar = self.env["stock.lot"]._get_retention_calendar(company)
        zone = calendar._get_lot_timezone().key if calendar else company.partner_id.tz or "UTC"
        return due_at(start, self.amount, self.unit, zone)
