from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestWarehouseSwitch(LotControlCommon):
    def test_switch_turns_on_the_odoo_features_it_rests_on(self):
        for feature in self.env["stock.warehouse"]._get_lot_control_features():
            self.assertIn(feature, self.operator.all_group_ids)

    def test_locations_know_whether_they_are_controlled(self):
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        self.assertFalse(plain.lot_control)
        self.assertFalse(plain.lot_stock_id.lot_control)
        self.assertTrue(self.bin_1.lot_control)

    def test_lot_belongs_to_the_brand_of_its_product(self):
        self.assertEqual(self._lot(self.vitamin, "A-1").owner_id, self.brand_a)
        self.assertEqual(self._lot(self.cream, "A-1").owner_id, self.brand_b)

    def test_list_of_lots_names_the_bins_that_hold_one(self):
        lot = self._lot(self.vitamin, "A-1", days=100)
        self.assertEqual(lot.bin_summary, "")
        for place in (self.bin_3, self.bin_1, self.bin_2):
            self._receive(lot, 1, place)
        lot.invalidate_recordset(["bin_summary"])
        self.assertEqual(lot.bin_summary, "TPL/Stock/A-01, TPL/Stock/A-02 +1")
