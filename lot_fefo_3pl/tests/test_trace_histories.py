from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools.lot_consignees import group_by_consignee
from ..tools.lot_returns import Returned, Shipped, attribute_returns
from ..tools.mass_balance import Flow, mass_balance
from .test_trace import TraceCommon

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "receive",
                "ship",
                "ship",
                "ship",
                "return",
                "free_return",
                "relocate",
                "edit",
                "scrap",
            )
        ),
        st.integers(min_value=0, max_value=7),
        st.integers(min_value=1, max_value=9),
    ),
    min_size=3,
    max_size=9,
)


class Ledger:
    """The independent oracle: who has how much, kept by hand beside Odoo."""

    def __init__(self):
        self.bins = defaultdict(int)
        self.customers = defaultdict(int)
        self.deliveries = []
        self.totals = defaultdict(int)


@tagged("post_install", "-at_install")
class TestTraceHistories(TraceCommon):
    """Promise 5: the trace equals an oracle on whatever the warehouse did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.consumer + cls.retailer + cls.store
        cls.example = 0

    @settings(
        max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(steps=STEPS)
    def test_trace_equals_an_oracle_on_random_histories(self, steps):
        """R5, R8: consignees, quantities and balance equal a ledger kept by hand."""
        type(self).example += 1
        lot = self._lot(self.vitamin, f"H-{self.example}", days=100)
        ledger = Ledger()
        for kind, pick, quantity in steps:
            getattr(self, f"_step_{kind}")(ledger, lot, pick, quantity)
        expected = {name: net for name, net in ledger.customers.items()}
        self.assertEqual(self._net(lot), expected)
        self.assertEqual(
            self.trace.consignees(lot.ids), group_by_consignee(self.trace.forward(lot.ids))
        )
        on_hand = {row["location"]: row["quantity"] for row in self.trace.on_hand(lot.ids)}
        self.assertEqual(on_hand, {bin_: held for bin_, held in ledger.bins.items() if held})
        for balance in self.trace.mass_balance(lot.ids):
            self.assertEqual(balance["unexplained"], 0)
            self.assertEqual(balance["on_hand"], sum(ledger.bins.values()))
            for term in ("received", "shipped", "returned", "scrapped"):
                self.assertEqual(balance[term], ledger.totals[term], term)

    # One step: Odoo does it, the ledger notes it ----------------------------------------------

    def _step_receive(self, ledger, lot, pick, quantity):
        location = self.bins[pick % 2]
        self._receive(lot, quantity, location)
        ledger.bins[location.complete_name] += quantity
        ledger.totals["received"] += quantity

    def _take(self, ledger, pick, quantity):
        location = self.bins[pick % 2]
        return location, min(quantity, ledger.bins[location.complete_name])

    def _step_ship(self, ledger, lot, pick, quantity):
        location, quantity = self._take(ledger, pick, quantity)
        if not quantity:
            return
        partner = self.partners[pick % 3]
        picking = self._ship(lot, quantity, partner, source=location)
        ledger.bins[location.complete_name] -= quantity
        ledger.customers[partner.commercial_partner_id.name] += quantity
        ledger.deliveries.append([picking, partner.commercial_partner_id.name, quantity])
        ledger.totals["shipped"] += quantity

    def _back(self, ledger, name, quantity):
        ledger.bins[self.bin_2.complete_name] += quantity
        ledger.customers[name] -= quantity
        ledger.totals["returned"] += quantity

    def _step_return(self, ledger, lot, pick, quantity):
        if not ledger.deliveries:
            return
        delivery = ledger.deliveries[pick % len(ledger.deliveries)]
        quantity = min(quantity, delivery[2], ledger.customers[delivery[1]])
        if quantity:
            self._return(delivery[0], quantity)
            delivery[2] -= quantity
            self._back(ledger, delivery[1], quantity)

    def _step_free_return(self, ledger, lot, pick, quantity):
        partner = self.partners[pick % 3]
        name = partner.commercial_partner_id.name
        quantity = min(quantity, ledger.customers.get(name, 0))
        if quantity:
            self._return_without_document(lot, quantity, partner)
            self._back(ledger, name, quantity)

    def _step_relocate(self, ledger, lot, pick, quantity):
        location, quantity = self._take(ledger, pick, quantity)
        if quantity:
            target = self.bins[3 - pick % 2]
            picking = self._picking(self.warehouse.int_type_id, location, target)
            self._move(picking, self.vitamin, quantity, lot=lot)
            self._validate(picking)
            ledger.bins[location.complete_name] -= quantity
            ledger.bins[target.complete_name] += quantity

    def _step_edit(self, ledger, lot, pick, quantity):
        """A done delivery is found to have carried one unit less."""
        untouched = [
            row for row in ledger.deliveries if row[0].move_line_ids.quantity == row[2] > 1
        ]
        if not untouched:
            return
        delivery = untouched[pick % len(untouched)]
        line = delivery[0].move_line_ids
        if ledger.customers[delivery[1]]:
            line.quantity -= 1
            delivery[2] -= 1
            ledger.bins[line.location_id.complete_name] += 1
            ledger.customers[delivery[1]] -= 1
            ledger.totals["shipped"] -= 1

    def _step_scrap(self, ledger, lot, pick, quantity):
        location, quantity = self._take(ledger, pick, quantity)
        if quantity:
            self.env["stock.scrap"].create(
                {
                    "product_id": self.vitamin.id,
                    "lot_id": lot.id,
                    "owner_id": self.brand_a.id,
                    "location_id": location.id,
                    "scrap_qty": quantity,
                }
            ).do_scrap()
            ledger.bins[location.complete_name] -= quantity
            ledger.totals["scrapped"] += quantity

    # Arithmetic -------------------------------------------------------------------------------

    @settings(max_examples=200, deadline=None, database=None)
    @given(
        shipped=st.lists(
            st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 5), st.integers(1, 9)),
            max_size=8,
        ),
        returned=st.lists(
            st.tuples(
                st.none() | st.integers(0, 9),
                st.none() | st.integers(1, 3),
                st.integers(0, 5),
                st.integers(1, 9),
            ),
            max_size=8,
        ),
    )
    def test_attribution_conserves_units(self, shipped, returned):
        """R5: every returned unit is on one delivery or shown apart; none falls below zero."""
        shipments = [
            Shipped(index, 1, index, consignee, date, quantity)
            for index, (consignee, _lot, date, quantity) in enumerate(shipped)
        ]
        returns = [
            Returned(index, 1, move, consignee, date, quantity)
            for index, (move, consignee, date, quantity) in enumerate(returned)
        ]
        taken, left = attribute_returns(shipments, returns)
        self.assertEqual(
            sum(taken.values()) + sum(left.values()), sum(row.quantity for row in returns)
        )
        for shipment in shipments:
            self.assertLessEqual(taken.get(shipment.line_id, 0), shipment.quantity)

    def test_mass_balance_vectors(self):
        """R8: the published worked examples, and a lot that was never distributed."""
        flows = [
            Flow("supplier", "internal", False, 9200),
            Flow("internal", "customer", False, 6100),
            Flow("internal", "inventory", True, 1500),
            Flow("internal", "production", False, 1400),
        ]
        balance = mass_balance(flows, on_hand=0)
        self.assertEqual((balance["unexplained"], balance["percent"]), (200, 97.83))
        self.assertEqual(mass_balance([], on_hand=0)["percent"], 100)
        direct = mass_balance([Flow("supplier", "customer", False, 5)], on_hand=0)
        self.assertEqual((direct["received"], direct["shipped"], direct["unexplained"]), (5, 5, 0))
