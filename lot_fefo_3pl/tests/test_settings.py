from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import LotControlCommon


class SettingsCommon(LotControlCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            login="lot_manager",
            groups="stock.group_stock_manager,base.group_system,base.group_erp_manager",
        )
        cls.checklist = cls.env["stock.lot.checklist"].with_user(cls.manager)

    def _check(self, key):
        rows = {row["key"]: row for row in self.checklist.get_checklist()}
        return rows[key]["count"], rows[key]["state"]


@tagged("post_install", "-at_install")
class TestSettings(SettingsCommon):
    """One page for the administrator: what is on, by which rules, how long it is kept."""

    def test_page_changes_the_default_policy_and_the_company(self):
        policy = self.env["stock.lot.policy"].search([("warehouse_id", "=", self.warehouse.id)])
        settings = self.env["res.config.settings"].with_user(self.manager)
        with Form(settings.create({})) as form:
            form.lot_policy_id = policy
            self.assertEqual(form.lot_verification, "line")
            form.lot_verification = "unit"
            form.lot_deviation = "force"
            form.lot_retention_expiry_years = 3
            form.lot_hold_authority = "immediate"
            form.lot_alert_user_ids.add(self.qa)
            form.lot_digest = True
        form.record.execute()
        self.assertEqual((policy.verification, policy.deviation), ("unit", "force"))
        company = self.env.company
        self.assertEqual(company.lot_retention_expiry_years, 3)
        self.assertEqual(company.lot_alert_user_ids, self.qa)
        self.assertTrue(company.lot_digest)
        brand = self.env["res.partner"].create({"name": "New brand"})
        self.assertEqual(brand.lot_hold_authority, "immediate")
        self.assertEqual(self.brand_a.lot_hold_authority, "request")

    def test_other_administrators_save_their_settings_as_before(self):
        """Who administers the system and not the stock has nothing to do with lot control."""
        admin = new_test_user(self.env, login="system", groups="base.group_system")
        policy = self.env["stock.lot.policy"].search([("warehouse_id", "=", self.warehouse.id)])
        before = policy.verification
        form = Form(self.env["res.config.settings"].with_user(admin))
        self.assertNotIn("lot_policy_id", form._view["fields"])
        form.save().execute()
        self.assertEqual(policy.verification, before)

    def test_only_whole_warehouses_have_a_default_policy(self):
        policies = self.env["stock.lot.policy"]
        narrow = policies.create(
            {"name": "Brand A", "warehouse_id": self.warehouse.id, "owner_id": self.brand_a.id}
        )
        settings = self.env["res.config.settings"].with_user(self.manager)
        self.assertNotIn(narrow, policies.search(settings._get_lot_default_policy_domain()))
        self.assertTrue(settings.default_get(["lot_policy_id"])["lot_policy_id"])

    def test_every_door_of_the_page_opens(self):
        settings = self.env["res.config.settings"].with_user(self.manager).create({})
        self.assertIn(self.warehouse, settings.lot_warehouse_ids)
        for name in (
            "action_lot_checklist",
            "action_lot_policies",
            "action_lot_default_policy",
            "action_lot_import",
            "action_lot_imported_lines",
            "action_lot_users",
            "action_lot_brands",
        ):
            with self.subTest(name=name):
                self.assertIn(
                    getattr(settings, name)()["type"],
                    ("ir.actions.act_window", "ir.actions.client"),
                )


@tagged("post_install", "-at_install")
class TestChecklist(SettingsCommon):
    """The check list is read from the data: a point appears and goes with what it is about."""

    def test_points_follow_the_data(self):
        untracked, __ = self._check("products_tracked")
        flyer = self.flyer.product_tmpl_id
        flyer.owner_id = self.brand_a
        self.assertEqual(self._check("products_tracked"), (untracked + 1, "look"))
        owned, __ = self._check("products_owned")
        self.env["product.product"].create(
            {"name": "Nobody's", "is_storable": True, "tracking": "lot"}
        )
        self.assertEqual(self._check("products_owned")[0], owned)
        self.vitamin.owner_id = False
        lot = self._lot(self.vitamin, "A-1", days=90)
        self._receive(lot, 5, self.bin_1)
        self.assertEqual(self._check("products_owned"), (owned + 1, "todo"))

    def test_lots_without_date_and_stock_without_lot(self):
        dated, without = self._check("lots_dated")[0], self._check("stock_with_lot")[0]
        lot = self._lot(self.vitamin, "A-1", days=90)
        self._receive(lot, 5, self.bin_1)
        lot.sudo().expiration_date = False
        self.assertEqual(self._check("lots_dated"), (dated + 1, "todo"))
        with patch.object(type(self.env["stock.quant"]), "_check_changed_quants"):
            self.env["stock.quant"].create(
                {"product_id": self.cream.id, "location_id": self.bin_2.id, "quantity": 3}
            )
            self.env.cr.precommit.run()
        self.assertEqual(self._check("stock_with_lot"), (without + 1, "todo"))

    def test_list_names_stock_below_zero_from_before_the_switch(self):
        before, _state = self._check("stock_not_below_zero")
        self.warehouse.lot_control = False
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_3, -4, lot_id=self._lot(self.vitamin, "NEGATIVE", days=9)
        )
        self.warehouse.lot_control = True
        self.assertEqual(self._check("stock_not_below_zero"), (before + 1, "todo"))

    def test_bins(self):
        ruled, with_category = (
            self._check("bins_with_rule")[0],
            self._check("bins_with_category")[0],
        )
        self.bin_1.lot_segregation = "mixed"
        self.bin_1.storage_category_id = self.env["stock.storage.category"].create({"name": "S"})
        self.assertEqual(self._check("bins_with_rule"), (ruled + 1, "look"))
        self.assertEqual(self._check("bins_with_category")[0], with_category - 1)
        pending = self._check("bins_repaired")[0]
        self.bin_2.segregation_pending = True
        self.assertEqual(self._check("bins_repaired"), (pending + 1, "todo"))

    def test_people(self):
        group = self.env.ref("lot_fefo_3pl.lot_fefo_3pl_group_qa")
        self.assertEqual(self._check("qa_users"), (0, "ok"))
        group.user_ids -= self.qa
        self.assertEqual(self._check("qa_users"), (1, "look"))
        without = self._check("operators")[0]
        self.stock_user.group_ids += self.env.ref("lot_fefo_3pl.lot_fefo_3pl_group_operator")
        self.assertEqual(self._check("operators")[0], without - 1)
        self.assertEqual(self._check("alert_users"), (1, "look"))
        self.env.company.lot_alert_user_ids = self.qa
        self.assertEqual(self._check("alert_users"), (0, "ok"))

    def test_brands_and_customers(self):
        portal, policy = self._check("brands_portal")[0], self._check("brands_policy")[0]
        new_test_user(
            self.env,
            login="brand_a_user",
            groups="base.group_portal",
            partner_id=self.brand_a.id,
        )
        self.assertEqual(self._check("brands_portal")[0], portal - 1)
        self.env["stock.lot.policy"].create({"name": "A", "owner_id": self.brand_a.id})
        self.assertEqual(self._check("brands_policy")[0], policy - 1)
        mail = self._check("brands_mail")[0]
        self.brand_a.email = False
        self.assertEqual(self._check("brands_mail")[0], mail + 1)
        life = self._check("customers_life")[0]
        self._delivery([(self.vitamin, 1)], partner=self.retailer)
        self.assertEqual(self._check("customers_life"), (life + 1, "info"))
        self.env["stock.lot.policy"].create(
            {
                "name": "Rita",
                "customer_id": self.retailer.id,
                "min_life": "days",
                "min_life_number": 30,
            }
        )
        self.assertEqual(self._check("customers_life")[0], life)

    def test_warehouse_points(self):
        self.assertEqual(self._check("switch"), (0, "ok"))
        zones = self._check("time_zone")[0]
        self.warehouse.partner_id = self.env["res.partner"].create({"name": "Dock", "tz": False})
        self.env.company.partner_id.tz = False
        self.assertEqual(self._check("time_zone"), (1, "todo"))
        self.warehouse.partner_id.tz = "Europe/Berlin"
        self.assertLessEqual(self._check("time_zone")[0], zones)
        self.env["stock.warehouse"].search([]).lot_control = False
        self.assertEqual(self._check("switch"), (1, "todo"))

    def test_jobs_and_mail_server(self):
        jobs = self.env.ref("lot_fefo_3pl.ir_cron_reallocate_lots")
        self.env["ir.cron"].search([]).write(
            {"nextcall": fields.Datetime.now() + timedelta(hours=1)}
        )
        self.assertEqual(self._check("cron"), (0, "ok"))
        jobs.active = False
        self.assertEqual(self._check("cron"), (1, "todo"))
        self.env["ir.mail_server"].search([]).unlink()
        self.assertEqual(self._check("mail_server"), (1, "look"))
        self.env["ir.mail_server"].create({"name": "Relay", "smtp_host": "mail.example"})
        self.assertEqual(self._check("mail_server"), (0, "ok"))

    def test_every_button_opens_its_place(self):
        """The list behind a button holds exactly what the point counts."""
        self.vitamin.product_tmpl_id.tracking = "none"
        counted = 0
        for row in self.checklist.get_checklist():
            with self.subTest(key=row["key"]):
                self.assertTrue(row["has_action"])
                action = self.checklist.open_check(row["key"])
                # These points are about something that is missing altogether, or open a page.
                missing = row["key"] in ("mail_server", "qa_users", "cron")
                if isinstance(action.get("domain"), list) and not missing:
                    found = self.env[action["res_model"]].search_count(action["domain"])
                    self.assertEqual(found, row["count"])
                    counted += bool(found)
        self.assertGreater(counted, 3)

    def test_only_administrators_see_it(self):
        for user in (self.operator, self.supervisor, self.qa, self.employee):
            with self.subTest(user=user.login):
                checklist = self.env["stock.lot.checklist"].with_user(user)
                with self.assertRaises(AccessError):
                    checklist.get_checklist()
                with self.assertRaises(AccessError):
                    checklist.open_check("switch")

    def test_cost_does_not_grow_with_the_data(self):
        self.checklist.get_checklist()
        self.env.invalidate_all()
        with self.assertQueryCount(80):
            self.checklist.get_checklist()


@tagged("post_install", "-at_install")
class TestRetention(LotControlCommon):
    """B14: the records of a lot outlive it, by a date that everybody can see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._lot(cls.vitamin, "A-1", days=400)
        cls._receive(cls.lot, 5, cls.bin_1)

    def _years(self, moment, years):
        day = self.warehouse._get_lot_day(moment)
        return fields.Date.add(day, years=years)

    def test_later_of_expiry_and_movement(self):
        """B14: expiry + 1 year or last movement + 2 years, whichever is later."""
        self.assertEqual(self.lot.retention_date, self._years(self.lot.expiration_date, 1))
        short = self._lot(self.magnesium, "A-2", days=30)
        self._receive(short, 5, self.bin_2)
        line = self.env["stock.move.line"].search([("lot_id", "=", short.id)])
        self.assertEqual(short.retention_date, self._years(line.date, 2))
        self.env.company.lot_retention_move_years = 6
        short.invalidate_recordset(["retention_date"])
        self.assertEqual(short.retention_date, self._years(line.date, 6))

    def test_product_asks_for_more(self):
        self.vitamin.lot_retention_years = 10
        self.assertEqual(self.lot.retention_date, self._years(self.lot.expiration_date, 10))

    def test_lot_without_history_and_date_has_no_retention(self):
        self.assertFalse(self._lot(self.comb, "C-1").retention_date)

    def test_deletion_names_the_date(self):
        """B14: lots, scans, audit entries and recalls stay, and the refusal says until when."""
        self.env.ref("base.lang_en").date_format = "%Y-%m-%d"
        delivery = self._delivery([(self.vitamin, 1)])
        self._verify(delivery)
        recall = self.env["stock.lot.recall"].browse(
            self.env["stock.lot.recall"].with_user(self.qa).start(self.lot.ids, "Test")["recall_id"]
        )
        scan = self.env["stock.lot.scan"].search([("lot_id", "=", self.lot.id)], limit=1)
        audit = self.env["stock.lot.audit"].search([("lot_id", "=", self.lot.id)], limit=1)
        until = self.lot.retention_date.isoformat()
        for record in (self.lot, scan, audit, recall):
            with self.subTest(model=record._name), self.assertRaisesRegex(UserError, until):
                record.unlink()

    def test_many_lots_cost_the_same(self):
        lots = self.lot
        for number in range(12):
            lots |= self._lot(self.vitamin, f"B-{number}", days=100 + number)
        self.env.invalidate_all()
        lots[:1].mapped("retention_date")
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            lots.mapped("retention_date")
