from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import RestrictViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, ConcurrencyError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.lot_fefo_3pl.models.stock_lot_scan import STATUSES
from odoo.addons.lot_fefo_3pl.tools import gs1

from .common import LotControlCommon

GS = "\x1d"


class VerificationCommon(LotControlCommon):
    """Two lots of a product in two bins, and an operator who picks the one that expires first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.early = cls._lot(cls.vitamin, "ABC123", days=100)
        cls.late = cls._lot(cls.vitamin, "ABC124", days=200)
        cls.cream_lot = cls._lot(cls.cream, "ABC123", days=150)
        cls._receive(cls.early, 10, cls.bin_1)
        cls._receive(cls.late, 10, cls.bin_2)
        cls._receive(cls.cream_lot, 10, cls.bin_3)
        cls.delivery = cls._delivery([(cls.vitamin, 4)])
        cls.line = cls.delivery.move_line_ids

    def _scan(self, barcode, picking=None, **options):
        return (picking or self.delivery).with_user(self.operator).lot_scan(barcode, **options)

    def _label(self, lot, symbology="]C1", **more):
        return gs1.element_string(
            {"01": lot.product_id.barcode.zfill(14), "10": lot.name, **more}, symbology
        )

    def _last_scan(self):
        return self.env["stock.lot.scan"].search([], limit=1)

    def assertAnswer(self, answer, code, *words):
        self.assertEqual(answer["code"], code, answer)
        self.assertEqual(answer["status"], STATUSES[code])
        for word in words:
            self.assertIn(word, answer["message"])


@tagged("post_install", "-at_install")
class TestScan(VerificationCommon):
    """What one scan is answered, and that it is on record."""

    def test_right_lot_verifies_the_line(self):
        """S14 B28: who, when, where, what was sent and what was expected are on record."""
        answer = self._scan(self._label(self.early), device="handheld 7")
        self.assertAnswer(answer, "ok", "4", "ABC123")
        self.assertEqual(answer["line"]["remaining"], 0)
        self.assertEqual((answer["picking"]["done"], answer["picking"]["total"]), (1, 1))
        self.assertEqual(self.line.lot_verification_state, "verified")
        self.assertTrue(self.line.picked)
        scan = self.env["stock.lot.scan"].browse(answer["scan_id"])
        self.assertEqual((scan.user_id, scan.device), (self.operator, "handheld 7"))
        self.assertEqual((scan.lot_id, scan.expected_lot_id), (self.early, self.early))
        self.assertEqual((scan.location_id, scan.quantity), (self.bin_1, 4))
        self.assertEqual(scan.barcode, self._label(self.early))
        self.assertEqual((scan.gtin, scan.lot_name), ("09520123456788", "ABC123"))
        self.assertEqual((scan.picking_id, scan.move_line_id), (self.delivery, self.line))
        self.assertEqual(scan.owner_ref, self.brand_a.id)

    def test_wrong_lot_refused_and_recorded(self):
        """S14 B05: the other lot of the product is refused, the expected one is named."""
        answer = self._scan(self._label(self.late))
        self.assertAnswer(answer, "wrong_lot", "ABC124", "ABC123", "A-01")
        self.assertEqual(self.line.lot_verification_state, "missing")
        scan = self._last_scan()
        self.assertEqual((scan.result, scan.lot_id), ("wrong_lot", self.late))
        self.assertEqual(
            (scan.expected_lot_id, scan.expected_location_id), (self.early, self.bin_1)
        )
        self.assertEqual(answer["expected"][0]["lot"]["name"], "ABC123")

    def test_same_lot_name_of_another_product_refused(self):
        """E18: brand B's lot of the same name is another product's."""
        self.assertAnswer(self._scan(self._label(self.cream_lot)), "wrong_product", "Face Cream")
        self.assertEqual(self._last_scan().product_id, self.cream)

    def test_wedge_forms_read_alike(self):
        """E13: identifier or not, separator or stand-in, brackets, Digital Link, plain lot."""
        gtin = "09520123456788"
        expiry = fields.Date.to_string(self.warehouse._get_lot_day(self.early.expiration_date))
        expiry = expiry[2:].replace("-", "")
        for barcode in (
            f"]C101{gtin}10ABC123{GS}17{expiry}",
            f"]d201{gtin}17{expiry}10ABC123",
            f"01{gtin}10ABC123{{GS}}17{expiry}",
            f"01{gtin}10ABC123^]17{expiry}",
            f"01{gtin}10ABC123~17{expiry}",
            f"(01){gtin}(17){expiry}(10)ABC123",
            f"https://brand.example.com/01/{gtin}/10/ABC123?17={expiry}",
        ):
            with self.subTest(barcode=barcode):
                delivery = self._delivery([(self.vitamin, 1)])
                self.assertAnswer(self._scan(barcode, delivery), "ok")
                self.assertEqual(delivery.lot_verification_state, "verified")
                delivery.action_cancel()

    def test_plain_lot_name_that_other_goods_have_too_asks_for_the_product(self):
        """E18: brand B's cream lies here under the same lot name; once it is gone, it is clear."""
        self.assertAnswer(self._scan("ABC123"), "ask_product", "ABC123")
        self._ship([(self.cream_lot, self.bin_3, 10)])
        self.assertAnswer(self._scan("ABC123"), "ok")

    def test_number_sign_is_no_separator(self):
        """E14: Odoo's own parser reads lot AB of AB#C; here the label is refused."""
        self.early.name = "AB"
        self.assertAnswer(self._scan("]C1010952012345678810AB#C"), "unreadable")

    def test_ean_without_lot_asks(self):
        """E15 G18: a product code alone verifies nothing; the lot scanned next does."""
        for barcode in ("9520123456788", "]E09520123456788", "]C10109520123456788"):
            answer = self._scan(barcode)
            self.assertAnswer(answer, "ask_lot", "Vitamin C")
        self.assertEqual(self.line.lot_verification_state, "missing")
        product_id = answer["product"]["id"]
        self.assertAnswer(self._scan("9520123456788", product_id=product_id), "ask_lot")
        self.assertAnswer(self._scan("ABC124", product_id=product_id), "wrong_lot")
        self.assertAnswer(self._scan("]C110ABC123", product_id=product_id), "ok")

    def test_carton_barcode_stands_for_its_product(self):
        """E16: the barcode of a packaging is found, its units count where every unit is scanned."""
        carton = self.env["uom.uom"].create(
            {"name": "Carton of 3", "relative_factor": 3, "relative_uom_id": self.vitamin.uom_id.id}
        )
        self.env["product.uom"].create(
            {"product_id": self.vitamin.id, "uom_id": carton.id, "barcode": "19520123456785"}
        )
        self._set_verification("unit")
        label = "]C1011952012345678510ABC123"
        answer = self._scan(label)
        self.assertAnswer(answer, "ok")
        self.assertEqual(answer["line"]["remaining"], 1)
        self.assertAnswer(self._scan(label), "too_many", "3", "1")
        self.assertAnswer(self._scan(self._label(self.early)), "ok")

    def test_every_unit_scanned_where_the_policy_says_so(self):
        """S14: one scan is one unit."""
        self._set_verification("unit")
        for left in (3, 2, 1, 0):
            self.assertEqual(self._scan(self._label(self.early))["line"]["remaining"], left)
            expected = "partial" if left else "verified"
            self.assertEqual(self.line.lot_verification_state, expected)
        self.assertAnswer(self._scan(self._label(self.early)), "already_done")

    def test_quantities(self):
        """S14: what is typed counts; more than is left and nothing at all are refused."""
        label = self._label(self.early)
        self.assertAnswer(self._scan(label, quantity=5), "too_many", "5", "4")
        self.assertAnswer(self._scan(label, quantity=0), "bad_quantity")
        self.assertAnswer(self._scan(label, quantity=-1), "bad_quantity")
        self.assertEqual(self._scan(label, quantity=3)["line"]["remaining"], 1)
        self.assertFalse(self.line.picked)
        self.assertAnswer(self._scan(label, quantity=2), "too_many")
        self.assertAnswer(self._scan(label, quantity=1), "ok")
        self.assertAnswer(self._scan(label), "already_done", "4")

    def test_bins(self):
        """S14: a bin is confirmed, the wrong bin is refused alone and with the goods."""
        answer = self._scan("TPL-A-01")
        self.assertAnswer(answer, "bin", "A-01")
        self.assertEqual(answer["location"]["barcode"], "TPL-A-01")
        self.assertAnswer(self._scan("TPL-A-02"), "wrong_bin", "A-02", "A-01")
        label = self._label(self.early)
        self.assertAnswer(self._scan(label, location_barcode="TPL-A-02"), "wrong_bin")
        self.assertAnswer(self._scan(label, location_barcode="NOWHERE"), "wrong_bin", "NOWHERE")
        self.assertEqual(self.line.lot_verified_qty, 0)
        self.assertAnswer(self._scan(label, location_barcode="TPL-A-01"), "ok")

    def test_unknown_lot_and_look_alikes(self):
        """E05: the look-alike is not the lot; it is named."""
        gtin = "09520123456788"
        self.assertAnswer(self._scan(f"]C101{gtin}10NEW9"), "unknown_lot", "NEW9", "ABC123")
        for alike in ("abc123", "ABCI23", "ABCl23"):
            self.assertAnswer(self._scan(f"]C101{gtin}10{alike}"), "unknown_lot", "looks like")
            self.assertAnswer(self._scan(alike), "unknown_lot", "looks like")
        self.assertAnswer(self._scan("A BC123"), "unknown_lot", "looks like")
        self.assertAnswer(self._scan("ABC\u200b123\r\n", product_id=self.vitamin.id), "ok")

    def test_lost_separator_is_asked_about(self):
        """E13 G3: the swallowed lot is suggested, and nothing is verified."""
        answer = self._scan("]C1010952012345678810ABC12317271231")
        self.assertAnswer(answer, "suspect_separator", "ABC123")
        self.assertEqual(self.line.lot_verified_qty, 0)

    def test_lot_that_only_looks_like_a_lost_separator_is_accepted(self):
        """G3: a lot that exists under the whole name is that lot."""
        self.early.name = "ABC12317271231"
        self.assertAnswer(self._scan("]C1010952012345678810ABC12317271231"), "ok")

    def test_other_date_on_the_label_refused(self):
        """E03: a label of the right lot with another expiry stops."""
        self.assertAnswer(self._scan(self._label(self.early, **{"17": "271231"})), "wrong_date")

    def test_damaged_labels_refused_in_words(self):
        """G6 G7 G9: each kind of damage is said in words and recorded."""
        for barcode in (
            "]C10109520123456788171301311",
            "]C1010952012345678910ABC123",
            "]C1020952012345678810ABC123",
            "https://id.gs1.org/01/09520123456788?10=ABC123",
            "",
        ):
            self.assertAnswer(self._scan(barcode), "unreadable")
            self.assertEqual(self._last_scan().result, "unreadable")
        for code in gs1.ERRORS:
            scan = gs1.Scan("x", kind="invalid", errors=((code, "detail"),))
            self.assertIn("detail", self.delivery._word_unreadable(scan))

    def test_unknown_things_refused(self):
        """E16: what is nothing here is said to be nothing; odd characters are no accident."""
        for barcode in ("WHAT-IS-THIS", "09520123456900", "\x00\x01", "\ud800", "x" * 5000):
            self.assertEqual(self._scan(barcode)["status"], "refused", barcode)
        self.assertEqual(len(self.env["stock.lot.scan"].search([])), 5)

    def test_held_and_expired_say_so(self):
        """C05 C06 S22: unfit goods are refused by their reason, expected or not."""
        self.late.expiration_date = fields.Datetime.now() - timedelta(days=3)
        self.assertAnswer(self._scan(self._label(self.late)), "expired", "ABC124")
        self._hold(self.early)
        self.assertFalse(self.delivery.move_line_ids, "the hold takes the reservation back")
        move = self.delivery.move_ids
        move.move_line_ids = [
            Command.create(
                {
                    **move._prepare_move_line_vals(),
                    "lot_id": self.early.id,
                    "location_id": self.bin_1.id,
                    "owner_id": self.brand_a.id,
                    "quantity": 4,
                }
            )
        ]
        self.assertAnswer(self._scan(self._label(self.early)), "held", "ABC123")

    def test_same_lot_name_of_two_products_asks(self):
        """E18: a plain lot name that two lines share needs the product."""
        delivery = self._delivery([(self.vitamin, 1)], owner=self.brand_a)
        self._move(delivery, self.cream, 1)
        delivery.owner_id = False
        delivery.action_confirm()
        delivery.action_assign()
        self.assertEqual(len(delivery.move_line_ids), 2, delivery.move_line_ids)
        self.assertAnswer(self._scan("ABC123", delivery), "ask_product")
        self.assertAnswer(self._scan("ABC123", delivery, product_id=self.cream.id), "ok")
        self.assertEqual(delivery.lot_verification_state, "partial")

    def test_package_label_verifies_what_is_in_it(self):
        """G8: the label of a package that leaves whole; a part of it must be scanned itself."""
        package = self.env["stock.package"].create({"name": "106141412345678908"})
        lot = self._lot(self.magnesium, "M-1", days=90)
        receipt = self._picking(
            self.warehouse.in_type_id, self.supplier_location, self.bin_4, owner=self.brand_a
        )
        self._move(receipt, self.magnesium, 6, lot=lot)
        receipt.move_line_ids.result_package_id = package
        self._validate(receipt)
        part = self._delivery([(self.magnesium, 5)])
        self.assertAnswer(self._scan("]C100106141412345678908", part), "ask_lot", "part")
        part.action_cancel()
        whole = self._delivery([(self.magnesium, 6)])
        self.assertEqual(whole.move_line_ids.package_id, package)
        self.assertAnswer(self._scan("]C100106141412345678908", whole), "ok", "M-1")
        self.assertEqual(whole.lot_verification_state, "verified")
        self.assertAnswer(self._scan("00106141412345678908"), "not_this_order")

    def test_closed_transfer_takes_no_scans(self):
        self._validate(self.delivery)
        self.assertAnswer(self._scan(self._label(self.early)), "not_this_order")

    def _hold(self, lot):
        reason = self.env["stock.lot.hold.reason"].search([("block_ship", "=", True)], limit=1)
        return self.env["stock.lot.hold"].create({"lot_id": lot.id, "reason_id": reason.id})

    def _set_verification(self, level):
        policies = self.env["stock.lot.policy"].search([("warehouse_id", "=", self.warehouse.id)])
        policies.verification = level


@tagged("post_install", "-at_install")
class TestScanEvidence(VerificationCommon):
    """One scan counts once, only for whom it may, and stays."""

    def test_same_scan_sent_twice_counts_once(self):
        """S14: the first answer again, one row, one quantity."""
        first = self._scan(self._label(self.early), quantity=3, uid="scan-1")
        again = self._scan(self._label(self.early), quantity=3, uid="scan-1")
        self.assertEqual(again, first)
        self.assertEqual(self.line.lot_verified_qty, 3)
        self.assertEqual(len(self.env["stock.lot.scan"].search([("client_uid", "=", "scan-1")])), 1)
        self.assertEqual(self._scan(self._label(self.early), uid="scan-2")["code"], "ok")
        self.assertEqual(self.line.lot_verified_qty, 4)

    def test_same_scan_at_the_same_time_starts_again(self):
        """S14: when the first one is not visible yet, the database notices and Odoo tries again."""
        self._scan(self._label(self.early), quantity=1, uid="scan-1")
        blind = patch.object(
            type(self.env["stock.lot.scan"]), "_get_answer", lambda self, uid, picking: None
        )
        with blind, self.assertRaises(ConcurrencyError):
            self._scan(self._label(self.early), quantity=1, uid="scan-1")
        self.assertEqual(self.line.lot_verified_qty, 1)

    def test_only_operators_verify(self):
        """D02: neither an employee nor a plain stock user."""
        for user in (self.employee, self.stock_user):
            with self.assertRaises(AccessError):
                self.delivery.with_user(user).lot_scan(self._label(self.early))
        self.assertFalse(self.env["stock.lot.scan"].search([]))
        with self.assertRaises(AccessError):
            self.env["stock.lot.scan"].with_user(self.employee).search([])

    def test_nobody_writes_scans(self):
        """B26: no scan is invented, changed or removed, by RPC or by SQL."""
        answer = self._scan(self._label(self.early), quantity=1)
        scan = self.env["stock.lot.scan"].browse(answer["scan_id"])
        vals = {
            "barcode": "x",
            "result": "ok",
            "quantity": 9,
            "move_ref": self.line.move_id.id,
            "company_id": self.env.company.id,
        }
        for user in (self.operator, self.supervisor, self.qa):
            with self.assertRaises(AccessError):
                scan.with_user(user).create(vals)
        for query in ("UPDATE stock_lot_scan SET quantity = 9", "DELETE FROM stock_lot_scan"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(SQL(query))

    def test_evidence_outlives_the_transfer(self):
        """B28: a deleted line leaves its scans with the names they had."""
        self._scan(self._label(self.early))
        scan = self._last_scan()
        name = self.delivery.name
        self.delivery.action_cancel()
        self.delivery.unlink()
        self.env["stock.lot.scan"].invalidate_model()
        self.assertFalse(scan.picking_id or scan.move_id or scan.move_line_id)
        self.assertEqual((scan.picking_name, scan.lot_id), (name, self.early))

    def test_screens(self):
        """S14: the scans of a transfer and of a lot are one click away."""
        self._scan(self._label(self.late))
        self.assertEqual(self.delivery.lot_scan_count, 1)
        self.assertEqual(self.late.lot_scan_count, 1)
        for record in (self.delivery, self.late):
            action = record.with_user(self.operator).action_view_lot_scans()
            self.assertEqual(len(self.env["stock.lot.scan"].search(action["domain"])), 1)
        found = self.env["stock.lot.scan"].search([("picking_id", "in", self.delivery.ids)])
        self.assertEqual(len(found), 1)
        with Form(self.delivery.with_user(self.operator)) as form:
            self.assertEqual(form.lot_verification_state, "missing")


@tagged("post_install", "-at_install")
class TestVerifiedOrNotLeaving(VerificationCommon):
    """What is not verified does not leave, whatever the route."""

    def _scan_all(self, picking):
        self._scan(self._label(self.early), picking)

    def test_validation_with_nothing_picked_refused(self):
        """D01: Odoo marks everything picked; unverified lots stay."""
        with self.assertRaisesRegex(ValidationError, "ABC123.*0 of 4 verified"):
            self.delivery.button_validate()
        self._scan_all(self.delivery)
        self.assertTrue(self.delivery.button_validate())
        self.assertEqual(self.delivery.state, "done")
        self.assertEqual(self._quantity(self.early, self.bin_1), 6)

    def test_context_keys_are_no_way_around(self):
        """D01 C04: every key a caller may send."""
        self.delivery.move_ids.picked = True
        keys = {"skip_sanity_check": True, "skip_expired": True, "skip_backorder": True}
        with self.assertRaisesRegex(ValidationError, "verified"):
            self.delivery.with_context(**keys, button_validate_picking_ids=[]).button_validate()
        with self.assertRaisesRegex(ValidationError, "verified"):
            self.delivery.with_context(is_scrap=True).move_ids._action_done()

    def test_changed_line_is_unverified_again(self):
        """D03: another lot, another bin, more units: no code resets anything."""
        self._scan_all(self.delivery)
        self.assertEqual(self.line.lot_verification_state, "verified")
        self.line.write({"lot_id": self.late.id, "location_id": self.bin_2.id})
        self.assertTrue(self.line.picked)
        self.assertEqual(self.line.lot_verification_state, "missing")
        self._give_reason(self.delivery)
        with self.assertRaisesRegex(ValidationError, "ABC124.*0 of 4 verified"):
            self.delivery.button_validate()
        self.line.write({"lot_id": self.early.id, "location_id": self.bin_1.id})
        self.assertEqual(self.line.lot_verification_state, "verified")
        self.line.quantity = 5
        self.assertEqual(self.line.lot_verification_state, "partial")
        self.line.quantity = 2
        self.assertEqual(self.line.lot_verification_state, "verified")
        self.line.location_id = self.bin_3
        self.assertEqual(self.line.lot_verification_state, "missing")

    def test_batch_of_unverified_deliveries_refused(self):
        """D04: a batch validates nothing that its transfers could not."""
        other = self._delivery([(self.vitamin, 2)])
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set((self.delivery | other).ids)]}
        )
        batch.action_confirm()
        self._scan_all(self.delivery)
        (self.delivery | other).move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "0 of 2 verified"):
            batch.action_done()
        self._scan_all(other)
        batch.action_done()
        self.assertEqual(batch.state, "done")

    def test_draft_validated_in_one_call_refused(self):
        """D05: Odoo confirms, reserves, picks and ships in one call."""
        draft = self._picking(self.warehouse.out_type_id, self.stock, self.customer_location)
        self._move(draft, self.vitamin, 2)
        with self.assertRaisesRegex(ValidationError, "0 of 2 verified"):
            draft.button_validate()

    def test_line_added_to_a_done_delivery_refused(self):
        """D06: it would move stock at once."""
        self._validate(self.delivery)
        with self.assertRaisesRegex(ValidationError, "0 of 1 verified"):
            self.env["stock.move.line"].create(
                {
                    "picking_id": self.delivery.id,
                    "product_id": self.vitamin.id,
                    "lot_id": self.early.id,
                    "quantity": 1,
                    "location_id": self.bin_1.id,
                    "location_dest_id": self.customer_location.id,
                    "owner_id": self.brand_a.id,
                }
            )
        line = self.delivery.move_line_ids
        with self.assertRaisesRegex(ValidationError, "4 of 5 verified"):
            line.quantity = 5

    def test_internal_transfer_and_relocation_to_customers_refused(self):
        """D07 F15: judged by places; a relocation has no transfer to scan for."""
        transfer = self._picking(self.warehouse.int_type_id, self.stock, self.customer_location)
        self._move(transfer, self.vitamin, 2)
        transfer.action_confirm()
        transfer.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "0 of 2 verified"):
            transfer.button_validate()
        quant = self.early.quant_ids.filtered(lambda quant: quant.location_id == self.bin_1)
        with self.assertRaisesRegex(ValidationError, "verified"):
            quant.move_quants(location_dest_id=self.customer_location)

    def test_only_the_scanned_part_leaves(self):
        """D08: the line shrinks to what was scanned, the rest stays as a backorder."""
        self._scan(self._label(self.early), quantity=3)
        self.delivery.move_ids.picked = True
        with self.assertRaisesRegex(ValidationError, "3 of 4 verified"):
            self.delivery.button_validate()
        self.line.quantity = 3
        wizard = self.delivery.button_validate()
        self.assertEqual(wizard["res_model"], "stock.backorder.confirmation")
        self.env[wizard["res_model"]].with_context(**wizard["context"]).create({}).process()
        self.assertEqual(self.delivery.state, "done")
        backorder = self.delivery.backorder_ids
        self.assertEqual(backorder.move_ids.product_uom_qty, 1)
        self.assertEqual(backorder.lot_verification_state, "missing")
        entry = self.env["stock.lot.audit"].search([("event", "=", "move.short")])
        self.assertEqual((entry.old_value, entry.new_value), ("4", "3"))
        self.assertEqual((entry.reason, entry.user_id), ("back-order", self.env.user))

    def test_scans_of_one_transfer_are_not_worth_anything_on_another(self):
        """D03: the same lot from the same bin for another order is scanned again."""
        self._scan_all(self.delivery)
        other = self._delivery([(self.vitamin, 4)])
        self.assertEqual(other.move_line_ids.lot_id, self.early)
        with self.assertRaisesRegex(ValidationError, "0 of 4 verified"):
            other.button_validate()

    def test_two_lines_of_a_lot_share_its_scans(self):
        """D03: one scan of 3 does not verify two lines of 2."""
        self.line.quantity = 2
        second = self.line.copy({"quantity": 2, "picked": False})
        self._scan(self._label(self.early), quantity=3)
        lines = (self.line | second).sorted("id")
        self.assertEqual(lines.mapped("lot_verified_qty"), [2, 1])

    def test_goods_verified_at_the_pick_stay_verified_at_the_ship(self):
        """S14 B06: the ship step needs no second scan for what the pick brought, lot by lot."""
        self.delivery.action_cancel()
        self.warehouse.delivery_steps = "pick_ship"
        pick, ship = self._pick_and_ship(4)
        with self.assertRaisesRegex(ValidationError, "0 of 4 verified"):
            pick.button_validate()
        self._validate(pick)
        self.assertEqual(ship.move_line_ids.lot_id, self.early)
        self.assertEqual(ship.lot_verification_state, "verified")
        ship.move_line_ids.lot_id = self.late
        self.assertEqual(ship.lot_verification_state, "missing")
        ship.move_line_ids.lot_id = self.early
        self.assertTrue(ship.button_validate())
        self.assertEqual(ship.state, "done")

    def test_pick_verifies_no_more_than_it_brought(self):
        """S14: what another delivery took on cannot be shipped a second time unscanned."""
        self.delivery.action_cancel()
        self.warehouse.delivery_steps = "pick_ship"
        pick, ship = self._pick_and_ship(4)
        self._validate(pick)
        ship.move_line_ids.quantity = 3
        wizard = ship.button_validate()
        self.env[wizard["res_model"]].with_context(**wizard["context"]).create({}).process()
        rest = ship.backorder_ids
        self.assertEqual(rest.move_line_ids.quantity, 1)
        self.assertEqual(rest.lot_verification_state, "verified")
        output = self.warehouse.wh_output_stock_loc_id
        self._receive(self.early, 5, output)
        rest.move_line_ids.quantity = 2
        self.assertEqual(rest.lot_verification_state, "partial")

    def _pick_and_ship(self, quantity):
        output = self.warehouse.wh_output_stock_loc_id
        pick = self._picking(self.warehouse.pick_type_id, self.stock, output)
        ship = self._picking(self.warehouse.out_type_id, output, self.customer_location)
        first = self._move(pick, self.vitamin, quantity)
        second = self._move(ship, self.vitamin, quantity)
        second.write({"procure_method": "make_to_order", "move_orig_ids": [Command.link(first.id)]})
        (pick | ship).action_confirm()
        pick.action_assign()
        return pick, ship

    def test_moves_inside_and_scrap_need_no_scan(self):
        """S14: only goods that leave the stock zone are verified."""
        transfer = self._picking(self.warehouse.int_type_id, self.stock, self.bin_4)
        self._move(transfer, self.vitamin, 2)
        transfer.action_confirm()
        self.assertEqual(transfer.lot_verification_state, "not_required")
        transfer.move_ids.picked = True
        self.assertTrue(transfer.button_validate())

    def test_goods_without_lots_need_no_scan(self):
        self.env["stock.quant"]._update_available_quantity(
            self.flyer, self.bin_4, 5, owner_id=self.brand_a
        )
        delivery = self._delivery([(self.flyer, 2)], owner=self.brand_a)
        self.assertEqual(delivery.lot_verification_state, "not_required")
        self.assertTrue(delivery.button_validate())

    def test_policy_without_verification_ships_unscanned(self):
        """S14: the client decides; the switch is the policy's."""
        policies = self.env["stock.lot.policy"].search([("warehouse_id", "=", self.warehouse.id)])
        policies.verification = "none"
        self.assertEqual(self.delivery.lot_verification_state, "not_required")
        self.assertTrue(self.delivery.button_validate())

    def test_without_lot_control_nothing_is_verified(self):
        self.warehouse.lot_control = False
        self.assertEqual(self.delivery.lot_verification_state, "not_required")
        self.assertTrue(self.delivery.button_validate())

    def test_queries_do_not_grow_with_the_lines(self):
        """S14: one query for the scans of all lines."""
        few, many = self._delivery_of(2), self._delivery_of(20)

        def count(picking):
            self.env.invalidate_all()
            picking.move_line_ids.mapped("lot_id.name")
            before = self.env.cr.sql_log_count
            picking.move_line_ids.mapped("lot_verification_state")
            return self.env.cr.sql_log_count - before

        count(few)
        self.assertLessEqual(count(many) - count(few), 1)

    def _delivery_of(self, moves):
        lot = self._lot(self.magnesium, f"M-{moves}", days=80)
        self._receive(lot, moves, self.bin_4 if moves == 2 else self.bin_3)
        return self._delivery([(self.magnesium, 1)] * moves)
