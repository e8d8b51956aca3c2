from odoo import models

from ..models.stock_lot_recall_letter_access import check_letters_leave_by_recall


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        for composer in self:
            check_letters_leave_by_recall(self.env, composer.model)
        return super()._action_send_mail(auto_commit=auto_commit)
