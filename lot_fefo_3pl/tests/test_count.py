from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LotControlCommon


class CountCommon(LotControlCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.operator.copy({"login": "lot_operator_2", "name": "Olga"})
        cls.lot_a = cls._lot(cls.vitamin, "A1", 200)
        cls.lot_b = cls._lot(cls.vitamin, "B1", 300)
        cls._receive(cls.lot_a, 10, cls.bin_1)

    def _plan(self, location=None, user=None):
        counts = self.env["stock.lot.count"].with_user(user or self.operator).sudo()
        return counts._plan(location or self.bin_1)

    def _count(self, count, entries, user=None):
        """One whole count of the bin: ``entries`` are (lot, quantity) pairs."""
        count = count.with_user(user or self.operator).sudo()
        count._begin()
        for lot, quantity in entries:
            count._enter(lot.product_id, quantity, lot=lot)
        state = count._finish()
        self.last_problem = count.problem
        return state

    def _audit(self, count, event):
        return self.env["stock.lot.audit"].search(
            [
                ("res_model", "=", "stock.lot.count"),
                ("res_id", "=", count.id),
                ("event", "=", event),
            ]
        )


@tagged("post_install", "-at_install")
class TestCount(CountCommon):
    def test_what_the_book_says_is_done_at_once(self):
        """Ten in the book, ten counted: one count is enough, nothing is posted."""
        count = self._plan()
        moves = self.env["stock.move"].search_count([])
        self.assertEqual(self._count(count, [(self.lot_a, 4), (self.lot_a, 6)]), "done")
        self.assertEqual(self.env["stock.move"].search_count([]), moves)
        self.assertTrue(count.exact)
        line = count.line_ids
        self.assertRecordValues(
            line,
            [
                {
                    "expected_qty": 10,
                    "counted_qty": 10,
                    "exact": True,
                    "measured": True,
                    "abs_difference": 0,
                    "owner_id": self.brand_a.id,
                    "brand_id": self.brand_a.id,
                    "warehouse_id": self.warehouse.id,
                    "location_id": self.bin_1.id,
                }
            ],
        )
        self.assertTrue(line.date)
        self.assertEqual(self.bin_1.last_inventory_date, fields.Date.today())

    def test_difference_is_recounted_before_it_posts(self):
        """Eight instead of ten: nothing changes before a second count says the same."""
        count = self._plan()
        self.assertEqual(self._count(count, [(self.lot_a, 8)]), "recount")
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 10)
        self.assertEqual(self._count(count, [(self.lot_a, 8)]), "done")
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 8)
        self.assertFalse(count.exact)
        self.assertRecordValues(
            count.line_ids, [{"difference": -2, "abs_difference": 2, "exact": False}]
        )

    def test_posting_is_odoos_own_count_with_reason_and_evidence(self):
        """The move is an inventory adjustment that names the count and who counted."""
        count = self._plan()
        self._count(count, [(self.lot_a, 8)])
        self._count(count, [(self.lot_a, 8)], user=self.other)
        move = self.env["stock.move"].search(
            [("product_id", "=", self.vitamin.id), ("is_inventory", "=", True)]
        )
        self.assertEqual((move.quantity, move.state), (2, "done"))
        self.assertIn(count.name, move.inventory_name)
        self.assertIn("Olga", move.inventory_name)
        audit = self._audit(count, "count.post")
        self.assertEqual((audit.old_value, audit.new_value), ("10.0", "8.0"))
        self.assertEqual((audit.user_id, audit.lot_id), (self.other, self.lot_a))

    def test_second_count_says_the_book_is_right(self):
        """A miscount: the second count finds all ten, nothing is posted."""
        count = self._plan()
        self._count(count, [(self.lot_a, 8)])
        self.assertEqual(self._count(count, [(self.lot_a, 10)]), "done")
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 10)
        self.assertTrue(count.exact)

    def test_counts_that_disagree_are_decided_by_a_supervisor(self):
        """Eight, then seven: a supervisor has it counted again, then the last two agree."""
        count = self._plan()
        self._count(count, [(self.lot_a, 8)])
        self.assertEqual(self._count(count, [(self.lot_a, 7)]), "review")
        self.assertIn("disagree", count.problem)
        with self.assertRaises(AccessError):
            count.with_user(self.operator).sudo(False).action_count_again()
        with self.assertRaisesRegex(UserError, "waits for a supervisor"):
            count.with_user(self.operator).sudo()._begin()
        count.with_user(self.supervisor).sudo(False).action_count_again()
        self.assertEqual(self._count(count, [(self.lot_a, 7)]), "done")
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 7)
        self.assertTrue(self._audit(count, "count.again"))

    def test_supervisor_posts_the_last_count(self):
        """The supervisor has looked and posts what the last count says."""
        count = self._plan()
        self._count(count, [(self.lot_a, 8)])
        self._count(count, [(self.lot_a, 7)])
        count.with_user(self.supervisor).sudo(False).action_post()
        self.assertEqual((count.state, self._quantity(self.lot_a, self.bin_1)), ("done", 7))
        self.assertIn("disagree", self._audit(count, "count.decide").reason)

    def test_somebody_else_counts_again(self):
        """The warehouse wants a second pair of eyes: the first counter may not count again."""
        self.warehouse.count_recount = "other"
        count = self._plan()
        self._count(count, [(self.lot_a, 8)])
        with self.assertRaisesRegex(UserError, "Somebody else has to count"):
            count.with_user(self.operator).sudo()._begin()
        self.assertEqual(self._count(count, [(self.lot_a, 8)], user=self.other), "done")
        self.assertEqual((count.first_user_id, count.second_user_id), (self.operator, self.other))

    def test_one_counts_a_bin_at_a_time(self):
        """Two operators at one bin: the second is told who counts it."""
        count = self._plan()
        count.with_user(self.operator).sudo()._begin()
        with self.assertRaisesRegex(UserError, "is counting"):
            count.with_user(self.other).sudo()._begin()
        self.assertEqual(self._plan(), count)

    def test_supervisor_posts_differences_where_the_warehouse_wants_it(self):
        """Agreed differences wait for the supervisor."""
        self.warehouse.count_review = True
        count = self._plan()
        self._count(count, [(self.lot_a, 8)])
        self.assertEqual(self._count(count, [(self.lot_a, 8)]), "review")
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 10)
        count.with_user(self.supervisor).sudo(False).action_post()
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 8)

    def test_lot_nobody_counted_is_a_difference(self):
        """An empty bin that the book has goods in: counted twice, then they are gone."""
        count = self._plan()
        self.assertEqual(self._count(count, []), "recount")
        self.assertEqual(self._count(count, []), "done")
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 0)

    def test_lot_that_should_not_be_there_is_booked(self):
        """A lot of another bin lies here too: it is found, and the book knows it then."""
        self.bin_1.lot_segregation = "mixed"
        count = self._plan()
        self._count(count, [(self.lot_a, 10), (self.lot_b, 2)])
        self.assertEqual(self._count(count, [(self.lot_a, 10), (self.lot_b, 2)]), "done")
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 2)
        self.assertEqual(count.line_ids.mapped("exact"), [True, False])

    def test_new_lot_is_made_when_it_is_posted(self):
        """An unknown lot that two counts confirm becomes a lot with the expiry that was read."""
        count = self._plan(self.bin_2).with_user(self.operator).sudo()
        expiry = fields.Date.today() + timedelta(days=90)
        for _round in range(2):
            count._begin()
            count._enter(self.vitamin, 3, lot_name="NEW9", expiry=expiry)
            count._finish()
            if count.state == "recount":
                self.assertFalse(
                    self.env["stock.lot"].search([("name", "=", "NEW9")]), "made too early"
                )
        lot = self.env["stock.lot"].search([("name", "=", "NEW9")])
        self.assertEqual((count.state, self._quantity(lot, self.bin_2)), ("done", 3))
        self.assertEqual(self.warehouse._get_lot_day(lot.expiration_date), expiry)

    def test_picked_goods_are_not_missed(self):
        """A picker holds four in his hands: six in the bin are what the book means."""
        delivery = self._delivery([(self.vitamin, 4)])
        self._verify(delivery)
        count = self._plan()
        self.assertEqual(self._count(count, [(self.lot_a, 6)]), "done")
        self.assertTrue(count.exact)

    def test_picked_goods_stay_in_the_book_when_a_difference_is_posted(self):
        """Four picked, five left: one is missing, and the picking can still be validated."""
        delivery = self._delivery([(self.vitamin, 4)])
        self._verify(delivery)
        count = self._plan()
        self._count(count, [(self.lot_a, 5)])
        self.assertEqual(self._count(count, [(self.lot_a, 5)]), "done")
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 9)
        self._validate(delivery)
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 5)

    def test_goods_of_an_open_receipt_are_not_booked_twice(self):
        """Three lie in the bin already, their receipt is not validated: no double booking."""
        receipt = self._picking(
            self.warehouse.in_type_id, self.supplier_location, self.bin_1, owner=self.brand_a
        )
        self._move(receipt, self.vitamin, 3, lot=self.lot_b)
        receipt.action_confirm()
        receipt.move_line_ids.picked = True
        count = self._plan()
        found = [(self.lot_a, 10), (self.lot_b, 3)]
        self._count(count, found)
        self.assertEqual(self._count(count, found), "review")
        self.assertIn(receipt.name, count.problem)
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 0)

    def test_count_is_never_deleted(self):
        """A count is a record of what was there."""
        with self.assertRaisesRegex(UserError, "stays on record"):
            self._plan().unlink()

    def test_cancel_posts_nothing(self):
        """A supervisor gives a count up; the bin can be counted anew."""
        count = self._plan()
        self._count(count, [(self.lot_a, 1)])
        count.with_user(self.supervisor).sudo(False).action_cancel()
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 10)
        self.assertNotEqual(self._plan(), count)


@tagged("post_install", "-at_install")
class TestCountRules(CountCommon):
    def _count_two_lots(self, quantity):
        """A one-lot bin counted with a second lot in it; the count and the line in question."""
        self.bin_1.lot_segregation = "lot"
        count = self._plan()
        found = [(self.lot_a, quantity), (self.lot_b, 2)]
        self._count(count, found)
        self.assertEqual(self._count(count, found), "review")
        return count, count.line_ids.filtered("problem")

    def test_found_lot_that_may_not_lie_there_is_put_aside(self):
        """A11: a second lot in a one-lot bin: recorded, taken to another place, booked there."""
        count, line = self._count_two_lots(10)
        self.assertEqual(line.lot_id, self.lot_b)
        self.assertIn("cannot take", line.problem)
        self.assertEqual(self._quantity(self.lot_b, self.stock), 0)
        count.with_user(self.operator).sudo()._put_aside(line, self.bin_3)
        self.assertEqual(count.state, "done")
        self.assertEqual(self._quantity(self.lot_b, self.bin_3), 2)
        self.assertEqual((line.put_aside_id, line.exact), (self.bin_3, False))

    def test_supervisor_puts_aside_and_loses_nothing_of_a_count_that_is_partly_posted(self):
        self.bin_1.lot_segregation = "lot"
        count = self._plan()
        for _round in range(2):
            self._count(count, [(self.lot_a, 8), (self.lot_b, 3)])
        decided = count.with_user(self.supervisor)
        self.assertEqual((decided.state, decided.is_partly_posted), ("review", True))
        message = decided.action_post()["params"]["message"]
        self.assertRegex(message, "A-01 cannot take .*B1.*A1")
        with self.assertRaisesRegex(UserError, "is posted"):
            decided.action_cancel()
        line = decided.line_ids.filtered("problem")
        action = line.action_put_aside()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        with self.assertRaises(AccessError):
            wizards.with_user(self.operator).create({"location_id": self.bin_3.id})
        wizard = wizards.with_user(self.supervisor).create({"location_id": self.bin_3.id})
        wizard.action_put_aside()
        self.assertEqual(count.state, "done")
        self.assertEqual(self._quantity(self.lot_b, self.bin_3), 3)
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 8)

    def test_problem_of_an_earlier_count_is_not_put_aside(self):
        """Counts that disagree later are the supervisor's: no operator books a lot elsewhere."""
        count, line = self._count_two_lots(10)
        count.with_user(self.supervisor).sudo(False).action_count_again()
        self.assertEqual(self._count(count, [(self.lot_a, 7), (self.lot_b, 500)]), "review")
        self.assertIn("disagree", count.problem)
        with self.assertRaisesRegex(UserError, "nothing to put aside"):
            count.with_user(self.operator).sudo()._put_aside(line, self.bin_3)
        self.assertEqual(count.state, "review")
        self.assertEqual(self._quantity(self.lot_b, self.bin_3), 0)

    def test_lot_posted_by_an_earlier_count_is_posted_again(self):
        """A lot that an earlier count has booked already follows the later one as well."""
        count, _line = self._count_two_lots(8)
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 8)
        count.with_user(self.supervisor).sudo(False).action_count_again()
        self._count(count, [(self.lot_a, 7)])
        count.with_user(self.supervisor).sudo(False).action_post()
        self.assertEqual((count.state, self._quantity(self.lot_a, self.bin_1)), ("done", 7))

    def test_place_that_refuses_the_goods_too(self):
        """The other place is a one-lot bin as well: it says so, another one is scanned."""
        (self.bin_1 | self.bin_2).lot_segregation = "lot"
        self._receive(self._lot(self.magnesium, "M1", 99), 1, self.bin_2)
        count = self._plan()
        found = [(self.lot_a, 10), (self.lot_b, 2)]
        self._count(count, found)
        self._count(count, found)
        line = count.line_ids.filtered("problem")
        with self.assertRaisesRegex(UserError, "cannot take"), self.env.cr.savepoint():
            count.with_user(self.operator).sudo()._put_aside(line, self.bin_2)
        with self.assertRaisesRegex(UserError, "no place for goods"):
            count.with_user(self.operator).sudo()._put_aside(line, self.customer_location)
        self.assertEqual(count.state, "review")

    def test_another_lot_instead_of_the_booked_one(self):
        """A one-lot bin holds B where the book says A: A goes, then B has room."""
        self.bin_1.lot_segregation = "lot"
        count = self._plan()
        self._count(count, [(self.lot_b, 10)])
        self.assertEqual(self._count(count, [(self.lot_b, 10)]), "done")
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 0)
        self.assertEqual(self._quantity(self.lot_b, self.bin_1), 10)

    def test_held_lot_that_blocks_counts_waits_for_a_decision(self):
        """A hold that stops counts keeps the difference from being posted, nothing is lost."""
        reason = self.env["stock.lot.hold.reason"].create({"name": "Frozen", "block_count": True})
        self.env["stock.lot.hold"]._hold(self.lot_a, reason)
        count = self._plan()
        self._count(count, [(self.lot_a, 8)])
        self.assertEqual(self._count(count, [(self.lot_a, 8)]), "review")
        self.assertIn("A1", count.problem)
        self.assertEqual(self._quantity(self.lot_a, self.bin_1), 10)


@tagged("post_install", "-at_install")
class TestCountAssignsLots(CountCommon):
    """Stock from before lots: counting the bin says which lots it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.serum = cls.env["product.product"].create(
            {"name": "Serum", "is_storable": True, "tracking": "none", "owner_id": cls.brand_a.id}
        )
        quants = cls.env["stock.quant"].with_context(inventory_mode=True)
        quants.create(
            {
                "product_id": cls.serum.id,
                "location_id": cls.bin_2.id,
                "owner_id": cls.brand_a.id,
                "inventory_quantity": 12,
            }
        ).action_apply_inventory()
        # That transaction is over before lots are wanted.
        cls.env.cr.flush()
        cls.serum.tracking = "lot"
        cls.lot_s = cls._lot(cls.serum, "S1")
        cls.lot_t = cls._lot(cls.serum, "S2")

    def _without_lot(self):
        quants = self.env["stock.quant"].search(
            [("product_id", "=", self.serum.id), ("location_id", "=", self.bin_2.id)]
        )
        return sum(quants.filtered(lambda quant: not quant.lot_id).mapped("quantity"))

    def test_lots_are_assigned_in_one_count(self):
        """Twelve without lot, 7 + 5 counted: the lots are known, nothing is missing, one count."""
        self.bin_2.lot_segregation = "mixed"
        count = self._plan(self.bin_2)
        self.assertEqual(self._count(count, [(self.lot_s, 7), (self.lot_t, 5)]), "done")
        self.assertEqual(self._quantity(self.lot_s, self.bin_2), 7)
        self.assertEqual(self._quantity(self.lot_t, self.bin_2), 5)
        self.assertEqual(self._without_lot(), 0)
        self.assertTrue(count.exact)
        self.assertEqual(
            count.line_ids.filtered("measured").lot_id,
            self.lot_s | self.lot_t,
            "the emptied row without lot is no record of its own",
        )

    def test_less_than_the_book_is_recounted(self):
        """Ten of twelve found: counted again, two are missing, nothing stays without lot."""
        count = self._plan(self.bin_2)
        self.assertEqual(self._count(count, [(self.lot_s, 10)]), "recount")
        self.assertEqual(self._without_lot(), 12)
        self.assertEqual(self._count(count, [(self.lot_s, 10)]), "done", self.last_problem)
        self.assertEqual((self._quantity(self.lot_s, self.bin_2), self._without_lot()), (10, 0))
        self.assertEqual(sum(count.line_ids.mapped("abs_difference")), 2)

    def test_two_counts_that_disagree_are_left_to_a_supervisor(self):
        """Ten, then nine of twelve: neither number is posted."""
        count = self._plan(self.bin_2)
        self.assertEqual(self._count(count, [(self.lot_s, 10)]), "recount")
        self.assertEqual(self._count(count, [(self.lot_s, 9)]), "review")
        self.assertEqual((self._quantity(self.lot_s, self.bin_2), self._without_lot()), (0, 12))

    def test_the_most_stays_in_its_bin_and_the_least_is_put_aside(self):
        count = self._plan(self.bin_2)
        self.assertEqual(self._count(count, [(self.lot_s, 3), (self.lot_t, 9)]), "review")
        self.assertEqual(count.line_ids.filtered("problem").lot_id, self.lot_s)
        self.assertEqual(self._quantity(self.lot_t, self.bin_2), 9)

    def test_into_a_bin_for_one_lot(self):
        """The bin takes one lot only: the lot replaces what had none."""
        self.bin_2.lot_segregation = "lot"
        count = self._plan(self.bin_2)
        self.assertEqual(self._count(count, [(self.lot_s, 12)]), "done", self.last_problem)
        self.assertEqual((self._quantity(self.lot_s, self.bin_2), self._without_lot()), (12, 0))


@tagged("post_install", "-at_install")
class TestCountPlan(CountCommon):
    def _bins(self, **vals):
        plan = self.env["stock.lot.count.plan"].with_user(self.supervisor)
        return plan.create({"warehouse_id": self.warehouse.id, **vals})

    def test_bins_with_stock_of_the_zone(self):
        """Only bins with goods, longest not counted first, at most as many as wanted."""
        self._receive(self.lot_b, 1, self.bin_2)
        self.bin_1.last_inventory_date = fields.Date.today()
        plan = self._bins()
        self.assertEqual(plan._get_bins(), self.bin_2 | self.bin_1)
        self.assertEqual(plan._get_bins()[0], self.bin_2)
        self.assertEqual(self._bins(not_since=30)._get_bins(), self.bin_2)
        self.assertEqual(self._bins(zone_ids=self.bin_1.ids)._get_bins(), self.bin_1)
        self.assertEqual(self._bins(limit=1)._get_bins(), self.bin_2)
        self.assertIn(self.bin_4, self._bins(only_stocked=False)._get_bins())

    def test_bins_of_a_brand(self):
        """A brand asks for a count of its goods."""
        self._receive(self._lot(self.cream, "C1", 90), 1, self.bin_3)
        self.assertEqual(self._bins(owner_id=self.brand_b.id)._get_bins(), self.bin_3)

    def test_bins_by_class(self):
        """A: what is picked most. The rest is C."""
        self._receive(self._lot(self.magnesium, "M1", 300), 5, self.bin_3)
        for _order in range(9):
            self._ship([(self.lot_a, self.bin_1, 1)])
        self._ship([(self._lot(self.magnesium, "M1"), self.bin_3, 1)])
        self._receive(self._lot(self.cream, "C1", 90), 1, self.bin_4)
        self.assertEqual(self._bins(abc="a")._get_bins(), self.bin_1)
        self.assertEqual(self._bins(abc="b")._get_bins(), self.bin_3)
        self.assertEqual(self._bins(abc="c")._get_bins(), self.bin_4)

    def test_plan_makes_one_count_per_bin(self):
        """Planning twice does not count a bin twice."""
        action = self._bins(assigned_user_id=self.operator.id).action_plan()
        counts = self.env["stock.lot.count"].search(action["domain"])
        self.assertEqual((counts.location_id, counts.state), (self.bin_1, "draft"))
        self.assertEqual(counts.assigned_user_id, self.operator)
        self._bins().action_plan()
        self.assertEqual(len(self.env["stock.lot.count"].search([])), 1)

    def test_no_bin_found(self):
        """Nothing fits: it is said instead of planning nothing."""
        with self.assertRaisesRegex(UserError, "No bin is like that"):
            self._bins(zone_ids=self.bin_4.ids).action_plan()


@tagged("post_install", "-at_install")
class TestCountAccess(CountCommon):
    def test_operators_do_not_see_what_is_expected(self):
        """Blind: who counts cannot read the lines, by no route of Odoo."""
        count = self._plan()
        self._count(count, [(self.lot_a, 8)])
        for user in (self.operator, self.stock_user):
            lines = self.env["stock.lot.count.line"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                lines.search([("count_id", "=", count.id)]).mapped("expected_qty")
            with self.assertRaises(AccessError):
                self.env["stock.lot.count"].with_user(user).browse(count.id).read(["line_ids"])

    def test_nobody_writes_counts_by_hand(self):
        """A count is made by counting: no user creates, changes or deletes one."""
        count = self._plan()
        self._count(count, [(self.lot_a, 8)])
        for user in (self.operator, self.supervisor, self.qa, self.env.ref("base.user_admin")):
            mine = count.with_user(user).sudo(False)
            for model, record in (
                ("stock.lot.count", mine),
                ("stock.lot.count.line", mine.sudo().line_ids.sudo(False)),
            ):
                with self.subTest(user=user.login, model=model):
                    for operation in ("create", "write", "unlink"):
                        self.assertFalse(record.has_access(operation))

    def test_employee_and_portal_see_nothing(self):
        """No count for those who have nothing to do with the warehouse."""
        with self.assertRaises(AccessError):
            self.env["stock.lot.count"].with_user(self.employee).search([])

    def test_other_company_sees_nothing(self):
        """A supervisor of another company does not see the counts of this one."""
        count = self._plan()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.supervisor.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(
            self.env["stock.lot.count"].with_user(self.supervisor).search([("id", "=", count.id)])
        )

    def test_planning_is_for_supervisors(self):
        """An operator cannot plan counts."""
        with self.assertRaises(AccessError):
            self.env["stock.lot.count.plan"].with_user(self.operator).create({})
