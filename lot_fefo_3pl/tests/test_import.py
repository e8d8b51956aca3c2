import base64
import csv
import io
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import LotControlCommon

HEADER = "reference,line,brand,scan,quantity,bin"


@tagged("post_install", "-at_install")
class TestImport(LotControlCommon):
    """Promise 1: a file is imported line by line; nothing is lost, half done or done twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        expiry = cls.warehouse._get_lot_today() + timedelta(days=300)
        cls.label = f"01{cls.vitamin.barcode.zfill(14)}17{expiry:%y%m%d}10A-1"
        cls.good = f"ASN-1,1,Brand A,{cls.label},10,TPL-A-01"

    def _import(self, *lines, header=HEADER, user=None):
        warehouse = self.warehouse.with_user(user or self.operator)
        return warehouse.lot_import_inbound("\n".join([header, *lines]) + "\n", "asn.csv")

    def _on_hand(self):
        return self._quantity(self._lot(self.vitamin, "A-1", days=300), self.stock)

    # Files -----------------------------------------------------------------------------------

    def test_file_that_cannot_be_read_gets_one_clear_message_and_does_nothing(self):
        for text, words in (
            ("", "no lines"),
            ("\n\n  \n", "no lines"),
            (HEADER, "no lines"),
            (";;;\n;;;", "no lines"),
            ("reference,line,scan\nA,1,x", "missing: brand"),
            (f"{HEADER},colour\n", "Unknown columns: colour"),
            (f"{HEADER},bin\n", "twice: bin"),
            ("a,b\0c", "UTF-8"),
            (f'{HEADER}\nASN-1,1,"Brand A,{self.label},10,TPL-A-01\n', "quotation mark"),
        ):
            with self.subTest(text=text), self.assertRaisesRegex(UserError, words):
                self.warehouse.with_user(self.operator).lot_import_inbound(text)
        lines = self.env["stock.lot.import.line"]
        self.assertFalse(lines.search([("warehouse_id", "=", self.warehouse.id)]))

    def test_comma_semicolon_tab_mark_and_windows_line_ends_are_understood(self):
        for number, delimiter in enumerate(",;\t"):
            text = f"\ufeff{HEADER}\n{self.good}\n".replace(",", delimiter)
            text = text.replace("ASN-1", f"ASN-{number}").replace("\n", "\r\n")
            result = self.warehouse.with_user(self.operator).lot_import_inbound(text)
            self.assertEqual(result["counts"], {"accepted": 1}, result["result_csv"])
        self.assertEqual(self._on_hand(), 30)

    def test_uploaded_file_in_another_encoding_is_refused(self):
        wizard = self.env["stock.lot.import"].with_user(self.operator)
        for encoding in ("latin-1", "utf-16"):
            content = f"{HEADER}\nASN-1,1,Bränd A,{self.label},10,TPL-A-01".encode(encoding)
            dialog = wizard.create(
                {"warehouse_id": self.warehouse.id, "file": base64.b64encode(content)}
            )
            with self.assertRaisesRegex(UserError, "UTF-8"):
                dialog.action_import()

    # Lines -----------------------------------------------------------------------------------

    def test_each_line_has_one_outcome_in_the_result_and_on_record(self):
        result = self._import(
            self.good,
            "ASN-1,2,Brand A,9520123456788,10,TPL-A-02",
            "ASN-1,3,Nobody,9520123456788,10,TPL-A-02",
            "ASN-1,,Brand A,9520123456788,10,TPL-A-02",
            "ASN-1,5,Brand A,9520123456788,10",
            self.good,
        )
        rows = list(csv.DictReader(io.StringIO(result["result_csv"])))
        self.assertEqual(
            [(row["row"], row["status"], row["code"]) for row in rows],
            [
                ("2", "accepted", "received"),
                ("3", "ask", "missing_lot"),
                ("4", "refused", "unknown_brand"),
                ("5", "refused", "empty_cell"),
                ("6", "refused", "bad_line"),
                ("7", "refused", "line_twice"),
            ],
        )
        self.assertTrue(all(row["message"] for row in rows))
        self.assertEqual(result["counts"], {"accepted": 1, "ask": 1, "refused": 4})
        self.assertEqual(self._on_hand(), 10)
        lines = self.env["stock.lot.import.line"].browse(result["line_ids"])
        self.assertEqual(lines.mapped("code"), [row["code"] for row in rows])
        self.assertEqual(lines[0].content["scan"], self.label)
        self.assertEqual(lines.user_id, self.operator)
        self.assertEqual(set(lines.mapped("file_name")), {"asn.csv"})

    def test_line_numbers_are_those_of_the_file(self):
        result = self._import("", self.good, "", "ASN-1,2,Brand A,,10,TPL-A-02")
        self.assertEqual([line["row"] for line in result["lines"]], [3, 5])

    # Again -----------------------------------------------------------------------------------

    def test_file_imported_twice_is_recognised_and_done_once(self):
        first = self._import(self.good)
        second = self._import(self.good, user=self.supervisor)
        self.assertEqual(second["already_imported"], 1)
        self.assertFalse(second["documents"])
        [line] = second["lines"]
        self.assertEqual((line["status"], line["code"]), ("accepted", "already_imported"))
        self.assertEqual(line["document"], first["documents"][0])
        self.assertIn(self.operator.name, line["message"])
        self.assertEqual(self._on_hand(), 10)

    def test_known_line_with_other_contents_is_refused(self):
        self._import(self.good)
        result = self._import(self.good.replace(",10,", ",20,"))
        self.assertEqual(result["lines"][0]["code"], "changed")
        self.assertEqual(self._on_hand(), 10)

    def test_refused_line_is_done_when_it_comes_again_corrected(self):
        refused = self._import(self.good.replace("TPL-A-01", "NOWHERE"))
        self.assertEqual(refused["counts"], {"refused": 1})
        self.assertEqual(self._import(self.good)["counts"], {"accepted": 1})

    def test_same_reference_and_line_of_another_brand_is_another_line(self):
        self._import(self.good)
        expiry = self.warehouse._get_lot_today() + timedelta(days=300)
        label = f"01{self.cream.barcode.zfill(14)}17{expiry:%y%m%d}10B-1"
        result = self._import(f"ASN-1,1,Brand B,{label},10,TPL-A-02")
        self.assertEqual(result["counts"], {"accepted": 1}, result["result_csv"])

    def test_database_knows_a_line_that_was_carried_out(self):
        """Two people import one file at the same time: the second one is stopped whole."""
        [line_id] = self._import(self.good)["line_ids"]
        line = self.env["stock.lot.import.line"].browse(line_id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            line.copy({"owner_ref": line.owner_ref, "picking_ref": line.picking_ref})

    def test_evidence_of_an_import_cannot_be_changed(self):
        [line_id] = self._import(self.good)["line_ids"]
        with self.assertRaises(UserError):
            self.env["stock.lot.import.line"].browse(line_id).write({"status": "refused"})

    # Rights ----------------------------------------------------------------------------------

    def test_only_operators_receive_and_only_supervisors_order(self):
        for user, method, allowed in (
            (self.employee, "lot_import_inbound", False),
            (self.stock_user, "lot_import_inbound", False),
            (self.operator, "lot_import_inbound", True),
            (self.operator, "lot_import_orders", False),
            (self.qa, "lot_import_orders", False),
            (self.supervisor, "lot_import_orders", True),
        ):
            with self.subTest(user=user.login, method=method):
                importer = getattr(self.warehouse.with_user(user), method)
                error = UserError if allowed else AccessError
                with self.assertRaises(error) as raised:
                    importer("")
                if allowed:
                    self.assertNotIsInstance(raised.exception, AccessError)

    def test_lines_are_read_by_stock_users_of_the_company_only(self):
        line_ids = self._import(self.good)["line_ids"]
        lines = self.env["stock.lot.import.line"].browse(line_ids)
        self.assertEqual(lines.with_user(self.stock_user).mapped("code"), ["received"])
        with self.assertRaises(AccessError):
            lines.with_user(self.employee).read(["code"])
        with self.assertRaises(AccessError):
            lines.with_user(self.operator).create({"kind": "inbound"})
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.stock_user.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(lines.with_user(self.stock_user).search([("id", "in", line_ids)]))

    def test_plain_warehouse_does_not_import(self):
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        with self.assertRaisesRegex(UserError, "Lot control is off"):
            plain.with_user(self.operator).lot_import_inbound(f"{HEADER}\n{self.good}")

    # Dialog ----------------------------------------------------------------------------------

    def test_dialog_imports_and_offers_the_result_file(self):
        action = self.warehouse.with_user(self.operator).action_lot_import()
        wizard = self.env["stock.lot.import"].with_user(self.operator)
        form = Form(wizard.with_context(**action["context"]))
        form.file = base64.b64encode(f"{HEADER}\n{self.good}".encode())
        dialog = form.save()
        dialog.file_name = "asn.csv"
        shown = dialog.action_import()
        self.assertEqual(shown["res_id"], dialog.id)
        self.assertEqual((dialog.accepted_count, dialog.known_count), (1, 0))
        self.assertEqual(dialog.result_name, "asn-result.csv")
        self.assertIn("received", base64.b64decode(dialog.result).decode("utf-8-sig"))
        opened = dialog.line_ids.action_open_document()
        receipt = self.env["stock.picking"].browse(opened["res_id"])
        self.assertEqual((receipt.origin, receipt.state), ("ASN-1", "done"))
