from odoo.tests import HttpCase, new_test_user, tagged

from .segregation_common import SegregationCommon


@tagged("post_install", "-at_install")
class TestSegregationTour(SegregationCommon, HttpCase):
    """Promise 2: what people see and press on the way from mixed bins to clean ones."""

    browser_size = "1440x900"

    def test_from_the_preview_to_the_last_clean_bin(self):
        self.warehouse.lot_control = False
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_b, 9, self.bin_1)
        new_test_user(
            self.env,
            login="tour_manager",
            groups="stock.group_stock_manager,lot_fefo_3pl.lot_fefo_3pl_group_supervisor",
        )
        page = f"/odoo/action-stock.action_warehouse_form/{self.warehouse.id}"
        self.start_tour(page, "lot_fefo_3pl_turn_on", login="tour_manager")
        self.assertTrue(self.warehouse.lot_control)
        self.assertFalse(self.bin_1.segregation_pending)
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 9)
        self.assertEqual(self._quantity(self.lot_a, self.bin_2), 5)

    def test_map_of_the_locations(self):
        self.env["stock.warehouse"].search([("id", "!=", self.warehouse.id)]).lot_control = False
        self.warehouse.lot_control = False
        self._receive(self.lot_a, 5, self.bin_1)
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_2, 4, owner_id=self.brand_a
        )
        self.warehouse.lot_control = True
        self.start_tour("/odoo/lot-map", "lot_fefo_3pl_location_map", login="lot_operator")
