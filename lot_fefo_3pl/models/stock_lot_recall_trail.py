from odoo import fields, models


class StockLotRecall(models.Model):
    """The trail of a recall in words, for whoever reads its papers."""

    _inherit = "stock.lot.recall"

    def _get_made_line(self):
        """When and by whom a paper was made."""
        return self.env._(
            "Made on %(moment)s UTC by %(user)s, %(company)s.",
            moment=fields.Datetime.now(),
            user=self.env.user.name,
            company=self.company_id.name,
        )

    def _get_audit_rows(self):
        """Each entry of the trail: when, who, what, on what, before, after and why."""
        entries = (
            self.env["stock.lot.audit"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "=", self.id)], order="id")
        )
        words = dict(entries._fields["event"]._description_selection(self.env))
        return [
            (
                str(entry.date),
                entry.user_id.name,
                words.get(entry.event, entry.event),
                entry.field_name or "",
                entry.old_value or "",
                entry.new_value or "",
                entry.reason or "",
            )
            for entry in entries
        ]
