from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import tagged

from odoo.addons.lot_fefo_3pl.tests import trace_oracle

from .common import ProductionCommon

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("bundle", "bundle", "gift", "gift", "ship", "ship", "back")),
        st.integers(min_value=0, max_value=7),
        st.integers(min_value=1, max_value=4),
    ),
    min_size=4,
    max_size=9,
)


@tagged("post_install", "-at_install")
class TestProductionHistories(ProductionCommon):
    """Promise 5: two levels of production, sold and given back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.consumer + cls.retailer + cls.store
        cls.example = 0

    @settings(
        max_examples=6,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        # A production takes seconds: a failure is told as it was found, not made smaller.
        phases=(Phase.explicit, Phase.generate),
    )
    @given(steps=STEPS)
    def test_trace_equals_sql_on_random_productions(self, steps):
        """R5, F21, F22: the lots made and the lines delivered are those of a recursive query."""
        self._begin()
        for kind, pick, quantity in [("bundle", 0, 4), *steps]:
            getattr(self, f"_step_{kind}")(pick, quantity)
            self._date_step()
        for lot in self.raw + self.made:
            rows = self.trace.forward(lot.ids, descend=True)
            shipped = {(row["line_id"], row["quantity"]) for row in rows if row["quantity"]}
            self.assertEqual(shipped, trace_oracle.shipped_lines(self.env, lot))
            ways = self.env["stock.lot.genealogy"]._get_ways(lot, "down")
            self.assertEqual(set(ways), trace_oracle.reached_lots(self.env, lot))
            for balance in self.trace.mass_balance(lot.ids):
                self.assertEqual(balance["unexplained"], 0)

    def _begin(self):
        type(self).example += 1
        self.clock = fields.Datetime.now() - timedelta(days=20)
        self.last_line = self.env["stock.move.line"].search([], order="id desc", limit=1).id
        self.places = {}
        self.raw, self.made = [], []
        for number in range(2):
            lot = self._lot(self.vitamin, f"RAW{self.example}-{number}", days=100)
            self._receive(lot, 30, self._place(lot))
            self.raw.append(lot)
        self.deliveries = []

    def _place(self, lot):
        """Each lot has a place for itself."""
        if lot not in self.places:
            self.places[lot] = self.env["stock.location"].create(
                {"name": f"P {lot.name}", "location_id": self.stock.id}
            )
        return self.places[lot]

    def _date_step(self):
        self.clock += timedelta(minutes=1)
        lines = self.env["stock.move.line"].search(
            [("id", ">", self.last_line), ("state", "=", "done")], order="id desc"
        )
        lines.date = self.clock
        self.last_line = lines[:1].id or self.last_line

    def _make(self, product, component, quantity):
        quantity = min(quantity, self._quantity(component, self._place(component)))
        if not quantity:
            return
        name = f"{product.name}-{self.example}-{len(self.made)}"
        self.bin_3 = self._place(self._lot(product, name))
        _order, lot = self._produce(product, component, quantity, name, self._place(component))
        self.made.append(lot)

    def _step_bundle(self, pick, quantity):
        self._make(self.bundle, self.raw[pick % 2], quantity)

    def _step_gift(self, pick, quantity):
        bundles = [lot for lot in self.made if lot.product_id == self.bundle]
        if bundles:
            self._make(self.gift, bundles[pick % len(bundles)], quantity)

    def _step_ship(self, pick, quantity):
        lots = self.raw + self.made
        lot = lots[pick % len(lots)]
        quantity = min(quantity, self._quantity(lot, self._place(lot)))
        if quantity:
            partner = self.partners[pick % 3]
            self.deliveries.append(self._ship(lot, quantity, partner, source=self._place(lot)))

    def _step_back(self, pick, quantity):
        if self.deliveries:
            delivery = self.deliveries.pop(pick % len(self.deliveries))
            lot = delivery.move_line_ids.lot_id
            self.bin_2 = self._place(lot)
            self._return(delivery, min(quantity, delivery.move_line_ids.quantity))
