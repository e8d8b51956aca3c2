import io
from datetime import timedelta

from lxml import html
from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_common import PortalCommon


class PortalStoryCommon(PortalCommon):
    """Brand A received, shipped, got returns and adjusted; brand B did a little too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vitamin.standard_price = 4
        cls.magnesium.standard_price = 10
        cls.lot_early = cls._lot(cls.vitamin, "A-EARLY", days=20)
        cls.lot_late = cls._lot(cls.vitamin, "A-LATE", days=200)
        cls.lot_expired = cls._lot(cls.magnesium, "A-EXPIRED", days=3)
        cls.lot_b = cls._lot(cls.cream, "B-SECRET", days=20)
        cls._receive(cls.lot_early, 50, cls.bin_1)
        cls._receive(cls.lot_late, 50, cls.bin_3)
        cls._receive(cls.lot_expired, 50, cls.bin_4)
        cls._receive(cls.lot_b, 40, cls.floor)
        cls.shipped = cls._ship(cls.lot_early, 12, cls.store, origin="SO-A-1")
        cls._ship(cls.lot_early, 3, cls.consumer, origin="SO-A-2")
        cls._ship(cls.lot_b, 6, cls.consumer, source=cls.floor, origin="SO-B-1")
        cls._return(cls.shipped, 2)
        cls.lot_expired.expiration_date -= timedelta(days=6)


@tagged("post_install", "-at_install")
class TestPortalPages(PortalStoryCommon):
    """Promise 6: the brand answers its own questions about its goods."""

    def _cells(self, part, name):
        """The texts of one column of one part of the lot's page that was fetched last."""
        return [
            cell.text_content().strip()
            for cell in self.page.xpath(f"//section[@id='{part}']//td[@data-name='{name}']")
        ]

    def _open_lot(self, lot, user=None, **params):
        self.page = html.fromstring(self._get(f"/my/lots/{lot.id}", user, **params).text)
        return self.page.text_content()

    # Overview ----------------------------------------------------------------------------------

    def test_overview_adds_up_units_and_value_by_days_left(self):
        """S8: value at risk by bucket."""
        tree = html.fromstring(self._get("/my/lots/overview", self.user_a).text)
        rows = {
            row.get("data-bucket"): {
                cell.get("data-name"): cell.text_content().strip() for cell in row.findall("td")
            }
            for row in tree.xpath("//table[contains(@class, 'o_lot_chart')]/tbody/tr")
        }
        self.assertEqual(rows["expired"]["units"], "50")
        self.assertIn("500.00", rows["expired"]["value"])
        self.assertEqual(rows["bucket_0"]["units"], "37")
        self.assertIn("148.00", rows["bucket_0"]["value"])
        self.assertEqual(rows["bucket_31"]["lots"], "0")
        (risk,) = tree.xpath("//p[contains(@class, 'o_lot_risk')]")
        self.assertIn("648.00", risk.text_content())

    def test_overview_alerts_to_what_needs_a_look(self):
        self._hold(self.lot_late)
        rows = self._report_rows(self.user_a, "overview")
        report = self.env["stock.lot.report.overview"].with_user(self.user_a).sudo()
        alerts = report._get_alerts(self.user_a._get_lot_scope(), rows)
        self.assertEqual(
            [(alert["url"], alert["count"]) for alert in alerts],
            [
                ("/my/lots?filterby=expired", "1"),
                ("/my/lots?filterby=bucket_0", "1"),
                ("/my/lots?filterby=held", "50"),
            ],
        )

    # Lots --------------------------------------------------------------------------------------

    def test_grouped_list_sums_each_group(self):
        tree = html.fromstring(self._get("/my/lots", self.user_a, groupby="product").text)
        groups = [
            " ".join(row.text_content().split())
            for row in tree.xpath("//tr[contains(@class, 'o_lot_group')]")
        ]
        self.assertEqual(len(groups), 2)
        self.assertTrue(groups[0].startswith("Magnesium Lots: 1, on hand 50 Units"))
        self.assertTrue(groups[1].startswith("Vitamin C Lots: 2, on hand 87 Units"))

    def test_expiring_lists_what_is_at_risk_with_its_value(self):
        rows = {row["lot"]: row for row in self._report_rows(self.user_a, "expiring")}
        self.assertEqual(set(rows), {"A-EXPIRED", "A-EARLY"})
        self.assertEqual(rows["A-EXPIRED"]["value"], 500)

    # One lot -----------------------------------------------------------------------------------

    def test_lot_page_tells_the_whole_story_of_a_lot(self):
        text = self._open_lot(self.lot_early, self.colleague_a)
        self.assertIn("A-EARLY", text)
        self.assertEqual(self._cells("places", "on_hand"), ["37"])
        self.assertEqual(self._cells("receipts", "quantity"), ["50"])
        self.assertEqual(self._cells("shipments", "quantity"), ["3", "12"])
        self.assertEqual(self._cells("shipments", "consignee"), ["Consumer Carla", "Retailer Rita"])
        self.assertEqual(self._cells("shipments", "origin"), ["SO-A-2", "SO-A-1"])
        self.assertEqual(self._cells("returns", "quantity"), ["2"])
        flow = " ".join(self.page.xpath("//section[contains(@class, 'o_lot_flow')]")[0].itertext())
        self.assertEqual(
            flow.split(),
            ["Received", "50", "Returned", "2", "On", "hand", "37", "Units", "Shipped", "15"],
        )

    def test_lot_page_shows_adjustments_and_scrap(self):
        quant = self.lot_late.quant_ids.filtered(lambda quant: quant.location_id == self.bin_3)
        quant.with_user(self.qa).sudo().with_context(inventory_mode=True).inventory_quantity = 48
        quant.action_apply_inventory()
        self._open_lot(self.lot_late, self.user_a)
        self.assertEqual(self._cells("adjustments", "kind"), ["Adjusted down"])
        self.assertEqual(self._cells("adjustments", "quantity"), ["2"])

    def test_lot_page_shows_holds_with_their_reason(self):
        self._hold(self.lot_early, location=self.bin_2)
        text = self._open_lot(self.lot_early, self.user_a)
        self.assertIn("Label error", text)
        self.assertIn("In force", text)
        self.assertEqual(self._cells("places", "held"), ["2"])
        self.assertEqual(self._cells("places", "available"), ["35"])

    def test_units_of_another_owner_are_not_on_the_page(self):
        """G10: a lot that two brands share shows each its own units."""
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_1, 1000, lot_id=self.lot_early, owner_id=self.brand_b
        )
        self.assertNotIn("1,000", self._open_lot(self.lot_early, self.user_a))
        self._open_lot(self.lot_early, self.user_b)
        self.assertEqual(self._cells("places", "on_hand"), ["1,000"])
        self.assertEqual(self._cells("shipments", "quantity"), [])

    # Movements and shipments -------------------------------------------------------------------

    def test_order_number_leads_to_lots_and_expiry(self):
        """The reverse of a trace: which lots did this order get?"""
        (row,) = self._report_rows(self.user_a, "shipment", search="SO-A-1")
        self.assertEqual((row["lot"], row["quantity"]), ("A-EARLY", 12))
        self.assertEqual(row["expiry"], self.warehouse._get_lot_day(self.lot_early.expiration_date))
        self.assertEqual(row["picking"], self.shipped.name)
        self.assertFalse(self._report_rows(self.user_a, "shipment", search="SO-B-1"))

    def test_lot_customer_and_transfer_lead_to_shipments(self):
        for search, count in (("a-early", 2), ("rita", 1), (self.shipped.name, 1), ("late", 0)):
            with self.subTest(search=search):
                self.assertEqual(
                    len(self._report_rows(self.user_a, "shipment", search=search)), count
                )

    def test_movements_are_told_by_where_goods_went(self):
        expected = {"received": 3, "shipped": 2, "returned": 1, "adjusted": 0, "crossing": 6}
        for kind, count in expected.items():
            with self.subTest(kind=kind):
                rows = self._report_rows(self.user_a, "movement", filterby=kind)
                self.assertEqual(len(rows), count)

    def test_period_is_in_days_of_the_warehouse(self):
        today = self.warehouse._get_lot_today()
        tomorrow = today + timedelta(days=1)
        for params, count in (
            ({"date_from": today}, 2),
            ({"date_to": today}, 2),
            ({"date_from": tomorrow}, 0),
            ({"date_to": today - timedelta(days=1)}, 0),
            ({"date_from": "nonsense"}, 2),
        ):
            with self.subTest(**params):
                self.assertEqual(len(self._report_rows(self.user_a, "shipment", **params)), count)

    def test_long_list_is_counted_up_to_the_cap_and_exported_in_full(self):
        self.patch(self.registry["stock.lot.report.movement"], "_total_cap", 3)
        self.patch(self.registry["stock.lot.report"], "_page_size", 2)
        text = self._get("/my/lots/movements", self.user_a).text
        self.assertIn("More than 3 rows", text)
        self.assertEqual(len(self._csv(url="/my/lots/movements.csv")), 6)
        self.assertEqual(len(self._page(url="/my/lots/movements/page/3")), 2)

    def test_query_count_does_not_grow_with_the_shipments(self):
        def count():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._report_rows(self.user_a, "shipment")
            return self.cr.sql_log_count - before

        count()
        few = count()
        for number in range(8):
            customer = self.env["res.partner"].create({"name": f"Customer {number}"})
            self._ship(self.lot_late, 1, customer, source=self.bin_3)
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 35)

    # Exceptions and recalls --------------------------------------------------------------------

    def test_exceptions_show_used_overrides_of_the_brand(self):
        vals = {
            "move_id": self.shipped.move_ids.id,
            "product_id": self.vitamin.id,
            "lot_id": self.lot_early.id,
            "company_id": self.env.company.id,
            "rule_code": "deviation",
            "message": "lot A-OTHER goes first",
            "reason": "Pallet blocked the aisle",
            "user_id": self.supervisor.id,
        }
        used = {"date_used": fields.Datetime.now()}
        self.env["stock.lot.override"].create(
            [
                {**vals, **used},
                vals,
                {**vals, **used, "rule_code": "expired", "reason": "Sample"},
                {**vals, **used, "lot_id": self.lot_b.id},
            ]
        )
        (row,) = self._page(self.user_a, "/my/lots/exceptions")
        self.assertEqual(row["reason"], "Pallet blocked the aisle")
        self.assertEqual(len(self._page(url="/my/lots/exceptions", filterby="all")), 2)

    def test_recall_page_lists_the_customers(self):
        """R11: the brand reads who has its goods."""
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        result = recalls.start(self.lot_early.ids, "Metal splinters")
        draft = recalls.create({"reason": "Perhaps", "line_ids": []})
        (row,) = self._page(self.user_a, "/my/lots/recalls")
        self.assertEqual((row["number"], row["net"]), (result["name"], "13"))
        url = f"/my/lots/recalls/{result['recall_id']}"
        customers = {row["name"]: row["net"] for row in self._page(url=url)}
        self.assertEqual(customers, {"Retailer Rita": "10", "Consumer Carla": "3"})
        self.assertEqual(
            [row["Customer"] for row in self._csv(url=f"{url}.csv", search="carla")],
            ["Consumer Carla"],
        )
        self.assertEqual(self.url_open(f"/my/lots/recalls/{draft.id}").status_code, 404)

    # Files -------------------------------------------------------------------------------------

    def test_workbook_holds_what_the_csv_holds_with_numbers_and_dates(self):
        content = self._get("/my/lots/shipments.xlsx", self.user_a, search="SO-A-1").content
        sheet = load_workbook(io.BytesIO(content)).active
        header, row = ([cell.value for cell in cells] for cells in sheet.iter_rows())
        values = dict(zip(header, row, strict=True))
        self.assertEqual((values["Order"], values["Quantity"]), ("SO-A-1", 12))
        self.assertEqual(values["Shipped"].date(), self.warehouse._get_lot_today())

    def test_every_table_prints_as_pdf(self):
        self._login(self.user_a)
        for url in ("/my/lots/overview", "/my/lots", "/my/lots/shipments"):
            with self.subTest(url=url):
                response = self._get(f"{url}.pdf")
                self.assertEqual(response.headers["Content-Type"], "application/pdf")
                self.assertTrue(response.content.startswith(b"%PDF"))

    def test_pdf_is_made_of_exactly_the_filtered_rows(self):
        report = self.env["stock.lot.report.shipment"].with_user(self.user_a).sudo()
        scope, options = self.user_a._get_lot_scope(), report._clean_options({"search": "SO-A-1"})
        rows, __ = report._get_rows(scope, options)
        text = str(report._get_pdf_html(scope, options, rows))
        self.assertIn("A-EARLY", text)
        self.assertIn("search: SO-A-1", text)
        self.assertNotIn("SO-A-2", text)


@tagged("post_install", "-at_install")
class TestPortalHoldRequest(PortalStoryCommon):
    """Promise 6: the brand stops a lot, at once or by asking, as agreed."""

    def _ask(self, lot, user, reason="Complaint about the smell"):
        self._login(user)
        self.url_open("/my/lots/overview")
        return self.url_open(
            f"/my/lots/{lot.id}/hold",
            {"reason": reason, "csrf_token": self._csrf()},
        )

    def _csrf(self):
        page = html.fromstring(self.url_open(f"/my/lots/{self.visible.id}").text)
        return page.xpath("//input[@name='csrf_token']/@value")[0]

    def setUp(self):
        super().setUp()
        self.visible = self.lot_late
        self.requests = self.env["stock.lot.hold.request"]

    def _last(self):
        return self.requests.search([], limit=1)

    def test_request_waits_for_the_warehouse(self):
        response = self._ask(self.lot_early, self.colleague_a)
        self.assertEqual(response.status_code, 200)
        self.assertIn("will answer here", response.text)
        request = self._last()
        self.assertEqual((request.state, request.user_id), ("new", self.colleague_a))
        self.assertEqual(request.owner_id, self.brand_a)
        self.assertFalse(self.lot_early.is_held)
        self.assertTrue(request.activity_ids)
        audit = self.env["stock.lot.audit"].search([("event", "=", "hold.request")], limit=1)
        self.assertEqual((audit.user_id, audit.lot_id), (self.colleague_a, self.lot_early))

    def test_brand_with_authority_holds_at_once(self):
        self.brand_a.lot_hold_authority = "immediate"
        response = self._ask(self.lot_early, self.user_a)
        self.assertIn("on hold now", response.text)
        self.assertTrue(self.lot_early.is_held)
        hold = self._last().hold_id
        self.assertEqual(hold.user_id, self.user_a)
        self.assertIn("Complaint about the smell", hold.note)

    def test_lot_with_units_of_another_owner_is_never_held_at_once(self):
        """G10: a brand does not stop another brand's goods by itself."""
        self.brand_a.lot_hold_authority = "immediate"
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_1, 5, lot_id=self.lot_early, owner_id=self.brand_b
        )
        self._ask(self.lot_early, self.user_a)
        self.assertEqual(self._last().state, "new")
        self.assertFalse(self.lot_early.is_held)

    def test_second_request_for_the_same_lot_is_the_first(self):
        self._ask(self.lot_early, self.user_a)
        count = self.requests.search_count([])
        self._ask(self.lot_early, self.colleague_a, "Again")
        self.assertEqual(self.requests.search_count([]), count)

    def test_reason_is_needed(self):
        count = self.requests.search_count([])
        response = self._ask(self.lot_early, self.user_a, "  ")
        self.assertIn("Say why", response.text)
        self.assertEqual(self.requests.search_count([]), count)

    @mute_logger("odoo.http")
    def test_foreign_lot_and_missing_token_are_refused(self):
        """G10: nobody holds, or asks about, a lot of another brand."""
        count = self.requests.search_count([])
        self.assertEqual(self._ask(self.lot_b, self.user_a).status_code, 404)
        response = self.url_open(f"/my/lots/{self.lot_early.id}/hold", {"reason": "x"})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.requests.search_count([]), count)

    def test_qa_holds_as_asked_and_the_brand_reads_it(self):
        self._ask(self.lot_early, self.user_a)
        request = self._last().with_user(self.qa)
        request.action_hold()
        self.assertEqual(request.state, "held")
        self.assertEqual(request.hold_id.user_id, self.qa)
        self.assertFalse(request.activity_ids)
        text = self.url_open(f"/my/lots/{self.lot_early.id}").text
        self.assertIn("Asked by the brand", text)

    def test_qa_declines_with_an_answer_only(self):
        self._ask(self.lot_early, self.user_a)
        request = self._last().with_user(self.qa)
        with self.assertRaises(UserError):
            request.action_decline()
        request.answer = "We tested it: within limits."
        request.action_decline()
        self.assertEqual(request.state, "declined")
        self.assertIn("within limits", self.url_open(f"/my/lots/{self.lot_early.id}").text)
        with self.assertRaises(UserError):
            request.action_hold()

    def test_only_qa_answers_and_nobody_rewrites(self):
        self._ask(self.lot_early, self.user_a)
        request = self._last()
        for user in (self.operator, self.supervisor, self.user_a):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_hold()
        with self.assertRaises(UserError):
            request.with_user(self.qa).reason = "Nothing"
        with self.assertRaises(UserError):
            request.sudo().unlink()
