from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestHostile(LotControlCommon):
    """Promise 7: a user who is logged in and sends whatever the network takes gets nowhere.

    Each attack is what a stock user, an operator, a supervisor or QA can send over RPC.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._lot(cls.vitamin, "A-1", days=100)
        cls._receive(cls.lot, 20, cls.bin_1)
        cls.reason = cls.env.ref("lot_fefo_3pl.hold_reason_investigation")
        cls.manager = new_test_user(cls.env, "lot_manager", "stock.group_stock_manager")

    def _refused(self, user, record, vals, message=""):
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            record.with_user(user).write(vals)

    def _hold(self, **vals):
        return self.env["stock.lot.hold"].create(
            {"lot_id": self.lot.id, "reason_id": self.reason.id, **vals}
        )

    def _expire(self, lot):
        lot.sudo().expiration_date = fields.Datetime.now() - timedelta(days=2)

    def _attempt(self, user, source, destination, picking_type=None, **line_vals):
        """What a hostile stock user sends: a transfer with a line as they like, then validated."""
        picking = self._picking(
            picking_type or self.warehouse.int_type_id, source, destination, partner=self.consumer
        )
        move = self._move(picking, self.vitamin, 2)
        picking.action_confirm()
        picking.do_unreserve()
        move.with_user(user).write(
            {
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.vitamin.id,
                            "picking_id": picking.id,
                            "lot_id": self.lot.id,
                            "owner_id": self.brand_a.id,
                            "quantity": 2,
                            "location_id": source.id,
                            "location_dest_id": destination.id,
                            **line_vals,
                        }
                    )
                ]
            }
        )
        move.with_user(user).picked = True
        picking.with_user(user).with_context(skip_expired=True).button_validate()
        return picking

    def _shipped(self):
        lines = self.env["stock.move.line"].search(
            [
                ("lot_id", "=", self.lot.id),
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "customer"),
            ]
        )
        return sum(lines.mapped("quantity"))

    def _nothing_leaves(self, *steps, message=""):
        """One of the steps is refused, and nothing has reached a customer."""
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            for source, destination in steps:
                self._attempt(self.operator, source, destination)
            self.env.cr.precommit.run()
        self.assertFalse(self._shipped())

    # Holds ------------------------------------------------------------------------------------

    def test_end_of_a_hold_is_not_drawn_nearer(self):
        """R20: an end in the past would be a release without reason, even by QA."""
        hold = self._hold()
        for end in (fields.Datetime.now() - timedelta(hours=1), "2040-01-01 00:00:00"):
            self._refused(self.qa, hold, {"date_end": end}, "not rewritten")
        for vals in (
            {"scope": "receipt"},
            {"owner_id": self.brand_b.id},
            {"company_id": False},
        ):
            self._refused(self.qa, hold, vals, "not rewritten")
        self.assertTrue(self.lot.is_held)

    def test_reason_that_holds_goods_is_not_made_harmless(self):
        """R20 S17: taking a flag from the reason would release every hold of that reason."""
        self._hold()
        for user in (self.qa, self.manager):
            for vals in ({"block_ship": False}, {"block_reserve": False, "block_pick": False}):
                self._refused(user, self.reason, vals, "holds goods")
        self.reason.with_user(self.manager).block_move = True
        self.assertTrue(self.reason.block_move)

    def test_archived_reason_still_holds(self):
        hold = self._hold()
        self.reason.active = False
        delivery = self._delivery([(self.vitamin, 2)])
        self.assertFalse(delivery.move_line_ids)
        self.assertTrue(hold.is_active)

    def test_hold_is_in_the_name_of_who_holds(self):
        hold = (
            self.env["stock.lot.hold"]
            .with_user(self.qa)
            .create(
                {
                    "lot_id": self.lot.id,
                    "reason_id": self.reason.id,
                    "user_id": self.supervisor.id,
                    "date_start": "2020-01-01 00:00:00",
                }
            )
        )
        self.assertEqual(hold.user_id, self.qa)
        self.assertEqual(hold.date_start.date(), fields.Date.today())

    def test_goods_are_not_carried_out_of_a_hold(self):
        """Held in one bin: moved to another one they would be free."""
        self._hold(location_id=self.bin_1.id)
        with self.assertRaisesRegex(UserError, "held"), self.env.cr.savepoint():
            self._attempt(self.operator, self.bin_1, self.bin_2)
        quarantine = self.bin_3
        quarantine.not_for_orders = True
        self._attempt(self.operator, self.bin_1, quarantine)
        self.assertEqual(self._quantity(self.lot, quarantine), 2)

    def test_held_receipt_is_not_corrected_into_a_free_lot(self):
        """R20: only QA says that held goods are another lot."""
        receipt = self.env["stock.picking"].search(
            [("move_line_ids.lot_id", "=", self.lot.id), ("state", "=", "done")]
        )
        self._hold()
        free = self._lot(self.vitamin, "A-FREE", days=100)
        line = receipt.move_line_ids
        with self.assertRaisesRegex(UserError, "Lot QA"), self.env.cr.savepoint():
            line.with_user(self.supervisor)._correct({"lot_id": free.id}, "Typo")

    # Ways to the customer ---------------------------------------------------------------------

    def test_goods_do_not_leave_by_a_detour(self):
        """D07 F15: through a place that is not ours they would reach a customer unchecked."""
        production = self.vitamin.property_stock_production
        loss = self.vitamin.property_stock_inventory
        for state in ("unscanned", "expired", "held"):
            with self.subTest(state=state), self.env.cr.savepoint() as savepoint:
                if state == "expired":
                    self._expire(self.lot)
                if state == "held":
                    self._hold()
                for detour in (self.supplier_location, production, loss):
                    with self.subTest(detour=detour.name):
                        self._nothing_leaves((self.bin_1, detour), (detour, self.customer_location))
                savepoint.rollback()

    def test_line_takes_from_the_warehouse_of_its_move(self):
        """D07: a transfer of a warehouse without lot control takes nothing from one with it."""
        other = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            picking = self._picking(
                other.out_type_id, other.lot_stock_id, self.customer_location, self.consumer
            )
            self._move(picking, self.vitamin, 2)
            picking.action_confirm()
            picking.with_user(self.operator).move_ids.move_line_ids = [
                Command.create(
                    {
                        "product_id": self.vitamin.id,
                        "picking_id": picking.id,
                        "lot_id": self.lot.id,
                        "owner_id": self.brand_a.id,
                        "quantity": 2,
                        "location_id": self.bin_1.id,
                        "location_dest_id": self.customer_location.id,
                    }
                )
            ]
            picking.move_ids.with_user(self.operator).picked = True
            picking.with_user(self.operator).button_validate()
        self.assertFalse(self._shipped())

    # Scans ------------------------------------------------------------------------------------

    def test_scans_of_another_shipment_are_not_borrowed(self):
        """D03: linked to a delivery that was scanned, another one would count as scanned."""
        scanned = self._ship([(self.lot, self.bin_1, 2)])
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_ids.with_user(self.operator).move_orig_ids = scanned.move_ids
        self.assertEqual(delivery.move_line_ids.lot_verified_qty, 0)
        delivery.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "verified"), self.env.cr.savepoint():
            delivery.with_user(self.operator).button_validate()

    def test_scans_inside_the_stock_zone_are_not_those_of_the_pick(self):
        """D03: a transfer between two bins that somebody scanned verifies no delivery."""
        move = self._picking(self.warehouse.int_type_id, self.bin_1, self.bin_2)
        self._move(move, self.vitamin, 2)
        move.action_confirm()
        move.with_user(self.operator).lot_scan(self.lot.name)
        move.button_validate()
        self.assertEqual(self._quantity(self.lot, self.bin_2), 2)
        delivery = self._delivery([(self.vitamin, 2)])
        delivery.move_line_ids.location_id = self.bin_2
        delivery.move_ids.with_user(self.operator).move_orig_ids = move.move_ids
        self.assertEqual(delivery.move_line_ids.lot_verified_qty, 0)

    def test_quantity_of_a_line_is_worked_out_never_written(self):
        """D03 C07: a line of nothing would need no scan and take nothing from the bin."""
        delivery = self._delivery([(self.vitamin, 2)])
        line = delivery.move_line_ids
        self._refused(self.operator, line, {"quantity_product_uom": 0}, "worked out")
        self.assertEqual(line.quantity_product_uom, 2)

    def test_nobody_adds_evidence(self):
        """B26: no scan, no audit entry and no approval is invented over RPC."""
        for model, vals in (
            ("stock.lot.scan", {"barcode": "A-1", "result": "ok"}),
            ("stock.lot.audit", {"event": "x", "res_model": "stock.lot", "record_name": "x"}),
            ("stock.lot.override", {"rule_code": "expired", "message": "x", "reason": "x"}),
            ("stock.lot.compliance", {"kind": "shipped"}),
        ):
            for user in (self.stock_user, self.operator, self.supervisor, self.qa, self.manager):
                with self.subTest(model=model, user=user.login), self.assertRaises(UserError):
                    self.env[model].with_user(user).create(vals)

    # Orders -----------------------------------------------------------------------------------

    def test_order_is_not_given_to_another_brand_or_customer(self):
        """G03 S4: another brand's goods, or a customer who takes shorter dates, are another order;
        a supervisor changes it on record, and a changed deadline is on record too."""
        delivery = self._delivery([(self.comb, 1)], owner=self.brand_a)
        other = self._delivery([(self.comb, 1)], owner=self.brand_a, partner=self.retailer)
        for record, vals in (
            (delivery, {"owner_id": self.brand_b.id}),
            (delivery, {"partner_id": self.retailer.id}),
            (delivery.move_ids, {"restrict_partner_id": self.brand_b.id}),
            (delivery.move_ids, {"picking_id": other.id}),
        ):
            with self.subTest(vals=vals):
                self._refused(self.operator, record, vals, "Lot Supervisor")
        delivery.with_user(self.supervisor).partner_id = self.retailer
        delivery.move_ids.with_user(self.operator).date_deadline = "2030-01-01 12:00:00"
        entries = self.env["stock.lot.audit"].search(
            [("event", "=", "order.change"), ("res_id", "=", delivery.id)], order="id"
        )
        self.assertEqual(
            entries.mapped(lambda entry: (entry.user_id, entry.old_value, entry.new_value)),
            [
                (self.supervisor, "Consumer Carla", "Retailer Rita"),
                (self.operator, "", "2030-01-01 12:00:00"),
            ],
        )

    def test_other_address_of_the_customer_is_the_operators_to_set(self):
        address = self.env["res.partner"].create(
            {"name": "Dock 2", "parent_id": self.retailer.id, "type": "delivery"}
        )
        delivery = self._delivery([(self.vitamin, 1)], partner=self.retailer)
        delivery.with_user(self.operator).partner_id = address
        self.assertEqual(delivery.partner_id, address)

    def test_laxer_rules_of_one_line_are_not_copied_to_another_order(self):
        """A2: what a supervisor allowed one order line is not an operator's to give to others."""
        lax = self.env["stock.lot.policy"].create({"name": "Lax", "for_orders": True})
        allowed = self._delivery([(self.vitamin, 2)])
        allowed.move_ids.lot_policy_id = lax
        other = self._delivery([(self.magnesium, 1)], partner=self.retailer)
        vals = {
            "product_id": self.vitamin.id,
            "product_uom_qty": 1,
            "lot_policy_id": lax.id,
            "location_id": self.stock.id,
            "location_dest_id": self.customer_location.id,
        }
        moves = self.env["stock.move"].with_user(self.operator)
        with self.assertRaisesRegex(UserError, "Lot Supervisor"):
            moves.create({**vals, "picking_id": other.id})
        self.assertTrue(moves.create({**vals, "picking_id": allowed.id}))

    def test_changed_rules_and_switches_are_on_record(self):
        """B26 S17: who made a policy, a hold reason or a warehouse laxer, from what to what."""
        policy = self.env["stock.lot.policy"].with_user(self.manager).create({"name": "P"})
        policy.write({"deviation": "none", "customer_id": self.retailer.id})
        policy.unlink()
        self.reason.with_user(self.qa).block_move = True
        self.warehouse.with_user(self.manager).lot_control = False
        entries = self.env["stock.lot.audit"].search(
            [("user_id", "in", (self.manager | self.qa).ids)], order="id"
        )
        self.assertEqual(
            entries.mapped(lambda e: (e.event, e.field_name or "", e.old_value, e.new_value)),
            [
                ("policy.new", "", False, False),
                ("policy.change", "Customer", "", "Retailer Rita"),
                ("policy.change", "Deviation From the Rotation", "", "Free"),
                ("policy.delete", "", False, False),
                ("reason.change", "Blocks Moving", "No", "Yes"),
                ("warehouse.switch", "Lot Control", "Yes", "No"),
            ],
        )

    # History ----------------------------------------------------------------------------------

    def test_shipment_is_not_rewritten(self):
        """F05 F19 F31: who got what, when and by which transfer stays, over RPC as well."""
        shipped = self._ship([(self.lot, self.bin_1, 2)])
        other = self._delivery([(self.vitamin, 1)], partner=self.retailer)
        line, move = shipped.move_line_ids, shipped.move_ids
        for record, vals in (
            (shipped, {"partner_id": self.retailer.id}),
            (shipped, {"owner_id": self.brand_b.id}),
            (shipped, {"name": "X"}),
            (shipped, {"state": "cancel"}),
            (other, {"state": "done"}),
            (move, {"picking_id": other.id}),
            (move, {"date": "2020-01-01 00:00:00"}),
            (move, {"product_id": self.magnesium.id}),
            (move, {"location_dest_id": self.bin_2.id}),
            (move, {"partner_id": self.retailer.id}),
            (line, {"picking_id": other.id}),
            (line, {"move_id": other.move_ids.id}),
            (line, {"product_id": self.magnesium.id}),
        ):
            with self.subTest(record=record._name, vals=vals):
                self._refused(self.operator, record, vals)

    def test_dates_of_goods_are_not_written(self):
        """F07 F16: neither the lot nor the goods get another date by hand."""
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", self.lot.id), ("location_id", "=", self.bin_1.id)]
        )
        far = "2040-01-01 00:00:00"
        for user in (self.stock_user, self.operator, self.supervisor):
            for name in ("expiration_date", "removal_date", "use_date", "in_date"):
                self._refused(user, quant, {name: far})
                if name != "in_date":
                    self._refused(user, self.lot, {name: far})
            self._refused(user, self.lot, {"alert_date": far})


@tagged("post_install", "-at_install")
class TestHostileOverHttp(HttpCase, LotControlCommon):
    """Promise 7: the same over both of Odoo's ways in, ``call_kw`` and ``/json/2``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._lot(cls.vitamin, "A-1", days=100)
        cls._receive(cls.lot, 20, cls.bin_1)
        cls.hold = cls.env["stock.lot.hold"].create(
            {
                "lot_id": cls.lot.id,
                "reason_id": cls.env.ref("lot_fefo_3pl.hold_reason_investigation").id,
            }
        )

    def setUp(self):
        super().setUp()
        self.operator.password = "lot_operator_password"
        self.authenticate(self.operator.login, "lot_operator_password")
        keys = self.env["res.users.apikeys"].with_user(self.operator)
        self.key = keys._generate("rpc", "Hostile", fields.Datetime.now() + timedelta(hours=1))

    def _call_kw(self, model, method, ids, **kwargs):
        args = [ids] if ids is not None else []
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {"model": model, "method": method, "args": args, "kwargs": kwargs},
            },
        ).json()
        return answer.get("error", {}).get("data", {}).get("name")

    def _json_2(self, model, method, ids, **kwargs):
        answer = self.url_open(
            f"/json/2/{model}/{method}",
            json={**({"ids": ids} if ids is not None else {}), **kwargs},
            headers={"Authorization": f"Bearer {self.key}"},
        )
        return None if answer.ok else answer.json()["name"]

    def _attacks(self):
        delivery = self._delivery([(self.vitamin, 2)], owner=self.brand_a)
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", self.lot.id), ("location_id", "=", self.bin_1.id)]
        )
        far = "2040-01-01 00:00:00"
        line = {
            "picking_id": delivery.id,
            "move_id": delivery.move_ids.id,
            "product_id": self.vitamin.id,
            "lot_id": self.lot.id,
            "owner_id": self.brand_a.id,
            "quantity": 2,
            "picked": True,
            "location_id": self.bin_1.id,
            "location_dest_id": self.customer_location.id,
        }
        self.env["stock.move.line"].create(line)
        skip = {"skip_expired": True, "skip_sanity_check": True, "skip_backorder": True}
        scan = {"barcode": "A-1", "result": "ok", "company_id": self.env.company.id}
        return [
            ("stock.picking", "button_validate", delivery.ids, {"context": skip}),
            ("stock.move", "write", delivery.move_ids.ids, {"vals": {"state": "done"}}),
            ("stock.lot.scan", "create", None, {"vals_list": [scan]}),
            ("stock.lot.audit", "create", None, {"vals_list": [{"event": "lot.change"}]}),
            ("stock.lot.override", "create", None, {"vals_list": [{"rule_code": "held"}]}),
            ("stock.move.line", "lot_approve", delivery.move_line_ids.ids, {"reason": "x"}),
            ("stock.lot.hold", "write", self.hold.ids, {"vals": {"date_end": "2020-01-01"}}),
            ("stock.lot.hold", "write", self.hold.ids, {"vals": {"state": "released"}}),
            ("stock.lot.hold", "unlink", self.hold.ids, {}),
            ("stock.lot.hold", "_release", self.hold.ids, {"reason": "x"}),
            ("stock.lot.hold.release", "create", None, {"vals_list": [{"reason": "x"}]}),
            ("stock.lot", "write", self.lot.ids, {"vals": {"expiration_date": far}}),
            ("stock.quant", "write", quant.ids, {"vals": {"expiration_date": far}}),
            ("stock.quant", "write", quant.ids, {"vals": {"owner_id": self.brand_b.id}}),
            ("stock.lot.correct", "create", None, {"vals_list": [{"lot_id": self.lot.id}]}),
        ]

    def test_attacks_are_refused_over_both_ways(self):
        """C04 C05 F07 B26 R20: held goods, evidence, dates and holds, with any context key."""
        attacks = self._attacks()
        for way in (self._call_kw, self._json_2):
            for model, method, ids, kwargs in attacks:
                with self.subTest(way=way.__name__, model=model, method=method, kwargs=kwargs):
                    error = way(model, method, ids, **kwargs)
                    self.assertRegex(error or "", r"exceptions\.(User|Access|Validation)Error")
        self.env.invalidate_all()
        self.assertEqual((self.hold.state, self.hold.is_active), ("active", True))
        self.assertEqual(self._quantity(self.lot, self.stock), 20)
        self.assertFalse(self.env["stock.lot.override"].search([("lot_id", "=", self.lot.id)]))
        self.assertFalse(self.env["stock.lot.scan"].search([("lot_id", "=", self.lot.id)]))
