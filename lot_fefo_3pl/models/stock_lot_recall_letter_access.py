from odoo import models
from odoo.exceptions import AccessError

CONSIGNEE = "stock.lot.recall.consignee"
QA = "lot_fefo_3pl.lot_fefo_3pl_group_qa"


class StockLotRecallConsignee(models.Model):
    """Who has a letter can answer for its customer: letters are read by QA only."""

    _inherit = "stock.lot.recall.consignee"

    def _may_see_reply_key(self):
        return self.env.su or self.env.user.has_group(QA)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        return dict.fromkeys(self, "write")


def check_letters_leave_by_recall(env, model):
    """R11: Odoo lets every user write to the records of any model, with any template."""
    if model == CONSIGNEE and not env.su:
        raise AccessError(
            env._("Recall letters are sent from the recall, once its brand has agreed.")
        )


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _send_check_access(self, res_ids):
        check_letters_leave_by_recall(self.env, self.model)
        return super()._send_check_access(res_ids)
