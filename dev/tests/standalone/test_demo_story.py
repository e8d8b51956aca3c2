"""The demo's day on a database of its own; its figures against plain SQL and our own books."""

import os
import unittest

from dev.demo_files import Story
from dev.odoo_env import open_env

RECALLED = "D327A001"
DATABASE = os.environ["LOT_TEST_DB"]
MOVED = """
    FROM stock_move_line line
    JOIN stock_location source ON source.id = line.location_id
    JOIN stock_location destination ON destination.id = line.location_dest_id
    JOIN stock_lot lot ON lot.id = line.lot_id
    LEFT JOIN stock_picking picking ON picking.id = line.picking_id
    LEFT JOIN res_partner partner ON partner.id = picking.partner_id
    WHERE line.state = 'done' AND (source.usage, destination.usage)
"""
IN_STOCK = """
    FROM stock_quant quant
    JOIN stock_location place ON place.id = quant.location_id
    JOIN stock_lot lot ON lot.id = quant.lot_id
    WHERE place.usage = 'internal' AND quant.quantity > 0
"""


class TestDemoStory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        context = open_env(DATABASE)
        cls.env = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)
        from dev import demo_report, demo_story

        cls.day = demo_story.play(cls.env)
        cls.report = demo_report.render(cls.day)
        cls.numbers = demo_report.figures(cls.day)
        cls.env.flush_all()

    def query(self, text, **values):
        self.env.cr.execute(text, values)
        return self.env.cr.fetchall()

    def assert_reported(self, words):
        self.assertIn(words, " ".join(self.report.split()))

    def test_received_lots_units_and_bins(self):
        [(lots, units)] = self.query(
            f"SELECT count(DISTINCT lot.id), sum(line.quantity) {MOVED} = ('supplier', 'internal')"
        )
        [(bins,)] = self.query(f"SELECT count(DISTINCT place.id) {IN_STOCK}")
        self.assertEqual(lots, 61)
        self.assert_reported(f"RECEIVED {lots} lots, {units:g} units, from 66 scans, into {bins}")

    def test_every_lot_has_the_expiry_and_quantity_of_its_label(self):
        for lot in (lot for product in Story().products for lot in product.lots):
            [(day, units)] = self.query(
                f"""
                SELECT max(lot.expiration_date)::date, sum(line.quantity)
                {MOVED} = ('supplier', 'internal') AND lot.name = %(name)s
                """,
                name=lot.name,
            )
            with self.subTest(lot.name):
                self.assertEqual((day - self.day.master.today).days, lot.days)
                self.assertEqual(units, self._units_received(lot))

    def _units_received(self, lot):
        taken = sum(
            units
            for order in self.story().orders
            for other, units in filter(None, order["taken"])
            if other.name == lot.name
        )
        return lot.free + taken

    @classmethod
    def story(cls):
        if not hasattr(cls, "_story"):
            cls._story = Story()
        return cls._story

    def test_refused_and_asked_lines_say_why(self):
        codes = [line["code"] for result in self.day.inbound for line in result["lines"]]
        for code in (
            "separator_suspected",
            "missing_lot",
            "expired",
            "short_dated",
            "check_digit",
            "other_brand",
            "unknown_product",
            "expiry_conflict",
            "not_allowed",
        ):
            self.assertEqual(codes.count(code), 1, code)
        self.assertEqual(codes.count("received"), 57)
        self.assert_reported("1 came in on hold")
        self.assert_reported("6 were refused")
        self.assert_reported("2 need an answer")
        self.assert_reported("3 of these were corrected, sent again and received")
        self.assert_reported("a file sent twice: 25 known, 0 done again")

    def test_no_bin_holds_two_lots_of_a_product(self):
        mixed = self.query(
            f"SELECT place.id, quant.product_id {IN_STOCK}"
            " GROUP BY 1, 2 HAVING count(DISTINCT lot.id) > 1"
        )
        self.assertEqual(mixed, [])

    def test_shipped_lots_are_those_of_our_own_books(self):
        shipped = self.query(
            f"SELECT picking.origin, lot.name, line.quantity {MOVED} = ('internal', 'customer')"
        )
        story = self.story()
        expected = [
            (order["reference"], lot.name, units)
            for order in story.orders
            if None not in order["taken"] and order["reference"] != story.unverified
            for lot, units in order["taken"]
        ]
        self.assertEqual(sorted(shipped), sorted(expected))
        orders = len({origin for origin, _lot, _units in shipped})
        units = sum(units for _origin, _lot, units in shipped)
        self.assert_reported(f"SHIPPED {orders} orders, {units:g} units")

    def test_every_shipped_line_was_scanned_and_wrong_scans_were_stopped(self):
        [(right,)] = self.query("SELECT count(*) FROM stock_lot_scan WHERE result = 'ok'")
        [(wrong,)] = self.query("SELECT count(*) FROM stock_lot_scan WHERE result = 'wrong_lot'")
        [(stopped,)] = self.query("SELECT count(*) FROM stock_lot_scan WHERE result <> 'ok'")
        [(lines,)] = self.query(f"SELECT count(*) {MOVED} = ('internal', 'customer')")
        self.assertEqual((right, wrong, stopped), (lines, 3, 6))
        self.assert_reported(f"PICKED {right} right scans; {stopped} stopped, {wrong} of them")

    def test_unverified_order_is_refused(self):
        [order] = self.day.not_validated
        self.assertEqual(order, self.story().unverified)
        self.assert_reported(f"{order} refused: These goods have not been verified")

    def test_recall_lists_who_has_the_lot_and_what_is_held(self):
        [(customers, units)] = self.query(
            f"""
            SELECT count(DISTINCT COALESCE(partner.commercial_partner_id, partner.id)),
                   sum(line.quantity)
            {MOVED} = ('internal', 'customer') AND lot.name = %(lot)s
            """,
            lot=RECALLED,
        )
        [(here,)] = self.query(
            f"SELECT sum(quant.quantity) {IN_STOCK} AND lot.name = %(lot)s", lot=RECALLED
        )
        received = self._units_received(self.story().products[0].lots[0])
        self.assertEqual(units + here, received)
        self.assert_reported(f"{customers} customers have {units:g} units, {here:g} are here")
        [(holds,)] = self.query(
            "SELECT count(*) FROM stock_lot_hold JOIN stock_lot ON stock_lot.id = lot_id"
            " WHERE stock_lot.name = %(lot)s AND state = 'active'",
            lot=RECALLED,
        )
        self.assertEqual(holds, 1)
        promised = self.day.waiting.move_line_ids.lot_id.mapped("name")
        self.assertEqual((len(self.day.waiting), promised), (1, ["D328B002"]))

    def test_exercise_is_finished_with_its_result(self):
        [(state, result, found, units)] = self.query(
            """
            SELECT state, mock_result, percent_found, quantity_net + quantity_on_hand
            FROM stock_lot_recall WHERE is_mock
            """
        )
        self.assertEqual((state, result, found), ("closed", "pass", 100))
        lot = self.story().products[8].lots[0]
        self.assertEqual(units, self._units_received(lot))
        [(files,)] = self.query("SELECT count(*) FROM stock_lot_recall_document")
        self.assertEqual(files, 2)
        self.assert_reported(f"EXERCISED a mock recall of lot {lot.name} (Pelle Verde Skincare)")
        self.assert_reported("List after 0.7 h, 100 % found: Passed")

    def test_goods_have_the_value_of_their_cost(self):
        costs = {product.gtin13: float(product.cost) for product in self.story().products}
        stock = self.query(
            f"""
            SELECT product.barcode, sum(quant.quantity) {
                IN_STOCK.replace(
                    "WHERE", "JOIN product_product product ON product.id = quant.product_id WHERE"
                )
            }
            GROUP BY 1
            """
        )
        expected = sum(units * costs[barcode] for barcode, units in stock)
        [(value,)] = self.env["stock.lot.analysis"]._read_group([], [], ["value:sum"])
        self.assertGreater(value, 0)
        self.assertAlmostEqual(value, expected)

    def test_each_step_was_done_by_whose_work_it_is(self):
        for query, login in (
            ("SELECT DISTINCT user_id FROM stock_lot_scan", "operator"),
            (
                "SELECT DISTINCT user_id FROM stock_lot_import_line WHERE kind = 'inbound'",
                "operator",
            ),
            (
                "SELECT DISTINCT user_id FROM stock_lot_import_line WHERE kind = 'orders'",
                "supervisor",
            ),
            ("SELECT DISTINCT create_uid FROM stock_lot_recall", "qa"),
        ):
            self.assertEqual(self.query(query), [(self.day.master.users[login].id,)], query)

    def test_report_is_short_and_fits_a_terminal(self):
        lines = self.report.splitlines()
        self.assertLessEqual(len(lines), 50)
        self.assertLessEqual(max(map(len, lines)), 100)


if __name__ == "__main__":
    unittest.main()
