from contextlib import nullcontext

from odoo import Command
from odoo.tests import HttpCase

from odoo.addons.mail.tests.common import MockEmail

from .test_recall import RecallCommon


class NoticeCommon(RecallCommon, MockEmail):
    """A running recall with a consumer and a retailer; mails go through Odoo's own queue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.qa.email = "qa@warehouse.example"
        cls.env.company.email = "info@warehouse.example"
        cls.recall = cls.recalls.browse(
            cls.recalls.start(cls.lot.ids, "Metal splinters", recall_class="class_2")["recall_id"]
        )
        cls.recall.letter_kind = "food"
        cls.rita = cls.recall.consignee_ids.filtered(lambda row: row.name == "Retailer Rita")
        cls.carla = cls.recall.consignee_ids - cls.rita

    @classmethod
    def _approve(cls, recall=None):
        recall = recall or cls.recall
        recall.action_ask_approval()
        recall.sudo()._answer_approval(True, "")

    def _send(self, recall=None):
        """Approve, queue, and let both of Odoo's jobs run: ours and the mail queue."""
        recall = recall or self.recall
        if recall.approval_state in ("none", "changes") or recall.letter_changed:
            self._approve(recall)
        recall.action_send_notices()
        self._work_off()

    def _work_off(self):
        """The two jobs, as Odoo runs them."""
        # A browser test is in that mode already.
        mode = nullcontext() if isinstance(self, HttpCase) else self.enter_registry_test_mode()
        with mode, self.mock_mail_gateway():
            self.env.ref("lot_fefo_3pl.ir_cron_recall_notices").method_direct_trigger()
            self.env["mail.mail"].process_email_queue()
        self.env.invalidate_all()

    def _letters(self):
        """Who got a letter when the mail queue ran last; what the staff got is left out."""
        return sorted(
            address
            for mail in self._mails
            if mail["object_id"].endswith("-stock.lot.recall.consignee")
            for address in mail["email_to"]
        )

    def _answer(self, consignee, remarks="", sub_recalled="yes", **figures):
        return consignee._record_response(
            {self.lot.id: figures}, remarks=remarks, sub_recalled=sub_recalled, contact="Rita"
        )

    @classmethod
    def _many(cls, count):
        """A recall with ``count`` more customers."""
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "email": f"customer{number}@example.com"}
                for number in range(count)
            ]
        )
        for partner in partners:
            cls._ship(cls.lot_many(), 1, partner, source=cls.bin_3)
        return cls.recalls.browse(cls.recalls.start(cls.lot_many().ids, "Label error")["recall_id"])

    @classmethod
    def lot_many(cls):
        lot = cls._lot(cls.vitamin, "A-MANY", days=200)
        if not lot.quant_ids:
            cls._receive(lot, 500, cls.bin_3)
        return lot

    def _wizard(self, **values):
        if "lot_ids" in values:
            values["lot_ids"] = [Command.set(values["lot_ids"].ids)]
        return self.env["stock.lot.recall.start"].with_user(self.qa).create(values)
