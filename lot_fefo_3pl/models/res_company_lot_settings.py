from odoo import fields, models


class ResCompany(models.Model):
    """What holds for lot control in the whole company, set in the settings."""

    _inherit = "res.company"

    lot_retention_expiry_years = fields.Integer(
        "Years Kept After Expiry",
        default=1,
        help="The records of a lot are kept at least this long after its expiry date.",
    )
    lot_retention_move_years = fields.Integer(
        "Years Kept After the Last Movement",
        default=2,
        help="The records of a lot are kept at least this long after its last movement.",
    )
    lot_hold_authority = fields.Selection(
        [("request", "Asks the warehouse"), ("immediate", "Holds at once")],
        "Holding Lots in the Portal",
        default="request",
        help="What new brands start with. Each brand can be given something else.",
    )
    lot_alert_user_ids = fields.Many2many(
        "res.users",
        "res_company_lot_alert_user_rel",
        string="Responsible for Alerts",
        domain="[('share', '=', False)]",
        help="Each of them has one activity that says what changed: lots newly at risk, expired,"
        " stopped from shipping, stock without lot or date, recall deadlines. Empty: the first"
        " user of Lot QA.",
    )
    lot_digest = fields.Boolean(
        "Expiry Digest for Brands",
        help="E-mail each brand its expiring lots, as often as the brand chose in the portal.",
    )
    traceability_contact_id = fields.Many2one(
        "res.partner",
        help="Whom to ask about the traceability plan (21 CFR 1.1315(a)(4)).",
    )
    traceability_plan = fields.Text(
        help="How records are kept, foods identified and lot codes assigned (21 CFR 1.1315)."
        " Stands beside every traceability sheet.",
    )

    _lot_retention_not_negative = models.Constraint(
        "CHECK (lot_retention_expiry_years >= 0 AND lot_retention_move_years >= 0)",
        "Records cannot be kept for a negative number of years.",
    )
