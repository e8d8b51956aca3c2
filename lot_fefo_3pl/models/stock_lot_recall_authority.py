from odoo import fields, models


class StockLotRecall(models.Model):
    """What an authority is told when a recall begins (21 CFR 7.46(a))."""

    _inherit = "stock.lot.recall"

    finding_date = fields.Date("Found on", help="When the deficiency was discovered.")
    finding = fields.Text("How It Was Found", help="The circumstances of the discovery.")
    risk_evaluation = fields.Text(help="The brand's evaluation of the risk to health.")
    produced_quantity = fields.Float(
        "Total Produced", digits="Product Unit", help="Units made, as the brand says."
    )
    produced_from = fields.Date("Produced from")
    produced_to = fields.Date("Produced until")
    strategy = fields.Text(
        help="Depth, public warning, effectiveness checks (21 CFR 7.42): how the recall is run."
    )
    authority_contact_id = fields.Many2one(
        "res.partner",
        "Official to Contact",
        help="Name and telephone number stand in the report. Empty: the responsible user.",
    )

    def action_traceability(self):
        """Open the traceability records of the recalled lots."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_fefo_3pl.stock_lot_traceability_export_action"
        )
        return {**action, "context": {"default_lot_ids": self.line_ids.lot_id.ids}}

    def _get_authority_contact(self):
        """The firm's official: the one chosen, else whoever is responsible."""
        self.ensure_one()
        return self.authority_contact_id or self.user_id.partner_id

    def _get_expiry_day(self, moment):
        """The day of an expiry where the warehouse is; False without one."""
        calendar = self.env["stock.lot"]._get_retention_calendar(self.company_id)
        return calendar._get_lot_day(moment)

    def _get_authority_gaps(self):
        """What the report still lacks, in words; empty when it is complete."""
        self.ensure_one()
        contact = self._get_authority_contact()
        wanted = (
            (self.finding_date, self.env._("the day of discovery")),
            (self.finding, self.env._("how it was found")),
            (self.risk_evaluation, self.env._("the evaluation of the risk")),
            (
                self.produced_quantity or self.produced_from,
                self.env._("the amount or the time of production"),
            ),
            (self.strategy, self.env._("the strategy")),
            (contact.phone, self.env._("the telephone number of the official to contact")),
        )
        return [text for value, text in wanted if not value]

    def _get_communication(self):
        """The letter as the first customer gets it, without its key; empty without customers."""
        self.ensure_one()
        businesses = self.consignee_ids.filtered(lambda consignee: not consignee.is_consumer)
        sample = (businesses or self.consignee_ids)[:1].with_context(lot_fefo_3pl_preview=True)
        return sample._render_letter() if sample else ""
