from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestHoldsStaged(LotControlCommon):
    """Promise 5: one click stops everything, lists what is on its way out, and can be undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._lot(cls.vitamin, "A-1", days=100)
        cls._receive(cls.lot, 40, cls.bin_1)
        cls.reason = cls.env.ref("lot_fefo_3pl.hold_reason_investigation")
        cls.holds = cls.env["stock.lot.hold"].with_user(cls.qa)

    def _stage(self, quantity, partner=None, package=None):
        """An order whose goods lie in the output location."""
        self.warehouse.delivery_steps = "pick_ship"
        partner = partner or self.consumer
        pick = self._procure(self.vitamin, quantity, partner_id=partner.id).picking_id
        pick.action_assign()
        if package:
            pick.move_line_ids.result_package_id = package
        self._validate(pick)
        return pick.move_ids.move_dest_ids.picking_id

    def _run_job(self):
        requests = self.env["stock.lot.reallocation"]
        for request in requests.search([]):
            requests._reallocate(request.product_id, request.warehouse_id, request.cause)
            request.unlink()

    def _rows(self, hold):
        return {row.picking_id: row for row in hold.staged_ids}

    def test_hold_lists_what_is_picked_packed_or_staged(self):
        """A3: goods that a hold finds on their way out are listed with bin, package and order."""
        package = self.env["stock.package"].create({"name": "BOX-1"})
        staged = self._stage(3)
        boxed = self._stage(4, partner=self.retailer, package=package)
        picked = self._delivery([(self.vitamin, 2)])
        picked.move_ids.picked = True
        scanned = self._delivery([(self.vitamin, 1)])
        self._verify(scanned)
        packed = self._delivery([(self.vitamin, 5)])
        packed.move_line_ids.result_package_id = self.env["stock.package"].create({"name": "B-2"})
        promised = self._delivery([(self.vitamin, 6)])
        hold = self.holds._hold(self.lot, self.reason)
        rows = self._rows(hold)
        self.assertEqual(
            set(rows), {staged, boxed, picked, scanned}, "what was only promised is taken back"
        )
        output = self.warehouse.wh_output_stock_loc_id
        self.assertEqual(
            (rows[staged].stage, rows[staged].location_id, rows[staged].quantity),
            ("staged", output, 3),
        )
        self.assertEqual((rows[boxed].package_id, rows[boxed].quantity), (package, 4))
        self.assertEqual((rows[picked].stage, rows[picked].location_id), ("picked", self.bin_1))
        self.assertEqual(rows[scanned].customer_id, self.consumer)
        self.assertEqual(rows[staged].action_open()["res_id"], staged.id)
        self.assertEqual(hold.staged_count, 4)
        self.assertFalse(promised.move_line_ids)
        self.assertIn(promised.move_ids, hold.unreserved_move_ids)

    def test_staged_goods_are_refused_at_the_door(self):
        """S22: held after it was staged, refused when it is to leave."""
        ship = self._stage(3)
        ship.move_ids.picked = True
        self.holds._hold(self.lot, self.reason)
        with self.assertRaisesRegex(ValidationError, "held for Quality investigation"):
            ship.button_validate()

    def test_hold_of_one_place_lists_goods_of_that_place_only(self):
        self._stage(3)
        hold = self.holds._hold(self.lot, self.reason, location=self.bin_1)
        self.assertFalse(hold.staged_ids)
        hold = self.holds._hold(
            self.lot, self.reason, location=self.warehouse.wh_output_stock_loc_id
        )
        self.assertEqual(len(hold.staged_ids), 1)

    def test_hold_of_a_product_lists_all_its_lots(self):
        other = self._lot(self.vitamin, "A-0", days=50)
        self._receive(other, 3, self.bin_2)
        self._stage(3)
        hold = self.holds.create({"product_id": self.vitamin.id, "reason_id": self.reason.id})
        self.assertEqual(hold.staged_ids.lot_id, other)

    def test_released_hold_lists_nothing(self):
        self._stage(3)
        hold = self.holds._hold(self.lot, self.reason)
        hold._release("Laboratory result in order")
        self.assertFalse(self.holds.browse(hold.id).staged_count)

    def test_release_gives_the_goods_back_to_the_orders_that_lost_them(self):
        """Release restores what was there, also where staff reserve by hand."""
        self.warehouse.out_type_id.reservation_method = "manual"
        delivery = self._delivery([(self.vitamin, 4)])
        delivery.action_assign()
        self.assertEqual(delivery.move_line_ids.quantity, 4)
        never = self._delivery([(self.vitamin, 4)])
        hold = self.holds._hold(self.lot, self.reason)
        self.assertFalse(delivery.move_line_ids)
        hold._release("Laboratory result in order")
        self._run_job()
        self.assertEqual((delivery.move_line_ids.lot_id, delivery.state), (self.lot, "assigned"))
        self.assertIn("held goods were released", delivery.message_ids[0].body)
        self.assertFalse(never.move_line_ids, "what nobody had reserved stays as it is")

    def test_reason_that_blocks_nothing_says_so_on_the_hold(self):
        """S17: a code that blocks nothing warns where it is used."""
        reason = self.reason.copy(
            {"name": "Look again", "block_reserve": False, "block_ship": False, "block_pick": False}
        )
        self.assertTrue(self.holds._hold(self.lot, reason).blocks_nothing)
        self.assertFalse(self.holds._hold(self.lot, self.reason).blocks_nothing)
