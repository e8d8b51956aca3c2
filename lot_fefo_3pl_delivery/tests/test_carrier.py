from odoo.tests import tagged

from odoo.addons.lot_fefo_3pl.tests.test_trace import TraceCommon


@tagged("post_install", "-at_install")
class TestTraceCarrier(TraceCommon):
    def test_trace_and_recall_name_carrier_and_tracking_number(self):
        """R5, B9: who transported it, and under which number."""
        service = self.env["product.product"].create({"name": "Parcel", "type": "service"})
        carrier = self.env["delivery.carrier"].create(
            {"name": "Swift Parcel", "product_id": service.id}
        )
        self._receive(self.lot, 20, self.bin_1)
        self._ship(self.lot, 5, self.consumer, carrier_id=carrier.id, carrier_tracking_ref="SP1")
        self._ship(self.lot, 3, self.retailer)
        rows = self.trace.forward(self.lot.ids)
        self.assertEqual(
            [(row["carrier"], row["tracking"]) for row in rows], [("Swift Parcel", "SP1"), ("", "")]
        )
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        recall = recalls.browse(recalls.start(self.lot.ids, "Metal", is_mock=True)["recall_id"])
        self.assertEqual(set(recall.shipment_ids.mapped("tracking")), {"SP1", ""})
        self.assertIn("Swift Parcel,SP1", recall._get_document("list.csv").decode())
