from odoo import fields, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the recall's log what became of its letters, before Odoo may delete the mail."""
        notices = self.env["stock.lot.recall.notice"].sudo().search([("mail_id", "in", self.ids)])
        if notices:
            failed = failure_reason or failure_type
            for notice in notices:
                notice._note_result(failed and (notice.mail_id.failure_reason or failed))
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )


class StockLotRecallNotice(models.Model):
    _inherit = "stock.lot.recall.notice"

    def _note_result(self, failure):
        """Odoo has handed the letters over, or could not."""
        now = fields.Datetime.now()
        if failure:
            self.write({"state": "failed", "failure": failure})
            for consignee in self.consignee_id.filtered(
                lambda consignee: consignee.notice_state != "answered"
            ):
                consignee.write({"notice_state": "failed", "failure": failure})
        else:
            self.write({"state": "sent", "date_sent": now, "failure": False})
            self.consignee_id._note_sent(now)
