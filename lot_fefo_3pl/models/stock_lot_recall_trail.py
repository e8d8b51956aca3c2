from odoo import fields, models


class StockLotRecall(models.Model):
    """The trail of a recall in words, for whoever reads its papers."""

    _inherit = "stock.lot.recall"

    def _get_event_labels(self):
        return {
            "recall.request": self.env._("Requested"),
            "recall.confirm": self.env._("Frozen and customers listed"),
            "recall.cancel": self.env._("Cancelled"),
            "recall.announce": self.env._("Number held on arrival"),
            "recall.extend": self.env._("Extended"),
            "recall.deadline": self.env._("Deadline changed"),
            "recall.count": self.env._("Counted"),
            "recall.counted": self.env._("All places counted"),
            "recall.handed": self.env._("List handed over"),
            "recall.approval.ask": self.env._("Brand asked"),
            "recall.approval.approved": self.env._("Approved by the brand"),
            "recall.approval.changes": self.env._("Brand wants changes"),
            "recall.approval.overridden": self.env._("Sent without the brand"),
            "recall.approval.void": self.env._("Approval void"),
            "recall.send": self.env._("Letters queued"),
            "recall.remind": self.env._("Reminded"),
            "recall.first_notice": self.env._("First customer notified"),
            "recall.all_notified": self.env._("All customers notified"),
            "recall.answer": self.env._("Answer"),
            "recall.sample": self.env._("Sample drawn"),
            "recall.check": self.env._("Effectiveness check"),
            "recall.destroy": self.env._("Destroyed"),
            "recall.status": self.env._("Status report made"),
            "recall.balanced": self.env._("Balance closed"),
            "recall.close": self.env._("Closed"),
            "recall.freeze": self.env._("File frozen"),
            "recall.verify": self.env._("File verified"),
            "recall.reopen": self.env._("Reopened"),
        }

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
        labels = self._get_event_labels()
        entries = (
            self.env["stock.lot.audit"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "=", self.id)], order="id")
        )
        return [
            (
                str(entry.date),
                entry.user_id.name,
                labels.get(entry.event, entry.event),
                entry.field_name or "",
                entry.old_value or "",
                entry.new_value or "",
                entry.reason or "",
            )
            for entry in entries
        ]
