from ast import literal_eval

from odoo.tests import tagged

from .segregation_common import SegregationCommon


@tagged("post_install", "-at_install")
class TestLocationMap(SegregationCommon):
    """What the map of the locations shows and finds."""

    def _find(self, *domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_fefo_3pl.stock_location_action_map"
        )
        locations = self.env["stock.location"].with_user(self.operator)
        here = ("id", "child_of", self.warehouse.view_location_id.id)
        return locations.search([*literal_eval(action["domain"]), here, *domain])

    def test_map_shows_lots_owner_expiry_and_fill(self):
        self.vitamin.weight = 2
        self.bins.storage_category_id = self.env["stock.storage.category"].create(
            {"name": "Shelf", "max_weight": 40}
        )
        self._receive(self.lot_a, 5, self.bin_1)
        place = self._find(("id", "=", self.bin_1.id))
        self.assertIn("A-100", place.map_lots)
        self.assertEqual(place.map_owners, "Brand A")
        self.assertEqual(place.map_fill, 25)
        self.assertEqual(place.map_state, "good")
        self.assertEqual(
            place.map_expiration_day,
            self.warehouse._get_lot_day(self.lot_a.expiration_date),
        )

    def test_filters_find_what_needs_attention(self):
        self.bin_2.lot_segregation = "mixed"
        self._receive(self._lot(self.vitamin, "SOON", days=5), 5, self.bin_1)
        self._receive(self.lot_a, 5, self.bin_2)
        self._receive(self.lot_b, 5, self.bin_2)
        held = self._lot(self.magnesium, "HELD", days=300)
        self._receive(held, 5, self.bin_3)
        reason = self.env["stock.lot.hold.reason"].search([], limit=1)
        self.env["stock.lot.hold"]._hold(held, reason)
        self.assertEqual(self._find(("is_mixed", "=", True)), self.bin_2)
        self.assertEqual(self._find(("has_expiring", "=", True)), self.bin_1)
        self.assertEqual(self._find(("has_held", "=", True)), self.bin_3)
        self.assertEqual(self._find(("has_goods", "=", False)), self.bin_4)
        states = {place: place.map_state for place in self._find()}
        self.assertEqual(
            states,
            {
                self.bin_1: "expiring",
                self.bin_2: "mixed",
                self.bin_3: "held",
                self.bin_4: "empty",
            },
        )

    def test_goods_that_no_order_gets_for_want_of_lot_or_date_are_not_good(self):
        undated = self._lot(self.vitamin, "UNDATED")
        undated.expiration_date = False
        self._receive(undated, 5, self.bin_1)
        self.warehouse.lot_control = False
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_2, 5, owner_id=self.brand_a
        )
        self.warehouse.lot_control = True
        self._receive(self._lot(self.comb, "C-1"), 5, self.bin_3)
        self.env["stock.quant"]._update_available_quantity(self.flyer, self.bin_4, 5)
        self.env.cr.flush()
        self.assertEqual(self._find(("has_unknown", "=", True)), self.bin_1 | self.bin_2)
        self.assertEqual(self.bins.mapped("map_state"), ["unknown", "unknown", "good", "good"])

    def test_hold_in_one_location_counts_only_there(self):
        """The lot lies in two bins, and one of them is under investigation."""
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self.lot_a, 5, self.bin_2)
        reason = self.env["stock.lot.hold.reason"].search([], limit=1)
        hold = self.env["stock.lot.hold"]._hold(self.lot_a, reason, location=self.bin_2)
        self.assertEqual(self._find(("has_held", "=", True)), self.bin_2)
        self.assertEqual(self.bin_1.map_state, "good")
        self.assertEqual(self.bin_2.map_state, "held")
        hold.with_user(self.qa)._release("Checked")
        self.bins.invalidate_recordset()
        self.assertFalse(self._find(("has_held", "=", True)))
        self.assertEqual(self.bin_2.map_state, "good")

    def test_hold_of_a_product_counts_in_all_its_bins(self):
        self._receive(self.lot_a, 5, self.bin_1)
        self._receive(self._lot(self.magnesium, "M-1", days=300), 5, self.bin_2)
        reason = self.env["stock.lot.hold.reason"].search([], limit=1)
        self.env["stock.lot.hold"].create({"product_id": self.vitamin.id, "reason_id": reason.id})
        self.assertEqual(self._find(("has_held", "=", True)), self.bin_1)

    def test_overflow_is_on_the_map_only_while_something_lies_there(self):
        overflow = self.warehouse.lot_overflow_location_id
        self.assertEqual(self._find(), self.bins)
        self._receive(self.lot_a, 5, overflow)
        self.assertEqual(self._find(), self.bins | overflow)

    def test_bin_of_many_lots_names_the_first_ones(self):
        self.bin_1.lot_segregation = "mixed"
        for number in range(8):
            self._receive(self._lot(self.vitamin, f"V-{number}", days=9), 1, self.bin_1)
        self.assertEqual(len(self.bin_1.map_lots.splitlines()), 6)
        self.assertIn("and 3 more", self.bin_1.map_lots)
