from odoo import models
from odoo.exceptions import AccessError

QA = "lot_fefo_3pl.lot_fefo_3pl_group_qa"


class StockLotRecallConsignee(models.Model):
    """Who has a letter can answer for its customer: letters are read by QA only."""

    _inherit = "stock.lot.recall.consignee"

    def _may_see_reply_key(self):
        return self.env.su or self.env.user.has_group(QA)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        return dict.fromkeys(self, "write")


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _send_check_access(self, res_ids):
        """R11: Odoo lets every user send a template; letters leave by the recall alone."""
        if self.model == "stock.lot.recall.consignee" and not self.env.su:
            raise AccessError(
                self.env._("Recall letters are sent from the recall, once its brand has agreed.")
            )
        return super()._send_check_access(res_ids)
