from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestReallocation(LotControlCommon):
    """Promise 3: orders nobody has begun follow what arrives, changes and is released."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls._lot(cls.vitamin, "LATE", days=300)
        cls._receive(cls.late, 10, cls.bin_1)
        cls.delivery = cls._delivery([(cls.vitamin, 4)])
        cls.requests = cls.env["stock.lot.reallocation"]

    def _run(self):
        """What the scheduled job does, without its commits."""
        for request in self.requests.search([]):
            self.requests._reallocate(request.product_id, request.warehouse_id, request.cause)
            request.unlink()

    def _lots(self, delivery=None):
        return (delivery or self.delivery).move_line_ids.lot_id.mapped("name")

    def _receive_early(self):
        early = self._lot(self.vitamin, "EARLY", days=60)
        self._receive(early, 10, self.bin_2)
        return early

    def test_order_gets_an_earlier_lot_that_arrives(self):
        """B04: plain Odoo leaves the reservation as it was."""
        self.assertEqual(self._lots(), ["LATE"])
        self._receive_early()
        self.assertEqual(self.requests.search([]).product_id, self.vitamin)
        self._run()
        self.assertEqual(self._lots(), ["EARLY"])
        message = self.delivery.message_ids[0].body
        self.assertIn("EARLY (4) instead of LATE (4)", message)
        self.assertIn("goods arrived", message)

    def test_order_follows_a_changed_date(self):
        """B07: plain Odoo does not look again when a date is corrected."""
        self._receive_early()
        self._run()
        self.late.with_user(self.qa)._correct(
            {"expiration_date": fields.Datetime.now() + timedelta(days=20)}, "Misread label"
        )
        self._run()
        self.assertEqual(self._lots(), ["LATE"])

    def test_order_takes_released_goods_again(self):
        early = self._receive_early()
        hold = self.env["stock.lot.hold"]._hold(
            early, self.env.ref("lot_fefo_3pl.hold_reason_investigation")
        )
        self._run()
        self.assertEqual(self._lots(), ["LATE"])
        hold.with_user(self.qa)._release("Laboratory result in order")
        self._run()
        self.assertEqual(self._lots(), ["EARLY"])

    def test_line_that_somebody_scanned_stays(self):
        """The job never touches what is in a picker's hands."""
        self._verify(self.delivery)
        self._receive_early()
        self._run()
        self.assertEqual(self._lots(), ["LATE"])

    def test_nothing_is_touched_or_said_when_nothing_changes(self):
        messages = self.delivery.message_ids
        line = self.delivery.move_line_ids
        later = self._lot(self.vitamin, "LATER", days=340)
        self._receive(later, 10, self.bin_2)
        self._run()
        self.assertEqual(self.delivery.move_line_ids, line)
        self.assertEqual(self.delivery.message_ids, messages)
        self.assertEqual(
            sum(self.late.quant_ids.mapped("reserved_quantity")), 4, "the reservation is whole"
        )

    def test_urgent_orders_come_first(self):
        urgent = self._delivery([(self.vitamin, 4)])
        urgent.priority = "1"
        early = self._lot(self.vitamin, "EARLY", days=60)
        self._receive(early, 4, self.bin_2)
        self._run()
        self.assertEqual(self._lots(urgent), ["EARLY"])
        self.assertEqual(self._lots(), ["LATE"])

    def test_goods_without_open_orders_ask_for_nothing(self):
        self._receive(self._lot(self.magnesium, "M-1", days=60), 10, self.bin_3)
        self.assertNotIn(self.magnesium, self.requests.search([]).product_id)

    def test_scheduled_job_works_the_requests_off(self):
        self._receive_early()
        with self.enter_registry_test_mode():
            self.env.ref("lot_fefo_3pl.ir_cron_reallocate_lots").method_direct_trigger()
        self.assertFalse(self.requests.search([]))
        self.assertEqual(self._lots(), ["EARLY"])
