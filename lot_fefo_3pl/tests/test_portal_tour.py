import base64

from odoo.tests import tagged

from .test_portal_pages import PortalStoryCommon


class PortalTourCommon(PortalStoryCommon):
    """One way through the portal; each page is checked for labels, contrast, keyboard, width."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        recalls = cls.env["stock.lot.recall"].with_user(cls.qa)
        recalls.start(cls.lot_early.ids, "Yearly exercise", is_mock=True)
        cls.recall = recalls.browse(
            recalls.start(cls.lot_early.ids, "Splinters", recall_class="class_2")["recall_id"]
        )
        cls.recall.letter_kind = "food"
        cls.recall.action_ask_approval()
        cls.env["stock.lot.document"].create(
            {
                "lot_id": cls.lot_early.id,
                "name": "certificate.pdf",
                "content": base64.b64encode(b"%PDF-1.4"),
                "is_brand_visible": True,
            }
        )
        # Odoo's browser logs in with the login as password.
        cls.user_a.password = cls.user_a.login

    def _tour(self):
        self.start_tour("/my", "lot_fefo_3pl_portal_brand", login=self.user_a.login)
        request = self.env["stock.lot.hold.request"].search([], limit=1)
        self.assertEqual((request.lot_id, request.state), (self.lot_early, "new"))
        self.assertEqual(request.reason, "Complaint about the smell")
        self.assertEqual(self.recall.approval_state, "approved")
        self.assertEqual(self.recall.approval_user_id, self.user_a)
        self.assertEqual(self.brand_a.lot_digest_frequency, "monthly")


@tagged("post_install", "-at_install")
class TestPortalTourDesk(PortalTourCommon):
    """Promise 6: a brand's user finds every answer without help, on a desk."""

    browser_size = "1440x900"

    def test_brand_finds_its_way_at_a_desk(self):
        self._tour()


@tagged("post_install", "-at_install")
class TestPortalTourHandheld(PortalTourCommon):
    """Promise 6: a brand's user finds every answer without help, on a handheld."""

    browser_size = "390x844"
    touch_enabled = True

    def test_brand_finds_its_way_on_a_handheld(self):
        self._tour()
