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
