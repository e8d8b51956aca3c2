import base64
import json

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_portal_pages import PortalStoryCommon

CONTENT = b"%PDF-1.4 all twelve tests passed"


@tagged("post_install", "-at_install")
class TestPortalDocuments(PortalStoryCommon):
    """Promise 6: the brand downloads the certificates of its lots, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = cls._document("certificate.pdf", is_brand_visible=True)
        cls.internal = cls._document("internal.pdf")

    @classmethod
    def _document(cls, name, lot=None, **values):
        return (
            cls.env["stock.lot.document"]
            .with_user(cls.qa)
            .create(
                {
                    "lot_id": (lot or cls.lot_early).id,
                    "name": name,
                    "content": base64.b64encode(CONTENT),
                    **values,
                }
            )
        )

    def _url(self, document, lot=None):
        return f"/my/lots/{(lot or document.lot_id).id}/documents/{document.id}"

    def test_brand_reads_and_downloads_what_is_visible_to_it(self):
        page = self._get(f"/my/lots/{self.lot_early.id}", self.colleague_a).text
        self.assertIn("certificate.pdf", page)
        self.assertIn("Certificate of analysis", page)
        self.assertNotIn("internal.pdf", page)
        response = self._get(self._url(self.certificate))
        self.assertEqual(response.content, CONTENT)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn("certificate.pdf", response.headers["Content-Disposition"])

    @mute_logger("odoo.http")
    def test_nobody_else_gets_it_by_any_address(self):
        """G10: the same answer as for a file that does not exist."""
        for user, address in (
            (self.user_a, self._url(self.internal)),
            (self.user_a, self._url(self.certificate, self.lot_late)),
            (self.user_a, f"/my/lots/{self.lot_early.id}/documents/{2**40}"),
            (self.user_b, self._url(self.certificate)),
            (self.user_b, self._url(self.certificate, self.lot_b)),
            (self.user_none, self._url(self.certificate)),
        ):
            with self.subTest(user=user.login, address=address):
                self._login(user)
                self.assertEqual(self.url_open(address).status_code, 404)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_binary")
    def test_odoos_own_download_addresses_do_not_give_it(self):
        """G10: the file is an attachment; its id and its record are guessed."""
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "stock.lot.document"),
                ("res_field", "=", "content"),
                ("res_id", "=", self.certificate.id),
            ]
        )
        self.assertEqual(attachment.raw, CONTENT)
        for user in (self.user_a, self.user_b, None):
            if user:
                self._login(user)
            else:
                self.logout()
            for address in (
                f"/web/content/{attachment.id}",
                f"/web/content/stock.lot.document/{self.certificate.id}/content",
            ):
                with self.subTest(user=user and user.login, address=address):
                    self.assertNotEqual(self.url_open(address).content, CONTENT)

    def test_document_is_for_the_brand_of_the_lot(self):
        """G10: a lot that two brands share: a file is one brand's."""
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_1, 5, lot_id=self.lot_early, owner_id=self.brand_b
        )
        page = self._get(f"/my/lots/{self.lot_early.id}", self.user_b).text
        self.assertNotIn("certificate.pdf", page)
        self._document("for-b.pdf", is_brand_visible=True, owner_id=self.brand_b.id)
        page = self._get(f"/my/lots/{self.lot_early.id}").text
        self.assertIn("for-b.pdf", page)

    def test_visible_document_needs_a_brand(self):
        product = self.env["product.product"].create({"name": "Nobody's", "tracking": "lot"})
        lot = self._lot(product, "N-1")
        with self.assertRaisesRegex(ValidationError, "which brand may read it"):
            self._document("x.pdf", lot, is_brand_visible=True)

    def test_only_supervisors_and_qa_change_documents(self):
        for user, may in ((self.operator, False), (self.supervisor, True), (self.user_a, False)):
            document = self.certificate.with_user(user)
            with self.subTest(user=user.login):
                if may:
                    document.note = "Checked"
                else:
                    self.assertRaises(AccessError, document.write, {"is_brand_visible": False})
        self.assertRaises(AccessError, self.certificate.with_user(self.user_a).read, ["name"])

    # The way of the lot ------------------------------------------------------------------------

    def _graph(self, user):
        return json.loads(self._get(f"/my/lots/{self.lot_early.id}/graph", user).text)

    def test_way_of_the_lot_is_drawn_of_the_brands_units(self):
        graph = self._graph(self.user_a)
        names = {node["name"] for node in graph["nodes"]}
        self.assertLessEqual({"A-EARLY", "Retailer Rita", "Consumer Carla"}, names)
        targets = {node["key"]: node["name"] for node in graph["nodes"]}
        flows = {targets[link["target"]]: link["quantity"] for link in graph["links"]}
        self.assertEqual((flows["A-EARLY"], flows["Retailer Rita"]), (50, 10))

    def test_way_of_a_shared_lot_shows_each_brand_its_own_customers(self):
        """G10: nodes and quantities of the other brand are not in the picture."""
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_1, 1000, lot_id=self.lot_early, owner_id=self.brand_b
        )
        graph = self._graph(self.user_b)
        names = {node["name"] for node in graph["nodes"]}
        self.assertIn(self.bin_1.complete_name, names)
        self.assertNotIn("Retailer Rita", names)
        self.assertEqual([link["quantity"] for link in graph["links"]], [1000])
        self.assertNotIn(1000, [link["quantity"] for link in self._graph(self.user_a)["links"]])

    def test_way_of_a_lot_does_not_name_a_lot_of_another_brand(self):
        """G10: a relabelled lot that became another brand's is not named to the first one."""
        report = self.env["stock.lot.report.lot"].sudo()
        links = [
            {"child_lot_id": lot.id, "child_lot": lot.name} for lot in (self.lot_late, self.lot_b)
        ] + [{"child_lot_id": False, "child_lot": ""}]
        own = report._get_own_links(self.user_a._get_lot_scope(), links, "child")
        self.assertEqual([link["child_lot"] for link in own], ["A-LATE"])

    # Words -------------------------------------------------------------------------------------

    def test_day_and_month_cannot_be_confused_and_files_sort(self):
        """Promise 6: 05 Jan 2027 on the page, 2027-01-05 in the files."""
        self.lot_late.expiration_date = "2027-01-05 12:00:00"
        (row,) = self._page(self.user_a, search="A-LATE", filterby="all")
        self.assertEqual(row["expiry"], "05 Jan 2027")
        (row,) = self._csv(search="A-LATE", filterby="all")
        self.assertEqual(row["Expiry date"], "2027-01-05")

    def test_value_that_nobody_knows_is_not_shown_as_nothing(self):
        (self.vitamin | self.magnesium).standard_price = 0
        text = self._get("/my/lots/overview", self.user_a).text
        self.assertIn("knows no cost of your products", text)
        self.assertNotIn("Value at risk", text)

    def test_promised_units_explain_why_goods_are_not_available(self):
        self._delivery([(self.vitamin, 4)], partner=self.store)
        rows = self._rows(self.user_a)
        self.assertEqual(rows["A-EARLY"]["reserved"] + rows["A-LATE"]["reserved"], 4)
