from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .portal_common import PASSWORD, PortalCommon

LIST_ROUTES = ("/my/lots", "/my/lots.csv")
STOCK_MODELS = (
    "stock.lot",
    "stock.lot.audit",
    "stock.lot.hold",
    "stock.move",
    "stock.move.line",
    "stock.picking",
    "stock.quant",
)


@tagged("post_install", "-at_install")
class TestPortalLots(PortalCommon):
    """Promise 6: the brand sees its lots, and nobody else's, without phoning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot_early = cls._lot(cls.vitamin, "A-EARLY", days=20)
        cls.lot_late = cls._lot(cls.vitamin, "A-LATE", days=200)
        cls.lot_expired = cls._lot(cls.magnesium, "A-EXPIRED", days=3)
        cls.lot_b = cls._lot(cls.cream, "B-SECRET", days=20)
        cls._receive(cls.lot_early, 10, cls.bin_1)
        cls._receive(cls.lot_late, 7, cls.bin_2)
        cls._receive(cls.lot_late, 5, cls.bin_3)
        cls._receive(cls.lot_expired, 4, cls.bin_4)
        cls._receive(cls.lot_b, 6, cls.bin_1)
        cls.lot_expired.expiration_date -= timedelta(days=6)

    # What the brand sees -----------------------------------------------------------------------

    def test_page_lists_own_lots_first_to_expire_first(self):
        rows = self._page(self.user_a)
        self.assertEqual([row["lot"] for row in rows], ["A-EXPIRED", "A-EARLY", "A-LATE"])
        late = rows[2]
        self.assertEqual(
            {name: late[name] for name in ("product", "on_hand", "available", "held", "bins")},
            {"product": "Vitamin C", "on_hand": "12", "available": "12", "held": "0", "bins": "2"},
        )
        self.assertEqual(rows[0]["days_left"], "Expired 3 days ago")
        self.assertEqual(rows[1]["days_left"], "20 days")

    def test_available_leaves_out_what_is_reserved_held_or_expired(self):
        """S8: a brand's available figure promises only what an order can take."""
        delivery = self._delivery([(self.vitamin, 3)], owner=self.brand_a)
        delivery.action_assign()
        self._hold(self.lot_late)
        rows = self._rows(self.user_a)
        self.assertEqual((rows["A-EARLY"]["on_hand"], rows["A-EARLY"]["available"]), (10, 7))
        late = rows["A-LATE"]
        self.assertEqual((late["on_hand"], late["available"], late["held"]), (12, 0, 12))
        self.assertEqual(late["held_for"], "Label error")
        self.assertEqual((rows["A-EXPIRED"]["on_hand"], rows["A-EXPIRED"]["available"]), (4, 0))

    def test_hold_in_one_bin_counts_the_goods_of_that_bin_only(self):
        self._hold(self.lot_late, location=self.bin_3)
        late = self._rows(self.user_a)["A-LATE"]
        self.assertEqual((late["on_hand"], late["available"], late["held"]), (12, 7, 5))

    def test_released_hold_is_gone(self):
        hold = self._hold(self.lot_late)
        hold.with_user(self.qa)._release("Label replaced")
        late = self._rows(self.user_a)["A-LATE"]
        self.assertEqual((late["available"], late["held"], late["held_for"]), (12, 0, ""))

    def test_quant_owner_decides_and_the_lot_brand_where_there_is_none(self):
        lot = self._lot(self.vitamin, "A-SHARED", days=50)
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.vitamin, self.floor, 2, lot_id=lot)
        quants._update_available_quantity(
            self.vitamin, self.floor, 3, lot_id=lot, owner_id=self.brand_b
        )
        quants._update_available_quantity(
            self.vitamin, self.floor, 4, lot_id=lot, owner_id=self.colleague_a.partner_id
        )
        self.assertEqual(self._rows(self.user_a)["A-SHARED"]["on_hand"], 6)
        self.assertEqual(self._rows(self.user_b)["A-SHARED"]["on_hand"], 3)

    def test_buckets_begin_at_the_days_they_say(self):
        cases = {-1: "expired", 0: "bucket_0", 30: "bucket_0", 31: "bucket_31", 90: "bucket_61"}
        for number, (days, bucket) in enumerate(
            {**cases, 91: "bucket_91", None: "undated"}.items()
        ):
            name = f"BUCKET-{number}"
            lot = self._lot(self.vitamin if days is not None else self.comb, name)
            lot.owner_id = self.brand_a
            lot.expiration_date = days is not None and lot.create_date + timedelta(days=days)
            self.env["stock.quant"]._update_available_quantity(
                lot.product_id, self.floor, 1, lot_id=lot, owner_id=self.brand_a
            )
            with self.subTest(days=days):
                for other in self.report._get_buckets():
                    found = name in self._rows(self.user_a, filterby=other)
                    self.assertEqual(found, other == bucket, other)
                self.assertEqual(self._rows(self.user_a)[name]["bucket"], bucket)

    def test_lots_shipped_out_appear_on_request_only(self):
        self._lot(self.vitamin, "A-GONE", days=10)
        self.assertNotIn("A-GONE", self._rows(self.user_a))
        self.assertEqual(self._rows(self.user_a, filterby="all")["A-GONE"]["on_hand"], 0)
        self.assertNotIn("A-GONE", self._rows(self.user_b, filterby="all"))

    def test_search_finds_by_lot_product_and_barcode(self):
        self.vitamin.default_code = "VIT-C"
        for search in ("a-late", "vitamin", "vit-c", self.vitamin.barcode):
            with self.subTest(search=search):
                self.assertIn("A-LATE", self._rows(self.user_a, search=search))
                self.assertNotIn("A-EXPIRED", self._rows(self.user_a, search=search))

    def test_pages_cut_the_list_and_a_page_beyond_the_end_shows_the_first(self):
        self.patch(self.registry["stock.lot.report"], "_page_size", 2)
        self.assertEqual(len(self._page(self.user_a)), 2)
        self.assertEqual([row["lot"] for row in self._page(url="/my/lots/page/2")], ["A-LATE"])
        self.assertEqual(len(self._page(url="/my/lots/page/99")), 2)

    def test_csv_holds_exactly_what_the_page_shows(self):
        self._hold(self.lot_late)
        self.authenticate(self.user_a.login, PASSWORD)
        for params in ({}, {"search": "late"}, {"filterby": "expired"}, {"sortby": "quantity"}):
            with self.subTest(**params):
                page, exported = self._page(**params), self._csv(**params)
                self.assertTrue(page)
                self.assertEqual(len(page), len(exported))
                for shown, row in zip(page, exported, strict=True):
                    for column in self.report._get_columns():
                        value = row[column["label"]]
                        if value and column["type"] == "date":
                            value = date.fromisoformat(value)
                        elif column["type"] == "days":
                            value = int(value)
                        elif column["type"] in ("quantity", "integer"):
                            value = float(value)
                        text = self.report._format_cell(column, value)
                        self.assertEqual(shown[column["name"]], str(text))

    def test_csv_cannot_carry_a_formula(self):
        self.lot_late.name = '=HYPERLINK("http://evil.example")'
        lots = [row["Lot"] for row in self._csv(self.user_a)]
        self.assertIn('\'=HYPERLINK("http://evil.example")', lots)

    # Who sees it -------------------------------------------------------------------------------

    def test_colleague_sees_the_same_as_the_brand(self):
        """G10: every contact of the brand sees the brand's goods."""
        self.assertEqual(self._page(self.colleague_a), self._page(self.user_a))

    def test_nobody_else_sees_anything_of_the_brand(self):
        """G10: another brand, a consumer and an employee see nothing of brand A."""
        subsidiary = self.env["res.partner"].create(
            {"name": "Brand A Subsidiary", "is_company": True, "parent_id": self.brand_a.id}
        )
        others = [self.user_b, self.user_none, self._portal_user("subsidiary", subsidiary)]
        for user in (*others, self.employee):
            for route in LIST_ROUTES:
                with self.subTest(user=user.login, route=route):
                    text = self._get(route, user, filterby="all").text
                    self.assertNotIn("A-EARLY", text)
                    self.assertNotIn("Vitamin", text)

    def test_public_visitor_is_sent_to_the_login(self):
        for route in LIST_ROUTES:
            with self.subTest(route=route):
                response = self._get(route)
                self.assertIn("/web/login", response.url)
                self.assertNotIn("A-EARLY", response.text)

    def test_tampered_parameters_widen_nothing(self):
        """G10: whatever is added to the address, the brand's own scope stays."""
        own = {"A-EARLY", "A-LATE", "A-EXPIRED"}
        tampered = [
            {"owner_id": self.brand_b.id},
            {"brand_id": self.brand_b.id, "partner_id": self.brand_b.id},
            {"domain": "[(1, '=', 1)]", "filterby": "[]"},
            {"filterby": "nonsense", "sortby": "id; DROP TABLE stock_lot"},
            {"search": "%"},
            {"search": "' OR 1=1 --"},
            {"search": "B-SECRET", "filterby": "all"},
            {"lot_id": self.lot_b.id, "sudo": "1", "uid": "1"},
            {"search": "_" * 5000},
        ]
        self.authenticate(self.user_a.login, PASSWORD)
        for params in tampered:
            with self.subTest(**params):
                self.assertLessEqual({row["lot"] for row in self._page(**params)}, own)
                self.assertLessEqual({row["Lot"] for row in self._csv(**params)}, own)

    def test_goods_in_a_company_the_user_does_not_deal_with_are_not_shown(self):
        company = self.env["res.company"].create({"name": "Other 3PL"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        self.env["stock.quant"].with_company(company)._update_available_quantity(
            self.vitamin, warehouse.lot_stock_id, 50, lot_id=self.lot_late, owner_id=self.brand_a
        )
        self.assertEqual(self._rows(self.user_a)["A-LATE"]["on_hand"], 12)
        self.user_a.company_ids += company
        self.assertEqual(self._rows(self.user_a)["A-LATE"]["on_hand"], 62)

    def test_portal_user_finds_nothing_by_odoo_itself(self):
        """G06, G11, G19: we grant no right on stock, and through those that other modules grant
        (sale_stock, mrp_subcontracting) nothing is found: no names through related fields."""
        for model in STOCK_MODELS:
            with self.subTest(model=model):
                records = self.env[model].with_user(self.user_a)
                if records.has_access("read"):
                    self.assertFalse(records.search([]))
                else:
                    with self.assertRaises(AccessError):
                        records.search([])
        portal = self.env.ref("base.group_portal")
        ours = self.env["ir.model.data"].search(
            [("module", "=", "lot_fefo_3pl"), ("model", "=", "ir.model.access")]
        )
        rights = self.env["ir.model.access"].browse(ours.mapped("res_id"))
        self.assertNotIn(portal, rights.group_id)
        self.assertTrue(all(right.group_id for right in rights))
        for model in self.env["stock.lot.report"]._inherit_children | {"stock.lot.report"}:
            rights = self.env["ir.model.access"].search([("model_id.model", "=", model)])
            self.assertFalse(rights, model)

    @mute_logger("odoo.http")
    def test_portal_user_cannot_call_the_report(self):
        """G06: the report that reads for the portal is not callable from outside."""
        self.authenticate(self.user_a.login, PASSWORD)
        for method in ("_get_rows", "_get_owned"):
            with self.subTest(method=method), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    "/web/dataset/call_kw",
                    {"model": self.report._name, "method": method, "args": [], "kwargs": {}},
                )

    # Home, cost ---------------------------------------------------------------------------------

    def test_home_offers_the_card_to_brands_only(self):
        for user, count in ((self.user_a, 1), (self.colleague_a, 1), (self.user_none, 0)):
            with self.subTest(user=user.login):
                self.authenticate(user.login, PASSWORD)
                result = self.make_jsonrpc_request("/my/counters", {"counters": ["lot_count"]})
                self.assertEqual(result["lot_count"], count)

    def test_query_count_does_not_grow_with_the_lots(self):
        def count():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._rows(self.user_a)
            return self.cr.sql_log_count - before

        self._rows(self.user_a)
        few = count()
        for number in range(60):
            lot = self._lot(self.vitamin, f"A-MANY-{number}", days=number)
            self.env["stock.quant"]._update_available_quantity(
                self.vitamin, self.floor, 1, lot_id=lot, owner_id=self.brand_a
            )
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 25)
