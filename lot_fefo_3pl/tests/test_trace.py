from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.mass_balance import IN_TERMS, OUT_TERMS
from .common import LotControlCommon


class TraceCommon(LotControlCommon):
    """Deliveries and returns written as lines of a lot, whatever the documents say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trace = cls.env["stock.lot.trace"]
        # The trace tells what moved, verified or not.
        cls.env["stock.lot.policy"].search([]).verification = "none"
        cls.lot = cls._lot(cls.vitamin, "A-100", days=200)
        cls.retailer.write(
            {"phone": "+1 555 0100", "street": "1 Market St", "zip": "10001", "city": "New York"}
        )
        cls.store = cls.env["res.partner"].create(
            {"name": "Store 7", "parent_id": cls.retailer.id, "type": "delivery", "city": "Albany"}
        )

    @classmethod
    def _ship(cls, lot, quantity, partner, source=None, **picking_vals):
        """A validated delivery of exactly this lot."""
        picking = cls._picking(
            cls.warehouse.out_type_id, source or cls.bin_1, cls.customer_location, partner=partner
        )
        picking.write(picking_vals)
        cls._move(picking, lot.product_id, quantity, lot=lot)
        cls._give_reason(picking)
        cls._validate(picking)
        return picking

    @classmethod
    def _return(cls, picking, quantity):
        """Part of a delivery comes back through Odoo's return wizard."""
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        back = cls.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        lot = picking.move_line_ids.lot_id
        back.move_ids.move_line_ids.unlink()
        back.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "quantity": quantity,
                    "location_id": cls.customer_location.id,
                    "location_dest_id": cls.bin_2.id,
                    "owner_id": picking.move_line_ids.owner_id.id,
                    "picking_id": back.id,
                }
            )
        ]
        cls._validate(back)
        return back

    @classmethod
    def _return_without_document(cls, lot, quantity, partner=None):
        picking = cls._picking(
            cls.warehouse.in_type_id, cls.customer_location, cls.bin_2, partner=partner
        )
        cls._move(picking, lot.product_id, quantity, lot=lot)
        cls._validate(picking)
        return picking

    def _net(self, lot=None):
        """Net units per consignee name."""
        rows = self.trace.consignees((lot or self.lot).ids)
        return {row["consignee"]: row["net"] for row in rows}


@tagged("post_install", "-at_install")
class TestTraceForward(TraceCommon):
    """Promise 5: every customer that got units of a lot, with how many."""

    def test_delivered_line_names_consignee_document_and_quantity(self):
        """R5: one row per delivered line with everything a recall notice needs."""
        self._receive(self.lot, 100, self.bin_1)
        picking = self._ship(self.lot, 30, self.store, origin="SO042")
        (row,) = self.trace.forward(self.lot.ids)
        expected = {
            "kind": "shipment",
            "consignee": "Retailer Rita",
            "consignee_id": self.retailer.id,
            "ship_to": "Retailer Rita, Store 7",
            "address": "Albany",
            "phone": "+1 555 0100",
            "email": "rita@retail.example",
            "picking_id": picking.id,
            "picking": picking.name,
            "origin": "SO042",
            "quantity": 30,
            "returned": 0,
            "net": 30,
            "lot": "A-100",
            "expiry": self.lot.expiration_date,
            "uom": self.vitamin.uom_id.name,
            "owner": "Brand A",
        }
        self.assertEqual({name: row[name] for name in expected}, expected)

    def test_address_is_one_line_with_state_and_country(self):
        self.consumer.write(
            {
                "street": "5 Elm St",
                "street2": "",
                "zip": "94103",
                "city": "San Francisco",
                "state_id": self.env.ref("base.state_us_5").id,
                "country_id": self.env.ref("base.us").id,
            }
        )
        self._receive(self.lot, 100, self.bin_1)
        self._ship(self.lot, 1, self.consumer)
        (row,) = self.trace.forward(self.lot.ids)
        self.assertEqual(row["address"], "5 Elm St, 94103 San Francisco, California, United States")

    def test_internal_type_shipment_and_relocation_are_listed(self):
        """F09, F15: what left counts, not the kind of document that moved it."""
        self._receive(self.lot, 100, self.bin_1)
        picking = self._picking(
            self.warehouse.int_type_id, self.bin_1, self.customer_location, partner=self.consumer
        )
        self._move(picking, self.vitamin, 4, lot=self.lot)
        self._validate(picking)
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", self.lot.id), ("location_id", "=", self.bin_1.id)]
        )
        quant.move_quants(self.customer_location, message="Walked out")
        self.assertNotIn(
            picking, self.env["stock.picking"].search([("id", "in", self.lot.delivery_ids.ids)])
        )
        self.assertEqual(
            self._net(), {"Consumer Carla": 4, self.customer_location.complete_name: 96}
        )

    def test_vendor_return_is_not_a_shipment(self):
        """F10: units sent back to the supplier reached no customer."""
        self._receive(self.lot, 100, self.bin_1)
        picking = self._picking(
            self.warehouse.out_type_id, self.bin_1, self.supplier_location, partner=self.brand_a
        )
        self._move(picking, self.vitamin, 7, lot=self.lot)
        self._validate(picking)
        self.assertEqual(self.trace.forward(self.lot.ids), [])

    def test_direct_delivery_from_the_supplier_is_listed(self):
        """R5: a drop shipment never was in the house and still reached a customer."""
        picking = self._picking(
            self.warehouse.out_type_id,
            self.supplier_location,
            self.customer_location,
            partner=self.consumer,
        )
        self._move(picking, self.vitamin, 5, lot=self.lot)
        self._validate(picking)
        self.assertEqual(self._net(), {"Consumer Carla": 5})

    def test_return_reduces_the_delivery_it_returns(self):
        """F11: units that came back through the return wizard are no longer with the customer."""
        self._receive(self.lot, 100, self.bin_1)
        first = self._ship(self.lot, 10, self.consumer)
        second = self._ship(self.lot, 10, self.consumer)
        self._return(second, 4)
        rows = {row["picking_id"]: row for row in self.trace.forward(self.lot.ids)}
        self.assertEqual(rows[first.id]["net"], 10)
        self.assertEqual((rows[second.id]["returned"], rows[second.id]["net"]), (4, 6))
        self.assertEqual(self._net(), {"Consumer Carla": 16})

    def test_return_without_document_reduces_the_same_customer_only(self):
        """F11: a free return of a customer is split off that customer's oldest deliveries."""
        self._receive(self.lot, 100, self.bin_1)
        first = self._ship(self.lot, 10, self.store)
        second = self._ship(self.lot, 10, self.retailer)
        self._ship(self.lot, 10, self.consumer)
        self._return_without_document(self.lot, 13, self.retailer)
        rows = {row["picking_id"]: row["net"] for row in self.trace.forward(self.lot.ids)}
        self.assertEqual((rows[first.id], rows[second.id]), (0, 7))
        self.assertEqual(self._net(), {"Consumer Carla": 10, "Retailer Rita": 7})

    def test_return_of_units_never_delivered_is_shown_apart(self):
        """F13: what nobody was sent is a row of its own and hides no other customer's units."""
        self._receive(self.lot, 100, self.bin_1)
        self._ship(self.lot, 10, self.retailer)
        self._return_without_document(self.lot, 3, self.consumer)
        (shipment, stray) = self.trace.forward(self.lot.ids)
        self.assertEqual((shipment["kind"], shipment["net"]), ("shipment", 10))
        self.assertEqual(
            (stray["kind"], stray["consignee"], stray["net"]), ("return", "Consumer Carla", -3)
        )

    def test_returned_units_shipped_again_belong_to_the_second_customer(self):
        """R5: return and re-shipment follow the units."""
        self._receive(self.lot, 10, self.bin_1)
        first = self._ship(self.lot, 10, self.consumer)
        self._return(first, 10)
        self._ship(self.lot, 10, self.retailer, source=self.bin_2)
        self.assertEqual(self._net(), {"Consumer Carla": 0, "Retailer Rita": 10})

    def test_done_edit_of_quantity_and_lot_is_followed(self):
        """F05: the answer is what the line says now, not what the document said."""
        other = self._lot(self.vitamin, "A-200", days=200)
        self._receive(self.lot, 100, self.bin_1)
        self._receive(other, 100, self.bin_2)
        line = self._ship(self.lot, 10, self.consumer).move_line_ids
        line.quantity = 8
        self.assertEqual(self._net(), {"Consumer Carla": 8})
        line.write({"lot_id": other.id, "location_id": self.bin_2.id})
        self.assertEqual((self._net(), self._net(other)), ({}, {"Consumer Carla": 8}))

    def test_quantities_are_in_the_unit_of_the_product(self):
        self._receive(self.lot, 100, self.bin_1)
        dozen = self.env.ref("uom.product_uom_dozen")
        picking = self._picking(
            self.warehouse.out_type_id, self.bin_1, self.customer_location, partner=self.consumer
        )
        move = self._move(picking, self.vitamin, 24, lot=self.lot)
        move.move_line_ids.write({"product_uom_id": dozen.id, "quantity": 2})
        self._validate(picking)
        self.assertEqual(self._net(), {"Consumer Carla": 24})

    def test_owner_filter_keeps_brands_apart(self):
        """F25: the units of one owner only, although the lot is shared."""
        self._receive(self.lot, 50, self.bin_1)
        self._receive(self.lot, 50, self.bin_2, owner=self.brand_b)
        self._ship(self.lot, 5, self.consumer)
        picking = self._picking(
            self.warehouse.out_type_id,
            self.bin_2,
            self.customer_location,
            partner=self.retailer,
            owner=self.brand_b,
        )
        self._move(picking, self.vitamin, 6, lot=self.lot)
        self._validate(picking)
        rows = self.trace.forward(self.lot.ids, owner_id=self.brand_b.id)
        self.assertEqual([row["consignee"] for row in rows], ["Retailer Rita"])
        rows = self.trace.forward(self.lot.ids, owner_id=self.brand_a.id)
        self.assertEqual([row["consignee"] for row in rows], ["Consumer Carla"])

    def test_same_name_in_another_product_is_another_lot(self):
        """F20: a lot is a record, not a number."""
        twin = self._lot(self.cream, "A-100", days=100)
        self._receive(self.lot, 10, self.bin_1)
        self._receive(twin, 10, self.bin_2)
        self._ship(self.lot, 1, self.consumer)
        self._ship(twin, 2, self.retailer, source=self.bin_2)
        self.assertEqual(self._net(), {"Consumer Carla": 1})

    def test_day_is_the_day_in_the_warehouse(self):
        self.warehouse.partner_id.tz = "Pacific/Auckland"
        self._receive(self.lot, 10, self.bin_1)
        self._ship(self.lot, 1, self.consumer).move_line_ids.date = "2026-03-01 20:00:00"
        (row,) = self.trace.forward(self.lot.ids)
        self.assertEqual(str(row["day"]), "2026-03-02")

    def test_trace_needs_the_right_to_read_moves(self):
        for method in ("forward", "consignees", "on_hand", "in_process", "mass_balance"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.trace.with_user(self.employee), method)(self.lot.ids)
            getattr(self.trace.with_user(self.stock_user), method)(self.lot.ids)

    def test_trace_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        lot = self.env["stock.lot"].create(
            {"name": "X", "product_id": self.vitamin.id, "company_id": company.id}
        )
        with self.assertRaises(AccessError):
            self.trace.with_user(self.qa).forward(lot.ids)

    def test_query_count_does_not_grow_with_the_deliveries(self):
        """F26, F27: the same queries for two deliveries and for ten."""
        self._receive(self.lot, 100, self.bin_1)
        counts = []
        for shipments in (2, 8):
            for _index in range(shipments):
                partner = self.env["res.partner"].create({"name": "Consumer"})
                self._return(self._ship(self.lot, 2, partner), 1)
            self.env.flush_all()
            self.env.invalidate_all()
            self.trace.with_user(self.qa).forward(self.lot.ids)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.trace.with_user(self.qa).forward(self.lot.ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 16)

    def test_lot_of_a_line_is_indexed(self):
        """F34: the lines of a lot are found by an index, not by reading every line."""
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'stock_move_line'"
            " AND indexdef LIKE '%(lot_id, location_dest_id)%'"
        )
        self.assertEqual(self.env.cr.rowcount, 1)


@tagged("post_install", "-at_install")
class TestTraceInHouse(TraceCommon):
    def test_on_hand_lists_every_bin_with_owner_and_reservation(self):
        """R4: what is still here, where, whose, and how much is promised."""
        self._receive(self.lot, 60, self.bin_1)
        self._receive(self.lot, 40, self.bin_2)
        self._delivery([(self.vitamin, 15)]).action_assign()
        rows = self.trace.on_hand(self.lot.ids)
        self.assertEqual(
            [(row["location"], row["quantity"], row["owner"]) for row in rows],
            [
                (self.bin_1.complete_name, 60, "Brand A"),
                (self.bin_2.complete_name, 40, "Brand A"),
            ],
        )
        self.assertEqual(sum(row["reserved"] for row in rows), 15)

    def test_in_process_lists_open_operations_with_the_lot(self):
        """R4: deliveries that are being prepared are found before they leave."""
        self._receive(self.lot, 60, self.bin_1)
        picking = self._delivery([(self.vitamin, 15)], partner=self.retailer)
        picking.action_assign()
        (row,) = self.trace.in_process(self.lot.ids)
        self.assertEqual(
            (row["picking"], row["partner"], row["quantity"], row["lot"]),
            (picking.name, "Retailer Rita", 15, "A-100"),
        )


@tagged("post_install", "-at_install")
class TestMassBalance(TraceCommon):
    def _balance(self):
        (balance,) = self.trace.mass_balance(self.lot.ids)
        return balance

    def test_every_kind_of_movement_has_its_term(self):
        """R8: In = Out + On hand, each term by itself."""
        self._receive(self.lot, 100, self.bin_1)
        first = self._ship(self.lot, 20, self.consumer)
        self._return(first, 5)
        back = self._picking(
            self.warehouse.out_type_id, self.bin_1, self.supplier_location, partner=self.brand_a
        )
        self._move(back, self.vitamin, 7, lot=self.lot)
        self._validate(back)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.vitamin.id,
                "lot_id": self.lot.id,
                "owner_id": self.brand_a.id,
                "location_id": self.bin_1.id,
                "scrap_qty": 3,
            }
        )
        scrap.do_scrap()
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", self.lot.id), ("location_id", "=", self.bin_1.id)]
        )
        quant.with_context(inventory_mode=True).inventory_quantity = 68
        quant.action_apply_inventory()
        balance = self._balance()
        expected = {
            "received": 100,
            "returned": 5,
            "shipped": 20,
            "sent_back": 7,
            "scrapped": 3,
            "lost": 2,
            "found": 0,
            "total_in": 105,
            "total_out": 32,
            "on_hand": 73,
            "unexplained": 0,
            "percent": 100,
            "owner": "Brand A",
        }
        self.assertEqual({name: balance[name] for name in expected}, expected)

    def test_every_term_opens_the_lines_behind_it(self):
        """R8: a figure can be looked into, and the lines add up to it."""
        self.test_every_kind_of_movement_has_its_term()
        balance = self._balance()
        for term in (*IN_TERMS, *OUT_TERMS, "on_hand"):
            found = self.trace.balance_lines(self.lot.id, self.brand_a.id, term)
            records = self.env[found["model"]].search(found["domain"])
            name = "quantity" if term == "on_hand" else "quantity_product_uom"
            with self.subTest(term=term):
                self.assertEqual(sum(records.mapped(name)), balance[term])
        with self.assertRaises(UserError):
            self.trace.balance_lines(self.lot.id, self.brand_a.id, "magic")

    def test_units_that_no_line_explains_are_shown(self):
        """R8, F03: stock that no movement explains is not hidden."""
        self._receive(self.lot, 100, self.bin_1)
        self.env["stock.quant"]._update_available_quantity(
            self.vitamin, self.bin_2, 4, lot_id=self.lot, owner_id=self.brand_a
        )
        balance = self._balance()
        self.assertEqual((balance["unexplained"], balance["percent"]), (-4, 104))

    def test_transit_between_warehouses_is_still_on_hand(self):
        """R8: goods on the way between our warehouses are ours."""
        transit = self.env["stock.location"].create({"name": "Lorry", "usage": "transit"})
        self._receive(self.lot, 100, self.bin_1)
        picking = self._picking(self.warehouse.int_type_id, self.bin_1, transit)
        self._move(picking, self.vitamin, 30, lot=self.lot)
        self._validate(picking)
        balance = self._balance()
        self.assertEqual((balance["on_hand"], balance["total_out"]), (100, 0))
        self.assertEqual(self.trace.forward(self.lot.ids), [])

    def test_lot_that_never_moved_balances(self):
        """R8: no division by zero."""
        self.assertEqual(self.trace.mass_balance(self.lot.ids), [])
