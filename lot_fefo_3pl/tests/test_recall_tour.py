from odoo.tests import tagged

from .portal_common import PortalCommon
from .recall_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestRecallNoticeTour(NoticeCommon, PortalCommon):
    browser_size = "1440x900"

    def test_from_the_approval_to_the_answer(self):
        """R10, R11, R12: the brand approves, QA sends, the customer answers, the case shows it."""
        self.recall.action_ask_approval()
        self.user_a.password = self.user_a.login
        case = f"/odoo/lot-recalls/{self.recall.id}"
        self.start_tour("/my/lots/recalls", "lot_fefo_3pl_recall_approve", login="brand_a")
        self.assertEqual(self.recall.approval_user_id, self.user_a)
        self.start_tour(case, "lot_fefo_3pl_recall_send", login="lot_qa")
        self._work_off()
        self.assertEqual(len(self._letters()), 2)
        page = f"/recall/reply/{self.rita.sudo().access_token}"
        self.start_tour(page, "lot_fefo_3pl_recall_answer", login=None)
        self.assertEqual(self.rita.told_on_hand, 20)
        self.start_tour(case, "lot_fefo_3pl_recall_read", login="lot_qa")

    def test_from_the_count_to_the_closed_case(self):
        """R4, R12, R13, R16, R18: the end of a recall, by clicking alone."""
        self.recall.write({"depth": "direct", "check_level": "A"})
        self._send()
        self._answer(self.carla, on_hand=10)
        self.start_tour(
            f"/odoo/lot-recalls/{self.recall.id}", "lot_fefo_3pl_recall_close", login="lot_qa"
        )
        self.assertEqual((self.recall.state, self.recall.close_reason), ("closed", False))
        self.assertEqual(self.rita.response_ids.method, "phone")
        self.assertEqual((self.rita.told_on_hand, self.rita.told_returned), (15, 5))
        self.assertEqual(sum(self.recall.destruction_ids.mapped("quantity")), 75)
        self.assertTrue(all(document._is_intact() for document in self.recall.document_ids))
        self.assertEqual([row for row in self.recall._get_clock_rows() if not row[1]], [])
