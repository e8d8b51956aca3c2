from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import LotControlCommon


class DashboardCommon(LotControlCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        cls.lot_near = cls._lot(cls.vitamin, "A-NEAR", days=20)
        cls.lot_far = cls._lot(cls.vitamin, "A-FAR", days=300)
        cls.lot_b = cls._lot(cls.cream, "B-NEAR", days=50)
        for lot, quantity, place in (
            (cls.lot_near, 10, cls.bin_1),
            (cls.lot_far, 20, cls.bin_2),
            (cls.lot_b, 5, cls.bin_3),
        ):
            cls._receive(lot, quantity, place)

    def _overview(self, user=None, **choice):
        choice.setdefault("warehouse_id", self.warehouse.id)
        dashboard = self.env["stock.lot.dashboard"].with_user(user or self.qa)
        return dashboard.with_context(lang="en_US").get_overview(**choice)

    def _figure(self, key, user=None, **choice):
        figures = self._overview(user, **choice)["figures"]
        return next((figure for figure in figures if figure["key"] == key), None)

    def _chart(self, key, figure):
        return next(chart for chart in figure["charts"] if chart["key"] == key)

    def _open(self, action, *domains):
        """The records that a click opens."""
        domain = action["domain"]
        for further in domains:
            domain = [*domain, *further]
        return self.env[action["res_model"]].with_user(self.qa).search(domain)


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCommon):
    """The figures are what the records say, and lead to them."""

    def test_lots_at_risk_by_brand_and_days(self):
        self.vitamin.standard_price = 3
        self.env.flush_all()
        figure = self._figure("risk")
        self.assertEqual(figure["value"], "2")
        self.assertIn("30", figure["hint"])
        self.assertEqual(figure["level"], "warn")
        chart = self._chart("risk", figure)
        bars = dict(zip(chart["labels"], range(len(chart["labels"])), strict=True))
        sets = {set_["label"]: set_["data"] for set_ in chart["datasets"]}
        self.assertEqual(sets["0-30 days"][bars["Brand A"]], 1)
        self.assertEqual(sets["31-60 days"][bars["Brand B"]], 1)
        self.assertEqual(self._open(figure["action"]).lot_id, self.lot_near | self.lot_b)
        label = chart["label_domains"][bars["Brand A"]]
        series = chart["dataset_domains"][list(sets).index("0-30 days")]
        self.assertEqual(self._open(chart["action"], label, series).lot_id, self.lot_near)

    def test_expired_lots_are_red(self):
        self.lot_near.sudo().expiration_date = fields.Datetime.now() - timedelta(days=2)
        self.env.flush_all()
        self.assertEqual(self._figure("risk")["level"], "bad")

    def test_day_of_the_bucket_is_the_warehouses(self):
        """A lot that expires in exactly 30 days is within them; one more day is not."""
        self.env.flush_all()
        today = self.warehouse._get_lot_today()
        analysis = self.env["stock.lot.analysis"]
        for days, bucket in ((30, "bucket_0"), (31, "bucket_31"), (-1, "expired"), (0, "bucket_0")):
            moment = self.warehouse._get_lot_day_end(today + timedelta(days=days))
            self.lot_near.sudo().expiration_date = moment
            self.env.flush_all()
            self.env.invalidate_all()
            row = analysis.search([("lot_id", "=", self.lot_near.id)])
            self.assertEqual((row.days_left, row.bucket), (days, bucket))

    def test_holds(self):
        reason = self.env["stock.lot.hold.reason"].create({"name": "Odd smell"})
        before = int(self._figure("holds")["value"])
        self.env["stock.lot.hold"].with_user(self.qa)._hold(self.lot_b, reason)
        figure = self._figure("holds")
        self.assertEqual(int(figure["value"]), before + 1)
        chart = self._chart("holds", figure)
        bar = chart["labels"].index("Odd smell")
        self.assertEqual(chart["datasets"][0]["data"][bar], 1)
        self.assertEqual(
            self._open(chart["action"], chart["label_domains"][bar]).lot_id, self.lot_b
        )
        row = self.env["stock.lot.analysis"].search([("lot_id", "=", self.lot_b.id)])
        self.assertTrue(row.is_held)

    def test_scans_and_verification(self):
        delivery = self._delivery([(self.vitamin, 4)])
        answer = delivery.lot_scan("A-FAR", location_barcode=self.bin_2.barcode)
        self.assertEqual(answer["code"], "wrong_lot")
        self._validate(delivery)
        self.env.flush_all()
        scans = self._figure("scans")
        self.assertEqual(scans["value"], "1")
        self.assertEqual(self._open(scans["action"]).picking_name, delivery.name)
        chart = self._chart("scans", scans)
        self.assertEqual(chart["labels"], ["Wrong lot"])
        verified = self._figure("verified")
        self.assertEqual(verified["level"], "good")
        self.assertEqual(verified["value"], "100 %")
        row = self._open(verified["action"])
        self.assertEqual((row.lot_id, row.quantity, row.scanned), (self.lot_near, 4, 4))
        fefo = self._figure("fefo")
        self.assertEqual((fefo["value"], fefo["level"]), ("100 %", "good"))

    def test_unverified_line_is_counted(self):
        policy = self.env["stock.lot.policy"].search([("warehouse_id", "=", self.warehouse.id)])
        policy.verification = "none"
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.move_ids.picked = True
        delivery.button_validate()
        self.env.flush_all()
        verified = self._figure("verified")
        self.assertEqual((verified["value"], verified["level"]), ("0 %", "bad"))
        chart = self._chart("verified", verified)
        self.assertEqual([set_["data"] for set_ in chart["datasets"]], [[0], [1]])
        found = self._open(chart["action"], chart["label_domains"][0], chart["dataset_domains"][1])
        self.assertEqual(found.picking_id, delivery)

    def test_mock_recalls(self):
        self.assertEqual(self._figure("recalls", owner_id=self.brand_b.id)["value"], "–")
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        recall = recalls.browse(
            recalls.start(self.lot_b.ids, "Exercise", is_mock=True)["recall_id"]
        )
        figure = self._figure("recalls")
        self.assertIn(recall.name, figure["hint"])
        chart = self._chart("recalls", figure)
        self.assertEqual(chart["labels"][-1], recall.name)
        self.assertEqual(chart["datasets"][1]["data"][-1], recall.trace_seconds)
        self.assertEqual(self._open(chart["action"], chart["label_domains"][-1]), recall)

    def test_choice_restricts_every_figure(self):
        overview = self._overview(owner_id=self.brand_b.id)
        figures = {figure["key"]: figure for figure in overview["figures"]}
        self.assertEqual(figures["risk"]["value"], "1")
        self.assertIn([self.brand_b.id, "Brand B"], overview["brands"])
        self.assertEqual(self._overview(days=12345)["days"], 30)
        other = self.env["stock.warehouse"].create(
            {"name": "Other", "code": "OTH", "lot_control": True}
        )
        self.assertEqual(self._figure("risk", warehouse_id=other.id)["value"], "0")


@tagged("post_install", "-at_install")
class TestDashboardAccuracy(DashboardCommon):
    """E: record accuracy and unit accuracy from lot-level counts, 99.9 % and more is green."""

    def _counted(self, lot, location, expected, counted):
        count = self.env["stock.lot.count"].create(
            {
                "location_id": location.id,
                "company_id": self.env.company.id,
                "round": 1,
                "state": "done",
                "date_done": fields.Datetime.now(),
                "line_ids": [
                    Command.create(
                        {
                            "product_id": lot.product_id.id,
                            "lot_id": lot.id,
                            "lot_name": lot.name,
                            "owner_id": lot.owner_id.id,
                            "expected_qty": expected,
                            "first_qty": counted,
                        }
                    )
                ],
            }
        )
        self.env.flush_all()
        return count.line_ids

    def test_units_and_records(self):
        """E: 1 - sum of differences / sum of the book; records without difference / counted."""
        self._counted(self.lot_near, self.bin_1, 1000, 1000)
        self._counted(self.lot_far, self.bin_2, 999, 998)
        figure = self._figure("accuracy")
        self.assertEqual(figure["value"], "99.94 %")
        self.assertIn("50 %", figure["hint"])
        self.assertEqual(figure["level"], "bad")

    def test_rate_of_a_group_is_a_rate_of_sums(self):
        """E: a small bin does not weigh as much as a large one."""
        self._counted(self.lot_near, self.bin_1, 999, 999)
        self._counted(self.lot_far, self.bin_2, 1, 0)
        [(records, units)] = self.env["stock.lot.accuracy"]._read_group(
            [("warehouse_id", "=", self.warehouse.id)],
            [],
            ["record_accuracy:avg", "unit_accuracy:avg"],
        )
        self.assertEqual((records, units), (0.5, 0.999))

    def test_green_begins_at_99_9(self):
        dashboard = self.env["stock.lot.dashboard"]
        self.assertEqual(dashboard._judge(999, 1000), "good")
        self.assertEqual(dashboard._judge(9989, 10000), "warn")
        self.assertEqual(dashboard._judge(94, 100), "bad")
        self.assertEqual(dashboard._judge(0, 0), "plain")
        self.assertEqual(dashboard._percent(99999, 100000), "99.99 %")
        self.assertEqual(dashboard._percent(0, 0), "–")

    def test_exact_counts_are_green(self):
        self._counted(self.lot_near, self.bin_1, 10, 10)
        figure = self._figure("accuracy")
        self.assertEqual((figure["value"], figure["level"]), ("100 %", "good"))

    def test_by_brand_zone_and_month(self):
        zone = self.env["stock.location"].create(
            {"name": "Mezzanine", "location_id": self.stock.id, "usage": "view"}
        )
        self.bin_3.location_id = zone
        line = self._counted(self.lot_b, self.bin_3, 10, 5)
        self._counted(self.lot_near, self.bin_1, 10, 10)
        figure = self._figure("accuracy")
        brands = self._chart("accuracy_brand", figure)
        by_brand = dict(zip(brands["labels"], brands["datasets"][1]["data"], strict=True))
        self.assertEqual(by_brand, {"Brand A": 100, "Brand B": 50})
        zones = self._chart("accuracy_zone", figure)
        bar = next(bar for bar, name in enumerate(zones["labels"]) if "Mezzanine" in name)
        self.assertEqual(zones["datasets"][0]["data"][bar], 0)
        found = self._open(zones["action"], zones["label_domains"][bar])
        self.assertEqual((found.id, found.action_open()["res_id"]), (line.id, line.count_id.id))
        months = self._chart("accuracy_month", figure)
        self.assertEqual(months["labels"], [f"{fields.Date.today():%Y-%m}"])
        self.assertEqual(len(self._open(months["action"], months["label_domains"][0])), 2)


@tagged("post_install", "-at_install")
class TestDashboardAccess(DashboardCommon):
    """Everybody sees what they may read, of their companies, for a constant number of queries."""

    def test_figures_by_group(self):
        for user, hidden in (
            (self.qa, set()),
            (self.supervisor, set()),
            (self.operator, {"fefo", "verified", "accuracy"}),
        ):
            with self.subTest(user=user.login):
                keys = {figure["key"] for figure in self._overview(user)["figures"]}
                self.assertEqual(set(self.env["stock.lot.dashboard"]._get_figures()) - keys, hidden)
        for user in (self.stock_user, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._overview(user)

    def test_other_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="lot_fefo_3pl.lot_fefo_3pl_group_qa",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        overview = self._overview(stranger)
        figures = {figure["key"]: figure for figure in overview["figures"]}
        self.assertEqual(figures["risk"]["value"], "0")
        self.assertEqual(overview["brands"], [])
        self.assertEqual(overview["warehouses"], [])

    def test_query_count_is_constant(self):
        bins = self.env["stock.location"].create(
            [{"name": f"B-{number}", "location_id": self.stock.id} for number in range(20)]
        )
        self._validate(self._delivery([(self.vitamin, 1)]))
        self._validate(self._delivery([(self.cream, 1)]))
        few = self._count_queries()
        brands = self.env["res.partner"].create([{"name": f"Brand {n}"} for n in range(10)])
        for number, place in enumerate(bins):
            product = self.env["product.product"].create(
                {
                    "name": f"P{number}",
                    "is_storable": True,
                    "tracking": "lot",
                    "use_expiration_date": True,
                    "owner_id": brands[number % 10].id,
                }
            )
            self._receive(self._lot(product, f"L{number}", days=10), 5, place)
            if number < 5:
                self._validate(self._delivery([(product, 1)]))
        self.assertLessEqual(self._count_queries(), few)

    def _count_queries(self):
        self._overview()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._overview()
        return self.env.cr.sql_log_count - before

    def test_reports_are_in_the_menu_of_who_may_read_them(self):
        menus = self.env.ref("lot_fefo_3pl.lot_control_menu_report").child_id
        restricted = menus.filtered("group_ids")
        self.assertTrue(restricted)
        for user, count in ((self.qa, len(menus)), (self.operator, len(menus - restricted))):
            shown = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(len(set(menus.ids) & set(shown)), count, user.login)

    def test_every_report_opens(self):
        for name in (
            "stock_lot_analysis_action",
            "stock_lot_hold_action_report",
            "stock_lot_verified_action",
            "stock_lot_scan_action_report",
            "stock_lot_refusal_action",
            "stock_lot_accuracy_action",
            "stock_lot_recall_action_report",
        ):
            action = self.env["ir.actions.act_window"]._for_xml_id(f"lot_fefo_3pl.{name}")
            model = self.env[action["res_model"]].with_user(self.qa)
            for view in action["view_mode"].split(","):
                with self.subTest(action=name, view=view):
                    self.assertTrue(model.get_view(view_type=view)["arch"])
            model.search_read([], limit=1)


@tagged("post_install", "-at_install")
class TestRefusals(HttpCase, DashboardCommon):
    """What was not let into a bin is on record, although the transaction is undone."""

    def _mix(self):
        picking = self._picking(
            self.warehouse.in_type_id, self.supplier_location, self.bin_1
        ).with_context(lang="en_US")
        self._move(picking, self.vitamin, 3, lot=self.lot_far)
        picking.move_ids.picked = True
        return picking

    @mute_logger("odoo.http")
    def test_refused_request_leaves_its_record(self):
        picking = self._mix()
        before = self.env["stock.lot.refusal"].search([])
        self.supervisor.password = "lot_supervisor"
        self.authenticate("lot_supervisor", "lot_supervisor")
        answer = self.make_jsonrpc_request_error(picking)
        self.assertIn("cannot take", answer)
        refusal = self.env["stock.lot.refusal"].search([]) - before
        self.assertEqual(len(refusal), 1)
        self.assertEqual(refusal.location_id, self.bin_1)
        self.assertEqual(refusal.lot_id, self.lot_far)
        self.assertEqual(refusal.user_id, self.supervisor)
        self.assertIn("A-FAR", refusal.message)
        self.assertNotEqual(picking.state, "done")
        with self.assertRaises(UserError):
            refusal.unlink()

    def make_jsonrpc_request_error(self, picking):
        response = self.url_open(
            "/web/dataset/call_kw/stock.picking/button_validate",
            json={
                "jsonrpc": "2.0",
                "params": {
                    "model": "stock.picking",
                    "method": "button_validate",
                    "args": [picking.ids],
                    "kwargs": {},
                },
            },
        ).json()
        return response["error"]["data"]["message"]

    def test_one_transaction_is_refused_once(self):
        """An import tries again and again to find the line that is at fault."""
        self.addCleanup(self.env.cr.postrollback.clear)
        self.addCleanup(self.env.cr.postcommit.clear)
        for _try in range(3):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._mix().button_validate()
        pending = self.env.cr.postrollback.data["lot_fefo_3pl.refusals"]
        self.assertEqual(len(pending), 1)


class FiguresTourCommon(HttpCase, DashboardCommon):
    """The administrator's way through the settings, the check list and the overview."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            login="lot_manager",
            groups="stock.group_stock_manager,base.group_system,base.group_erp_manager",
        )
        others = cls.env["stock.warehouse"].search([("id", "!=", cls.warehouse.id)])
        others.lot_control = False
        cls.vitamin.owner_id = False
        cls.lot_near.sudo().owner_id = cls.brand_a

    def _tours(self):
        self.start_tour("/odoo/lot-settings", "lot_fefo_3pl_figures", login="lot_manager")
        policy = self.env["stock.lot.policy"].search([("warehouse_id", "=", self.warehouse.id)])
        self.assertEqual(policy.verification, "unit")
        self.assertEqual(self.env.company.lot_retention_expiry_years, 3)
        self.start_tour("/odoo/lot-overview", "lot_fefo_3pl_overview", login="lot_manager")


@tagged("post_install", "-at_install")
class TestFiguresTourDesk(FiguresTourCommon):
    browser_size = "1440x900"

    def test_way_at_a_desk(self):
        self._tours()


@tagged("post_install", "-at_install")
class TestFiguresTourHandheld(FiguresTourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_way_on_a_handheld(self):
        self._tours()
