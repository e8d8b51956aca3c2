from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..models.stock_lot_scan import STATUSES
from .test_station_receive import StationReceiveCommon

TEXTS = st.text(max_size=60) | st.sampled_from(
    ["9520123456788", "]C10109520123456788", "TPL-A-01", "A-1", "]C100106141412345678908", "12/27"]
)
ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.lists(TEXTS | st.integers())
)
NAMES = st.sampled_from(
    [
        "product_id",
        "units",
        "lot",
        "lot_confirmed",
        "expiry",
        "expiry_text",
        "production",
        "quantity",
        "sscc",
        "pallet",
        "differs_confirmed",
        "damaged",
        "line_ids",
    ]
)
OBJECTS = ANYTHING | st.dictionaries(NAMES, ANYTHING, max_size=8)
MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@tagged("post_install", "-at_install")
class TestStationInboundProperties(StationReceiveCommon):
    """Promise 1: whatever a device sends, the station answers, and receives nothing by accident."""

    def _assert_answered(self, answer):
        self.assertEqual(answer["status"], STATUSES[answer["code"]])
        self.assertTrue(answer["message"])

    def test_receiving_answers_everything(self):
        """E16: no scan, no answer and no memory of a device crashes it."""

        @MANY
        @given(load=OBJECTS, barcode=st.none() | TEXTS, values=OBJECTS)
        @example(load={"pallet": True}, barcode=None, values=None)
        def check(load, barcode, values):
            self._assert_answered(self.station.receive_scan(self.receipt.id, load, barcode, values))
            lots = self.receipt.move_line_ids.lot_id
            self.assertFalse(lots.filtered(lambda lot: not lot.expiration_date))

        check()

    def test_putting_away_answers_everything(self):
        """E16: the same for the goods that wait at the dock."""

        @MANY
        @given(load=OBJECTS, barcode=st.none() | TEXTS, values=OBJECTS)
        def check(load, barcode, values):
            self._assert_answered(self.station.putaway_scan(load, barcode, values))

        check()
