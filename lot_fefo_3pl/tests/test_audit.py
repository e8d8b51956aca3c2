import ast
import re
from pathlib import Path

from psycopg2.errors import RestrictViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import LotControlCommon

EVENT = re.compile(r"[a-z]+\.[a-z_]+")


def _our_sources():
    addons = Path(__file__).parents[2]
    return [
        path
        for folder in ("models", "wizards", "controllers")
        for path in addons.glob(f"lot_fefo_3pl*/{folder}/**/*.py")
    ]


def _find_events(path):
    """The events that the code of a file writes into the trail."""
    for call in ast.walk(ast.parse(path.read_text())):
        name = isinstance(call, ast.Call) and getattr(call.func, "attr", "")
        if name in ("_log", "_log_changes", "_stamp"):
            for word in call.args:
                if isinstance(word, ast.Constant) and EVENT.fullmatch(str(word.value)):
                    yield word.value


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

    def test_every_event_has_words(self):
        """B26: who reads the trail reads words, not codes of ours."""
        words = dict(self.env["stock.lot.audit"]._fields["event"]._description_selection(self.env))
        logged = {event for path in _our_sources() for event in _find_events(path)}
        self.assertGreater(len(logged), 40)
        self.assertEqual(logged - words.keys(), set())

    def test_users_read_but_cannot_add_entries(self):
        audit = self.env["stock.lot.audit"].with_user(self.qa)
        self.assertTrue(audit.search_count([("lot_id", "=", self.lot.id)]))
        with self.assertRaises(AccessError):
            audit.create({"event": "lot.fake", "res_model": "stock.lot", "record_name": "x"})
        with self.assertRaises(AccessError):
            audit.with_user(self.employee).search([])
