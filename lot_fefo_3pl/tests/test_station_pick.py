from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import tagged

from odoo.addons.lot_fefo_3pl.tools import gs1

from .common import LotControlCommon


class StationPickCommon(LotControlCommon):
    """An operator at the station; two lots of vitamins, one of magnesium, bins with barcodes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.early = cls._lot(cls.vitamin, "VC-1", days=100)
        cls.late = cls._lot(cls.vitamin, "VC-2", days=200)
        cls.mag = cls._lot(cls.magnesium, "MG-1", days=150)
        cls._receive(cls.early, 20, cls.bin_1)
        cls._receive(cls.late, 20, cls.bin_2)
        cls._receive(cls.mag, 20, cls.bin_3)
        cls.delivery = cls._delivery([(cls.vitamin, 4), (cls.magnesium, 2)], partner=cls.retailer)
        cls.policy = cls.env["stock.lot.policy"].search([("warehouse_id", "=", cls.warehouse.id)])
        for user in (cls.operator, cls.supervisor):
            user.password = f"secret-{user.login}"

    @property
    def station(self):
        return self.env["stock.lot.station"].with_user(self.operator)

    def _walk(self, delivery=None):
        return ("picking", (delivery or self.delivery).id)

    def _scan(self, barcode, delivery=None, **options):
        return self.station.pick_scan(*self._walk(delivery), barcode, **options)

    def _line(self, lot, delivery=None):
        lines = (delivery or self.delivery).move_line_ids
        return lines.filtered(lambda line: line.lot_id == lot)

    def _pick_all(self, delivery=None):
        """Pick as the screen tells; the number of scans, the one of the transfer included."""
        delivery = delivery or self.delivery
        found = self.station.pick_find(delivery.name)
        walk = self.station.pick_load(found["kind"], found["id"])
        scans, location = 1, None
        while walk["done"] < walk["total"]:
            line = next(line for line in walk["lines"] if not line["is_done"])
            if line["location"]["barcode"] != location:
                location = line["location"]["barcode"]
                answer = self._scan(location, delivery)
                scans += 1
                self.assertEqual(answer["code"], "bin", answer)
            answer = self._scan(
                gs1.element_string(
                    {"01": line["product"]["barcode"].zfill(14), "10": line["lot"]["name"]}, "]C1"
                ),
                delivery,
                location_barcode=location,
                line_id=line["id"],
            )
            scans += 1
            self.assertEqual(answer["code"], "ok", answer)
            walk = answer["walk"]
        return scans


@tagged("post_install", "-at_install")
class TestStationPick(StationPickCommon):
    """Promise 4: the operator is told the next bin and lot, and a wrong one is never taken."""

    def test_walk_is_in_the_order_of_the_bins(self):
        walk = self.station.pick_load(*self._walk())
        self.assertEqual([line["bin"] for line in walk["lines"]], ["A-01", "A-03"])
        self.assertEqual((walk["done"], walk["total"], walk["state"]), (0, 2, "open"))
        self.assertEqual(walk["lines"][0]["lot"]["name"], "VC-1")
        self.assertEqual(walk["lines"][0]["location"]["barcode"], "TPL-A-01")

    def test_no_more_than_two_scans_per_line_and_two(self):
        """S14: (2 x lines + 2) scans for a picking, counted for 2, 3 and 4 lines."""
        cream = self._lot(self.cream, "FC-1", days=90)
        self._receive(cream, 20, self.bin_4)
        for demand in (
            [(self.vitamin, 4), (self.magnesium, 2)],
            [(self.vitamin, 14), (self.magnesium, 2)],
            [(self.vitamin, 3), (self.vitamin, 2), (self.magnesium, 2), (self.magnesium, 1)],
        ):
            delivery = self._delivery(demand)
            lines = len(delivery.move_line_ids)
            scans = self._pick_all(delivery)
            self.assertLessEqual(scans, 2 * lines + 2)
            answer = self.station.pick_validate(*self._walk(delivery))
            self.assertEqual((answer["status"], delivery.state), ("ok", "done"))

    def test_list_says_who_is_at_it(self):
        other = self._delivery([(self.magnesium, 1)])
        names = [row["name"] for row in self.station.pick_list()]
        self.assertLessEqual({self.delivery.name, other.name}, set(names))
        self.assertEqual(self.station.pick_count(), len(names))
        self._scan("TPL-A-03", other)
        row = self.env["stock.lot.station"].with_user(self.supervisor).pick_list()[-1]
        self.assertEqual((row["name"], row["begun_by"]), (other.name, self.operator.name))
        mine = self.station.pick_list()[0]
        self.assertEqual((mine["name"], mine["mine"]), (other.name, True))

    def test_list_and_walk_name_the_order(self):
        """Who picks looks for the number on the paper, which is that of the order."""
        self.delivery.origin = "NB-10080"
        (row,) = self.station.pick_list()
        self.assertEqual(row["order"], "NB-10080")
        self.assertEqual(self.station.pick_load(*self._walk())["order"], "NB-10080")
        orders = [self.delivery]
        for number in range(3):
            orders.append(self._delivery([(self.magnesium, 1)]))
            orders[-1].origin = f"NB-{number}"
        named = self.station._name_orders(self.env["stock.picking"].union(*orders))
        self.assertEqual(named, "NB-10080, NB-0, NB-1 +1")

    def test_goods_without_a_bin_are_asked_for_it(self):
        """S14: the lot lies in two bins perhaps; which one was emptied must be known."""
        answer = self._scan("VC-1")
        self.assertEqual((answer["status"], answer["code"]), ("ask", "ask_bin"))
        self.assertIn("A-01", answer["message"])
        self.assertFalse(self._line(self.early).lot_verified_qty)
        self.bin_1.barcode = False
        self.assertEqual(self._scan("VC-1")["code"], "ok")

    def test_scan_sent_again_counts_once(self):
        """S14: what the queue sends twice is one scan, in a batch as well."""
        options = {"location_barcode": "TPL-A-01", "quantity": 1, "uid": "u-1"}
        first = self._scan("VC-1", **options)
        again = self._scan("VC-1", **options)
        self.assertEqual(again["scan_id"], first["scan_id"])
        self.assertEqual(self._line(self.early).lot_verified_qty, 1)

    def test_only_operators(self):
        """D02: neither an employee nor a stock user reads or picks at the station."""
        for user in (self.employee, self.stock_user):
            station = self.env["stock.lot.station"].with_user(user)
            walk = self._walk()
            line = self._line(self.early)
            for method, arguments in (
                ("pick_list", ()),
                ("pick_count", ()),
                ("pick_find", ("x",)),
                ("pick_load", walk),
                ("pick_scan", (*walk, "VC-1")),
                ("pick_short", (*walk, line.id, 1, "x")),
                ("pick_take", (*walk, line.id)),
                ("pick_swap", (*walk, line.id, self.late.id, "VC-2")),
                ("pick_approve", (*walk, line.id, "x")),
                ("pick_explain", (line.move_id.id,)),
                ("pick_pack", (*walk, line.ids)),
                ("pick_unpack", (*walk, 1)),
                ("pick_validate", walk),
            ):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(station, method)(*arguments)

    def test_batch_is_one_walk(self):
        """D04: a scan goes to the transfer that wants it, the batch is validated as a whole."""
        other = self._delivery([(self.vitamin, 3)])
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set((self.delivery | other).ids)]}
        )
        batch.action_confirm()
        self.assertEqual(self.station.pick_find(batch.name), {"kind": "batch", "id": batch.id})
        self.assertIn("batch", [row["kind"] for row in self.station.pick_list()])
        walk = self.station.pick_load("batch", batch.id)
        self.assertEqual([line["bin"] for line in walk["lines"]], ["A-01", "A-01", "A-03"])

        def scan(barcode, location, **options):
            return self.station.pick_scan(
                "batch", batch.id, barcode, location_barcode=location, **options
            )

        self.assertEqual(scan("VC-1", "TPL-A-01", uid="b-1")["code"], "ok")
        self.assertEqual(scan("VC-1", "TPL-A-01", uid="b-1")["walk"]["done"], 1)
        self.assertEqual(scan("VC-1", "TPL-A-01", uid="b-2")["walk"]["done"], 2)
        self.assertEqual(scan("VC-1", "TPL-A-01", uid="b-3")["code"], "already_done")
        self.assertEqual(scan("VC-2", "TPL-A-02")["status"], "refused")
        answer = self.station.pick_validate("batch", batch.id)
        self.assertEqual((answer["status"], answer["code"]), ("ask", "backorder"))
        self.assertEqual(scan("MG-1", "TPL-A-03")["walk"]["done"], 3)
        answer = self.station.pick_validate("batch", batch.id)
        self.assertEqual(answer["status"], "ok", answer)
        self.assertEqual((batch.state, other.state), ("done", "done"))


@tagged("post_install", "-at_install")
class TestStationException(StationPickCommon):
    """What does not go as planned, on record."""

    def test_swap_in_two_scans(self):
        """B05: the scan of another allowed lot offers it, the second scan takes and verifies it."""
        self.policy.deviation = "none"
        first = self._scan("VC-2", location_barcode="TPL-A-02")
        self.assertEqual((first["status"], first["code"]), ("refused", "wrong_lot"))
        offer = first["swap"]
        self.assertEqual((offer["lot"], offer["needs"]), ("VC-2", "nothing"))
        self.assertEqual(self._line(self.early).location_id, self.bin_1, "only offered")
        second = self.station.pick_swap(
            *self._walk(),
            offer["line_id"],
            offer["lot_id"],
            "VC-2",
            location_id=offer["location_id"],
            uid="s-1",
        )
        self.assertEqual(second["code"], "ok", second)
        line = self._line(self.late)
        self.assertEqual((line.location_id, line.lot_verified_qty), (self.bin_2, 4))
        again = self.station.pick_swap(
            *self._walk(), line.id, self.late.id, "VC-2", location_id=self.bin_2.id, uid="s-1"
        )
        self.assertEqual(again["scan_id"], second["scan_id"])

    def test_swap_out_of_turn_needs_a_reason_or_a_supervisor(self):
        """S14: the later lot goes with a reason, or with a supervisor where the policy says."""
        offer = self._scan("VC-2", location_barcode="TPL-A-02")["swap"]
        self.assertEqual(offer["needs"], "reason")
        self.assertIn("goes first", offer["against"][0])
        arguments = (*self._walk(), offer["line_id"], offer["lot_id"], "VC-2")
        with self.assertRaisesRegex(UserError, "goes first"), self.env.cr.savepoint():
            self.station.pick_swap(*arguments)
        self.policy.deviation = "force"
        self.assertEqual(
            self._scan("VC-2", location_barcode="TPL-A-02")["swap"]["needs"], "supervisor"
        )
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.station.pick_swap(*arguments, reason="Aisle blocked")
        credential = {"login": self.supervisor.login, "password": "secret-lot_supervisor"}
        answer = self.station.pick_swap(*arguments, reason="Aisle blocked", credential=credential)
        self.assertEqual(answer["code"], "ok", answer)
        override = self.env["stock.lot.override"].search([("lot_id", "=", self.late.id)])
        self.assertEqual((override.user_id, override.rule_code), (self.supervisor, "deviation"))

    def test_lot_of_another_bin_is_offered_from_there_only(self):
        """B05: the bin that was scanned last is not where the other lot lies: its own bin is
        scanned before it is taken, so that it is known which bin was emptied."""
        for scanned in ("TPL-A-01", None):
            offer = self._scan("VC-2", location_barcode=scanned)["swap"]
            self.assertEqual((offer["location_barcode"], offer["scan_bin"]), ("TPL-A-02", True))
        for bins in (
            {"location_barcode": "TPL-A-02"},
            {"location_barcode": "TPL-A-01", "other_bin": "TPL-A-02"},
        ):
            self.assertFalse(self._scan("VC-2", **bins)["swap"]["scan_bin"])
        self.bin_2.barcode = False
        self.assertFalse(self._scan("VC-2", location_barcode="TPL-A-01")["swap"]["scan_bin"])
        self.assertEqual(self._line(self.early).location_id, self.bin_1, "only offered")

    def test_held_and_other_goods_are_never_offered(self):
        """C05: nobody passes a hold, so nothing is offered."""
        self.env["stock.lot.hold"]._hold(
            self.late, self.env.ref("lot_fefo_3pl.hold_reason_damaged")
        )
        answer = self._scan("VC-2", location_barcode="TPL-A-02")
        self.assertEqual(answer["code"], "held")
        self.assertNotIn("swap", answer)

    def test_short_pick_is_on_record_and_leaves_a_backorder(self):
        """D08: less is taken with a reason; the rest stays open."""
        line = self._line(self.early)
        with self.assertRaisesRegex(UserError, "Say why"), self.env.cr.savepoint():
            self.station.pick_short(*self._walk(), line.id, 3, " ")
        for quantity in (4, 5, -1):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.station.pick_short(*self._walk(), line.id, quantity, "Broken")
        walk = self.station.pick_short(*self._walk(), line.id, 3, "One is broken")
        self.assertEqual(walk["lines"][0]["quantity"], 3)
        self.assertEqual(walk["short"][0]["missing"], 1)
        entry = self.env["stock.lot.audit"].search([("event", "=", "line.short")])
        self.assertEqual(
            (entry.old_value, entry.new_value, entry.reason, entry.user_id, entry.lot_id),
            ("4", "3", "One is broken", self.operator, self.early),
        )
        self._pick_all()
        answer = self.station.pick_validate(*self._walk())
        self.assertEqual((answer["code"], answer["may_cancel"]), ("backorder", True))
        self.assertIn("1 Units of Vitamin C", answer["rest"])
        self.assertEqual(self.delivery.state, "assigned", "only asked")
        answer = self.station.pick_validate(*self._walk(), backorder=True)
        self.assertEqual((answer["status"], self.delivery.state), ("ok", "done"))
        self.assertEqual(self.delivery.backorder_ids.move_ids.product_uom_qty, 1)
        self.assertEqual(answer["backorders"], self.delivery.backorder_ids.mapped("name"))

    def test_short_to_nothing_and_rest_cancelled(self):
        """D08: nothing there at all; the operator says that the rest is not sent."""
        self.station.pick_short(*self._walk(), self._line(self.early).id, 0, "Bin is empty")
        self._pick_all()
        answer = self.station.pick_validate(*self._walk(), backorder=False)
        self.assertEqual(answer["backorders"], [])
        self.assertEqual(self.delivery.state, "done")
        self.assertFalse(self.delivery.backorder_ids)

    def test_line_scanned_in_part_leaves_in_part(self):
        """D08: what was not scanned does not leave with what was."""
        self._scan("VC-1", location_barcode="TPL-A-01", quantity=3)
        self.station.pick_validate(*self._walk(), backorder=True)
        self.assertEqual(self.delivery.state, "done")
        self.assertEqual(self._quantity(self.early, self.bin_1), 17)
        rest = {
            move.product_id: move.product_uom_qty for move in self.delivery.backorder_ids.move_ids
        }
        self.assertEqual(rest, {self.vitamin: 1, self.magnesium: 2})

    def test_nothing_picked_is_not_validated(self):
        """D01: the station validates nothing that nobody scanned."""
        answer = self.station.pick_validate(*self._walk(), backorder=True)
        self.assertEqual((answer["status"], answer["code"]), ("refused", "nothing_picked"))
        self.assertEqual(self.delivery.state, "assigned")

    def test_goods_without_lots_are_taken_by_a_tap(self):
        self.env["stock.quant"]._update_available_quantity(
            self.flyer, self.bin_4, 5, owner_id=self.brand_a
        )
        delivery = self._delivery([(self.flyer, 2)], owner=self.brand_a)
        with self.assertRaisesRegex(UserError, "must be scanned"):
            self.station.pick_take(*self._walk(), self._line(self.early).id)
        walk = self.station.pick_take(*self._walk(delivery), delivery.move_line_ids.id)
        self.assertEqual((walk["done"], walk["total"]), (1, 1))
        self.assertEqual(self.station.pick_validate(*self._walk(delivery))["status"], "ok")

    def test_explanation_names_the_reasons(self):
        """S14: "Why not this lot?" at the station."""
        self.env["stock.lot.hold"]._hold(
            self.late, self.env.ref("lot_fefo_3pl.hold_reason_damaged")
        )
        rows = self.station.pick_explain(self._line(self.early).move_id.id)
        self.assertEqual([row["lot"] for row in rows], ["VC-1", "VC-2"])
        self.assertIn("held for Damaged", rows[1]["reasons"][0])


@tagged("post_install", "-at_install")
class TestStationSupervisor(StationPickCommon):
    """An approval at the operator's device is the supervisor's and gives the operator nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")

    def _approve(self, credential, line=None, **options):
        line = line or self._line(self.early)
        return self.station.pick_approve(
            *self._walk(), line.id, "Label torn", credential=credential, unscanned=True, **options
        )

    def _badge(self, user):
        action = user.with_user(self.admin).action_issue_lot_badge()
        return action["context"]["lot_badge_code"]

    def test_badge_and_password(self):
        """S14: a line whose label cannot be read leaves by the supervisor's decision."""
        password = {"login": self.supervisor.login, "password": "secret-lot_supervisor"}
        for credential, lot in (
            ({"badge": self._badge(self.supervisor)}, self.early),
            (password, self.mag),
        ):
            line = self._line(lot)
            answer = self._approve(credential, line)
            self.assertEqual((answer["status"], answer["code"]), ("ok", "approved"))
            self.assertEqual(line.lot_verification_state, "approved")
            override = self.env["stock.lot.override"].search([("lot_id", "=", lot.id)])
            self.assertEqual((override.user_id, override.reason), (self.supervisor, "Label torn"))
            entry = self.env["stock.lot.audit"].search(
                [("event", "=", "override.station"), ("lot_id", "=", lot.id)]
            )
            self.assertEqual((entry.user_id, entry.approver_id), (self.operator, self.supervisor))
        self.assertEqual(self.station.pick_validate(*self._walk())["status"], "ok")
        self.assertFalse(self.operator.has_group("lot_fefo_3pl.lot_fefo_3pl_group_supervisor"))

    def test_wrong_credentials_approve_nothing_and_are_on_record(self):
        """B26: who tried is known."""
        wrong = (
            {"badge": "LBNOTHING"},
            {"badge": self._badge(self.operator)},
            {"login": self.supervisor.login, "password": "guess"},
            {"login": self.supervisor.login, "password": ""},
            {"login": self.operator.login, "password": "secret-lot_operator"},
        )
        for credential in wrong:
            answer = self._approve(credential)
            self.assertEqual((answer["status"], answer["code"]), ("refused", "denied"))
        self.assertEqual(self._line(self.early).lot_verification_state, "missing")
        denied = self.env["stock.lot.audit"].search([("event", "=", "override.denied")])
        self.assertEqual(len(denied), len(wrong))
        self.assertEqual(denied.user_id, self.operator)
        self.assertNotIn("guess", "".join(denied.mapped("new_value")))

    def test_operator_cannot_approve_alone(self):
        with self.assertRaises(AccessError):
            self._approve(None)
        self.assertEqual(self._line(self.early).lot_verification_state, "missing")

    def test_guessing_is_slowed_down_as_at_the_login(self):
        """The same brake as Odoo's login holds for badges."""
        users = self.env["res.users"]
        with (
            patch.object(type(users), "_assert_can_auth", side_effect=AccessDenied) as brake,
            self.assertRaises(AccessDenied),
        ):
            users._find_by_lot_badge("LBX")
        brake.assert_called_once()
        badge = self._badge(self.supervisor)
        with patch.object(type(users), "_assert_can_auth", side_effect=AccessDenied):
            self.assertEqual(self._approve({"badge": badge})["code"], "denied")

    def test_good_login_does_not_reset_the_guesses_at_the_station(self):
        """B26: Odoo forgets the failures of an address at any good login, and each of its
        processes counts by itself; at the station those on record count, for each user."""
        self.env["ir.config_parameter"].sudo().set_param("base.login_cooldown_after", "3")
        right = {"badge": self._badge(self.supervisor)}
        login = {"type": "password", "login": self.operator.login}
        for _guess in range(3):
            self.assertEqual(self._approve({"badge": "LBGUESS"})["code"], "denied")
            self.env["res.users"]._login({**login, "password": "secret-lot_operator"}, {})
        for credential in ({"badge": "LBGUESS"}, right):
            answer = self._approve(credential)
            self.assertEqual(answer["code"], "denied")
            self.assertIn("Wait", answer["message"])
        denied = [("event", "=", "override.denied")]
        self.assertEqual(self.env["stock.lot.audit"].search_count(denied), 3)
        other = self.env["res.users"].create(
            {
                "name": "Olga",
                "login": "olga",
                "group_ids": [
                    Command.link(self.env.ref("lot_fefo_3pl.lot_fefo_3pl_group_operator").id)
                ],
            }
        )
        early = self._line(self.early)
        station = self.station.with_user(other)
        answer = station.pick_approve(*self._walk(), early.id, "Torn", right, unscanned=True)
        self.assertEqual(answer["code"], "approved")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=2)):
            self.assertEqual(self._approve(right, self._line(self.mag))["code"], "approved")

    def test_badges_are_secret_replaced_and_withdrawn(self):
        """A badge is never stored in clear, only its latest number counts."""
        old = self._badge(self.supervisor)
        new = self._badge(self.supervisor)
        self.assertNotEqual(old, new)
        stored = self.supervisor.sudo().lot_badge_hash
        self.assertNotIn(new, stored)
        with self.assertRaises(AccessError):
            self.supervisor.with_user(self.admin).read(["lot_badge_hash"])
        self.assertEqual(self._approve({"badge": old})["code"], "denied")
        self.supervisor.with_user(self.admin).action_withdraw_lot_badge()
        self.assertEqual(self._approve({"badge": new})["code"], "denied")
        for user in (self.operator, self.supervisor):
            with self.assertRaises(AccessError):
                self.supervisor.with_user(user).action_issue_lot_badge()

    def test_badge_is_shown_once(self):
        action = self.supervisor.with_user(self.admin).action_issue_lot_badge()
        dialog = self.env["stock.lot.badge"].with_user(self.admin)
        shown = dialog.with_context(**action["context"]).create({})
        self.assertTrue(shown.code.startswith("LB"))
        self.assertTrue(shown.image)
        self.assertFalse(dialog.browse(shown.id).with_context(lot_badge_code=False).code)

    def test_nobody_approves_a_hold(self):
        self.env["stock.lot.hold"]._hold(
            self.mag, self.env.ref("lot_fefo_3pl.hold_reason_damaged"), location=None
        )
        self.assertFalse(self._line(self.mag), "the hold takes the goods from the order")


@tagged("post_install", "-at_install")
class TestStationBoxes(StationPickCommon):
    """Boxes with an SSCC; one lot of a product per box where the policy says so."""

    def setUp(self):
        super().setUp()
        self.delivery = self._delivery([(self.vitamin, 18), (self.magnesium, 2)])
        self.env.company.gs1_company_prefix = "9521234"
        self._pick_all()

    def _pack(self, lots, **options):
        lines = self.delivery.move_line_ids.filtered(lambda line: line.lot_id in lots)
        return self.station.pick_pack(*self._walk(), lines.ids, **options)

    def test_new_box_gets_an_sscc(self):
        answer = self._pack(self.early | self.late | self.mag)
        scan = gs1.parse("]C100" + answer["box"]["name"])
        self.assertEqual(scan.sscc, answer["box"]["name"])
        self.assertEqual(answer["walk"]["boxes"][0]["lines"], 3)
        self.station.pick_validate(*self._walk())
        box = self.env["stock.package"].browse(answer["box"]["id"])
        self.assertEqual(box.quant_ids.lot_id, self.early | self.late | self.mag)

    def test_label_of_a_box(self):
        """G8: a printed SSCC becomes the box; a strange text is none."""
        sscc = gs1.parse("]C100106141412345678908").sscc
        answer = self._pack(self.mag, barcode="]C100106141412345678908")
        self.assertEqual(answer["box"]["name"], sscc)
        again = self._pack(self.early, barcode="]C100106141412345678908")
        self.assertEqual(again["box"]["id"], answer["box"]["id"])
        with self.assertRaisesRegex(UserError, "is no box"):
            self._pack(self.late, barcode="TPL-A-01")
        walk = self.station.pick_unpack(*self._walk(), answer["box"]["id"])
        self.assertEqual(walk["boxes"], [])

    def test_one_lot_per_box(self):
        """A14: refused when packed, and by every other route when it leaves."""
        self.policy.box_lots = "one"
        with self.assertRaisesRegex(UserError, "One lot per box.*VC-1, VC-2"):
            self._pack(self.early | self.late)
        box = self._pack(self.early | self.mag)["box"]
        with self.assertRaisesRegex(UserError, "One lot per box"):
            self._pack(self.late, barcode=box["name"])
        self._line(self.late).result_package_id = box["id"]
        with self.assertRaisesRegex(UserError, "box .* holds lots"):
            self.delivery.button_validate()
        self._line(self.late).result_package_id = False
        self.assertEqual(self.station.pick_validate(*self._walk())["status"], "ok")

    def test_box_of_another_order_is_refused(self):
        box = self._pack(self.mag)["box"]
        self.station.pick_validate(*self._walk(), backorder=True)
        other = self._delivery([(self.magnesium, 1)])
        self._pick_all(other)
        with self.assertRaisesRegex(UserError, "in use already"):
            self.station.pick_pack(*self._walk(other), other.move_line_ids.ids, barcode=box["name"])

    def test_only_picked_goods_are_packed(self):
        other = self._delivery([(self.magnesium, 1)])
        with self.assertRaisesRegex(UserError, "Pick it first"):
            self.station.pick_pack(*self._walk(other), other.move_line_ids.ids)
