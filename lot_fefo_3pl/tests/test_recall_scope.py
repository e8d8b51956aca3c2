from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_recall import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallScope(RecallCommon):
    """Promise 5: what somebody names becomes the right lots, and doubts are shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scope = cls.env["stock.lot.recall.scope"].with_user(cls.qa)
        cls.second = cls._lot(cls.vitamin, "A-101", days=30)
        cls.twin = cls._lot(cls.cream, "A-100", days=90)

    def _wizard(self, **values):
        return self.env["stock.lot.recall.start"].with_user(self.qa).create(values)

    def test_pasted_list_is_exact_near_or_unknown(self):
        """R1: "ABC-123" and "abc 123" look alike, and a person decides."""
        found = self.scope.find(names=[" A-100 ", "a 101", "ZZ-9", ""], product_id=self.vitamin.id)
        self.assertEqual(found["lot_ids"], self.lot.ids)
        self.assertEqual(
            found["near"], [{"name": "a 101", "lot_id": self.second.id, "lot": "A-101"}]
        )
        self.assertEqual(found["unknown"], ["ZZ-9"])

    def test_name_of_two_brands_finds_both_until_the_brand_is_said(self):
        """F20: the same number of another brand is not swept in."""
        self.assertEqual(
            set(self.scope.find(names=["A-100"])["lot_ids"]), {self.lot.id, self.twin.id}
        )
        found = self.scope.find(names=["A-100"], owner_id=self.brand_b.id)
        self.assertEqual(found["lot_ids"], self.twin.ids)

    def test_scanned_barcode_names_product_and_lot(self):
        """R1: a scan tells the product, so the twin of the other brand stays out."""
        for scan in ("(01)09520123456788(10)A-100", "]d2010952012345678810A-100\x1d17271231"):
            with self.subTest(scan=scan):
                self.assertEqual(self.scope.find(names=[scan])["lot_ids"], self.lot.ids)

    def test_pattern_dates_supplier_and_receipt_narrow_the_search(self):
        """R1: each way to name lots, alone and together."""
        both = {self.lot.id, self.second.id}
        brand = {"owner_id": self.brand_a.id}
        self.assertEqual(set(self.scope.find(pattern="a-10?", **brand)["lot_ids"]), both)
        self.assertFalse(self.scope.find(pattern="A_10%", **brand)["lot_ids"])
        day = fields.Date.to_string(fields.Date.today() + timedelta(days=30))
        found = self.scope.find(product_id=self.vitamin.id, expiry_from=day, expiry_to=day)
        self.assertEqual(found["lot_ids"], self.second.ids)
        supplier = self.env["res.partner"].create({"name": "Maker"})
        receipt = self._picking(
            self.warehouse.in_type_id, self.supplier_location, self.bin_3, partner=supplier
        )
        self._move(receipt, self.vitamin, 5, lot=self.second)
        self._validate(receipt)
        self.assertEqual(self.scope.find(supplier_id=supplier.id)["lot_ids"], self.second.ids)
        self.assertEqual(self.scope.find(receipt_id=receipt.id)["lot_ids"], self.second.ids)
        self.assertFalse(self.scope.find()["lot_ids"])

    def test_wizard_does_not_start_before_look_alikes_are_decided(self):
        """R1: a near match is confirmed by a person, never taken or dropped silently."""
        wizard = self._wizard(
            pasted="A-100\na101\nNEW-1", owner_id=self.brand_a.id, reason="Metal", is_mock=True
        )
        wizard.action_find()
        self.assertEqual((wizard.lot_ids, wizard.near_ids), (self.lot, self.second))
        self.assertEqual(wizard.unknown, "NEW-1")
        with self.assertRaisesRegex(UserError, "look-alikes"):
            wizard.action_start()
        wizard.action_take_near()
        recall = self.recalls.browse(wizard.action_start()["res_id"])
        self.assertEqual(recall.lot_ids, self.lot + self.second)

    def test_wizard_needs_a_reason_and_a_match(self):
        with self.assertRaisesRegex(UserError, "what is wrong"):
            self._wizard(lot_ids=self.lot.ids).action_start()
        with self.assertRaisesRegex(UserError, "Nothing in the system"):
            self._wizard(pattern="NO-SUCH*").action_find()

    def test_wizard_does_not_start_before_what_was_named_is_looked_up(self):
        """R1: a pasted list beside a lot chosen already is never dropped silently."""
        wizard = self._wizard(lot_ids=self.lot.ids, reason="Metal", pasted="A-101", is_mock=True)
        with self.assertRaisesRegex(UserError, "Press Find first"):
            wizard.action_start()
        wizard.action_find()
        wizard.pattern = "A-9*"
        with self.assertRaisesRegex(UserError, "Press Find first"):
            wizard.action_start()
        wizard.pattern = False
        recall = self.recalls.browse(wizard.action_start()["res_id"])
        self.assertEqual(recall.lot_ids, self.lot + self.second)

    def test_brand_and_product_do_not_ask_for_a_look_up(self):
        """They say of which product the numbers to come are, also when given afterwards."""
        wizard = self._wizard(pasted="A-100\nNEW-1", owner_id=self.brand_a.id, reason="Metal")
        wizard.action_find()
        wizard.product_id = self.vitamin
        recall = self.recalls.browse(wizard.action_start()["res_id"])
        self.assertEqual(recall.announced_hold_ids.lot_name, "NEW-1")

    def test_numbers_that_never_came_in_stay_in_the_case(self):
        """R1: named, not in the system, not held: still on record."""
        wizard = self._wizard(pasted="A-100\nZZ-9", reason="Metal", owner_id=self.brand_a.id)
        wizard.action_find()
        wizard.hold_unknown = False
        recall = self.recalls.browse(wizard.action_start()["res_id"])
        self.assertIn("ZZ-9", str(recall.message_ids.mapped("body")))
        lonely = self._wizard(pasted="ZZ-9", reason="Metal")
        lonely.action_find()
        with self.assertRaisesRegex(UserError, "ZZ-9 never came in"):
            lonely.action_start()
