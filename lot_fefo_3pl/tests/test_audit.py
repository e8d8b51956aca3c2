from psycopg2.errors import RestrictViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestAudit(LotControlCommon):
    """Promise 7: who did what to which lot and when stays on record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._lot(cls.vitamin, "A-100", days=100)
        cls.entry = cls.env["stock.lot.audit"]._log(cls.lot, "lot.test", reason="Checked by QA")

    def test_entry_names_user_record_brand_and_reason(self):
        entry = (
            self.env["stock.lot.audit"]
            .with_user(self.qa)
            ._log(self.lot, "lot.test", old_value="a", new_value="b")
        )
        self.assertEqual(entry.user_id, self.qa)
        self.assertEqual(entry.lot_id, self.lot)
        self.assertEqual(entry.owner_ref, self.brand_a.id)
        self.assertEqual((entry.old_value, entry.new_value), ("a", "b"))

    def test_administrator_cannot_change_or_remove_an_entry(self):
        """B26: no right to change the trail, not even for the superuser."""
        with self.assertRaises(UserError):
            self.entry.sudo().write({"reason": "Nothing happened"})
        with self.assertRaises(UserError):
            self.entry.sudo().unlink()

    def test_database_refuses_change_and_removal_by_sql(self):
        """B26: the database itself refuses, whoever asks."""
        table = SQL.identifier("stock_lot_audit")
        for query in (
            SQL("UPDATE %s SET reason = 'x'", table),
            SQL("DELETE FROM %s", table),
            SQL("TRUNCATE %s", table),
        ):
            with (
                self.subTest(query=query.code),
                mute_logger("odoo.sql_db"),
                self.assertRaises(RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_users_read_but_cannot_add_entries(self):
        audit = self.env["stock.lot.audit"].with_user(self.qa)
        self.assertTrue(audit.search_count([("lot_id", "=", self.lot.id)]))
        with self.assertRaises(AccessError):
            audit.create({"event": "lot.fake", "res_model": "stock.lot", "record_name": "x"})
        with self.assertRaises(AccessError):
            audit.with_user(self.employee).search([])
