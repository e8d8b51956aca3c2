import json

from odoo import fields
from odoo.tests import tagged

from ..models.stock_lot_trace_overview import NODES, PAGE
from .test_trace import TraceCommon


@tagged("post_install", "-at_install")
class TestTraceOverview(TraceCommon):
    """What the trace screen shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._receive(cls.lot, 100, cls.bin_1)
        cls._ship(cls.lot, 20, cls.store)
        consumers = cls.env["res.partner"].create(
            [{"name": f"Consumer {number:02}"} for number in range(NODES + 3)]
        )
        for consumer in consumers:
            cls._ship(cls.lot, 1, consumer)

    def _overview(self, **values):
        return self.trace.with_user(self.qa).overview(self.lot.id, **values)

    def test_picture_carries_every_unit(self):
        """R5: what is too much to draw is one node, and no unit is lost in the picture."""
        graph = self._overview()["graph"]
        columns = {node["key"]: node["column"] for node in graph["nodes"]}
        out = sum(link["quantity"] for link in graph["links"] if columns[link["target"]] == 3)
        self.assertEqual(out, 100)
        customers = [node for node in graph["nodes"] if node["kind"] == "customer"]
        self.assertEqual(len(customers), NODES)
        self.assertEqual(customers[0]["name"], "Retailer Rita")
        self.assertEqual(customers[-1]["name"], "+ 5 customers")

    def test_customers_are_searched_and_paged(self):
        found = self._overview(search="consumer 0")["customers"]
        self.assertEqual((found["count"], found["total"]), (11, NODES + 4))
        self.assertEqual(self._overview(search="rita york")["customers"]["count"], 0)
        self.assertFalse(self._overview(offset=PAGE)["customers"]["rows"])

    def test_expiry_is_the_day_on_the_label(self):
        """G: the last second of that day is the next day in UTC where the warehouse is west."""
        self.warehouse.partner_id.tz = "America/Los_Angeles"
        day = fields.Date.to_date("2031-05-31")
        self.lot.expiration_date = self.warehouse._get_lot_day_end(day)
        self.assertEqual(self.lot.expiration_date.day, 1)
        self.assertEqual(self._overview()["lot"]["expiry"], day)

    def test_overview_counts_possibly_affected_deliveries(self):
        self.assertEqual(self._overview()["possible"], 0)

    # The form of the lot --------------------------------------------------------------------

    def test_form_counts_the_deliveries_and_opens_them(self):
        """F27: Odoo reads every delivery and every customer to open the form of a lot."""
        arch = self.env["stock.lot"].get_view(view_type="form")["arch"]
        self.assertNotIn("partner_ids", arch)
        self.assertNotIn("action_lot_open_transfers", arch)
        self.assertIn("shipped_count", arch)
        self.assertEqual(self.lot.shipped_count, NODES + 4)
        action = json.loads(json.dumps(self.lot.action_view_shipped()))
        deliveries = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(deliveries), NODES + 4)
        self.assertEqual(deliveries.move_line_ids.lot_id, self.lot)

    def test_what_came_back_is_no_delivery(self):
        shipped = self.lot.shipped_count
        self._return_without_document(self.lot, 1, self.store)
        self.lot.invalidate_recordset(["shipped_count"])
        self.assertEqual(self.lot.shipped_count, shipped)

    def test_form_stays_odoos_own_where_no_warehouse_is_controlled(self):
        self.env["stock.warehouse"].search([]).lot_control = False
        arch = self.env["stock.lot"].get_view(view_type="form")["arch"]
        self.assertIn("partner_ids", arch)
        self.assertIn("action_lot_open_transfers", arch)
        self.assertNotIn("shipped_count", arch)
