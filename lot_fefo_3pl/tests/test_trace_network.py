from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import tagged

from . import trace_oracle
from .test_trace import TraceCommon

KINDS = (
    *("receive", "receive", "ship", "ship", "relabel", "relabel", "relabel", "give_back"),
    *("transfer", "adjust", "scrap", "send_back", "sell_at_the_till", "relocate_to_customer"),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(min_value=0, max_value=3),
        st.integers(min_value=0, max_value=3),
        st.integers(min_value=1, max_value=9),
    ),
    min_size=6,
    max_size=14,
)
FIRST = [("receive", number, 0, 9) for number in range(3)]
# What left lot 1 before units of lot 0 came in is clean.
CLEAN_BEFORE = [("relabel", 1, 2, 4), ("relabel", 0, 1, 4), ("ship", 2, 0, 3), ("ship", 1, 0, 3)]


@tagged("post_install", "-at_install")
class TestTraceNetwork(TraceCommon):
    """Promise 5: four lots that are split, merged, moved between houses, counted and sold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.consumer + cls.retailer + cls.store
        cls.second = cls.env["stock.warehouse"].create(
            {"name": "Second", "code": "SND", "lot_control": True}
        )
        cls.till = cls.warehouse.out_type_id.copy({"name": "Till", "sequence_code": "TILL"})
        cls.lorry = cls.env["stock.location"].create({"name": "Lorry", "usage": "transit"})
        cls.env["stock.lot.policy"].search([]).verification = "none"
        cls.number = 0

    @settings(
        max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(steps=STEPS)
    @example(steps=CLEAN_BEFORE)
    def test_trace_and_recall_equal_sql_on_random_histories(self, steps):
        """R5, R8, S20: the delivered lines, lots and customers are those of a recursive query."""
        self._begin()
        for kind, first, second, quantity in FIRST + steps:
            getattr(self, f"_step_{kind}")(first, second, quantity)
            self._date_step()
        for lot in self.lots:
            self._compare(lot)
        self._compare_recall(self.lots[0])

    def _compare(self, lot):
        rows = self.trace.forward(lot.ids, descend=True)
        shipped = {(row["line_id"], row["quantity"]) for row in rows if row["kind"] == "shipment"}
        self.assertEqual(shipped, trace_oracle.shipped_lines(self.env, lot))
        ways = self.env["stock.lot.genealogy"]._get_ways(lot, "down")
        self.assertEqual(set(ways), trace_oracle.reached_lots(self.env, lot))
        self.assertEqual(self._net(lot), trace_oracle.net_by_customer(self.env, lot))
        for balance in self.trace.mass_balance(lot.ids):
            self.assertEqual(balance["unexplained"], 0)

    def _compare_recall(self, lot):
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        recall = recalls.browse(recalls.start(lot.ids, "Exercise", is_mock=True)["recall_id"])
        lines = trace_oracle.shipped_lines(self.env, lot)
        self.assertEqual(recall.quantity_shipped, sum(units for _line, units in lines))
        self.assertEqual(set(recall.lot_ids.ids), trace_oracle.reached_lots(self.env, lot))
        stock = sum(self._here(found) for found in recall.lot_ids)
        self.assertEqual(recall.quantity_on_hand, stock)
        self.assertEqual(recall._get_balance()["unexplained"], 0)

    # The world of one history ------------------------------------------------------------------

    def _begin(self):
        cls = type(self)
        cls.number += 1
        self.clock = fields.Datetime.now() - timedelta(days=30)
        self.last_line = self.env["stock.move.line"].search([], order="id desc", limit=1).id or 0
        self.lots = [self._lot(self.vitamin, f"N{cls.number}-{n}") for n in range(4)]
        self.env["stock.lot"].concat(*self.lots).expiration_date = self.clock + timedelta(days=200)
        # Of each lot one place in either house: a lot has a bin for itself.
        self.places = [
            self.env["stock.location"].create(
                [
                    {"name": f"{house.code} {lot.name}", "location_id": house.lot_stock_id.id}
                    for house in (self.warehouse, self.second)
                ]
            )
            for lot in self.lots
        ]

    def _date_step(self):
        """Each step has a minute of its own, so that before and after are told apart."""
        self.clock += timedelta(minutes=1)
        lines = self.env["stock.move.line"].search(
            [("id", ">", self.last_line), ("state", "=", "done")], order="id desc"
        )
        lines.date = self.clock
        self.last_line = lines[:1].id or self.last_line

    def _here(self, lot):
        return sum(
            lot.quant_ids.filtered(
                lambda quant: quant.location_id.usage in ("internal", "transit")
            ).mapped("quantity")
        )

    def _take(self, number, quantity, house=0):
        place = self.places[number][house]
        return place, min(quantity, self._quantity(self.lots[number], place))

    def _transfer(self, picking_type, lot, quantity, source, target, partner=None):
        picking = self._picking(picking_type, source, target, partner=partner)
        self._move(picking, self.vitamin, quantity, lot=lot)
        self._give_reason(picking)
        self._validate(picking)

    # One step each -----------------------------------------------------------------------------

    def _step_receive(self, number, house, quantity):
        self._receive(self.lots[number], quantity, self.places[number][house % 2])

    def _step_ship(self, number, who, quantity):
        place, quantity = self._take(number, quantity, who % 2)
        if quantity:
            self._ship(self.lots[number], quantity, self.partners[who % 3], source=place)

    def _step_relabel(self, number, other, quantity):
        place, quantity = self._take(number, quantity)
        if quantity and number != other:
            quant = self.lots[number].quant_ids.filtered(lambda quant: quant.location_id == place)
            wizard = self.env["stock.lot.relabel"].create(
                {
                    "quant_id": quant.id,
                    "lot_name": self.lots[other].name,
                    "location_dest_id": self.places[other][0].id,
                    "reason": "New label",
                }
            )
            wizard.quantity = quantity
            wizard.action_relabel()

    def _step_give_back(self, number, who, quantity):
        partner = self.partners[who % 3]
        held = trace_oracle.net_by_customer(self.env, self.lots[number])
        quantity = min(quantity, held.get(partner.commercial_partner_id.name, 0))
        if quantity > 0:
            self._transfer(
                self.warehouse.in_type_id,
                self.lots[number],
                quantity,
                self.customer_location,
                self.places[number][0],
                partner=partner,
            )

    def _step_transfer(self, number, _other, quantity):
        place, quantity = self._take(number, quantity)
        if quantity:
            internal = self.warehouse.int_type_id
            self._transfer(internal, self.lots[number], quantity, place, self.lorry)
            # Some of it is still on the road.
            arrived = quantity - quantity // 2
            target = self.places[number][1]
            self._transfer(internal, self.lots[number], arrived, self.lorry, target)

    def _step_adjust(self, number, _other, quantity):
        """A count finds more or less than the system has."""
        place, held = self._take(number, 99)
        if held:
            quant = self.lots[number].quant_ids.filtered(lambda quant: quant.location_id == place)
            quant.inventory_quantity = max(held + quantity - 5, 1)
            quant.action_apply_inventory()

    def _step_scrap(self, number, house, quantity):
        place, quantity = self._take(number, quantity, house % 2)
        if quantity:
            self.env["stock.scrap"].create(
                {
                    "product_id": self.vitamin.id,
                    "lot_id": self.lots[number].id,
                    "owner_id": self.brand_a.id,
                    "location_id": place.id,
                    "scrap_qty": quantity,
                }
            ).do_scrap()

    def _step_send_back(self, number, _other, quantity):
        place, quantity = self._take(number, quantity)
        if quantity:
            self._transfer(
                self.warehouse.out_type_id,
                self.lots[number],
                quantity,
                place,
                self.supplier_location,
            )

    def _step_sell_at_the_till(self, number, who, quantity):
        """A point of sale moves goods on a transfer type of its own, with its own numbers."""
        place, quantity = self._take(number, quantity)
        if quantity:
            self._transfer(
                self.till,
                self.lots[number],
                quantity,
                place,
                self.customer_location,
                partner=self.partners[who % 3],
            )

    def _step_relocate_to_customer(self, number, who, quantity):
        """F15: an internal transfer that ends at a customer, in packages."""
        place, quantity = self._take(number, quantity)
        if quantity:
            picking = self._picking(
                self.warehouse.int_type_id,
                place,
                self.customer_location,
                partner=self.partners[who % 3],
            )
            self._move(picking, self.vitamin, quantity, lot=self.lots[number])
            package = self.env["stock.package"].create({})
            picking.move_line_ids.write({"result_package_id": package.id})
            self._give_reason(picking)
            self._validate(picking)
