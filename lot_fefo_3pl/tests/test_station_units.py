from odoo.tests import HttpCase, no_retry, tagged


@tagged("post_install", "-at_install")
class TestStationUnits(HttpCase):
    """The station's JavaScript by itself: queue, scans, answers (hoot, in a real browser)."""

    def _job_id(self, name):
        """How hoot numbers a suite: the hash of its name."""
        number = 0
        for char in name:
            number = (number << 5) - number + ord(char)
            number &= 0xFFFFFFFF
        return f"{number:08x}"

    @no_retry
    def test_station_units(self):
        """S14: a scan is stored before it is sent, sent in its order and counted once."""
        self.browser_js(
            f"/web/tests?headless&loglevel=2&timeout=15000&id={self._job_id('@lot_fefo_3pl')}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
