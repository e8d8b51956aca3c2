"""The generated warehouse is one that Odoo itself could have left behind.

Copies the database that LOT_BASE_DB names (Odoo without the addon), fills the copy, and compares
it with documents made through the ORM.
"""

import contextlib
import os
import unittest

from bench import databases
from bench.generate import generate
from dev import paths
from dev.odoo_env import open_registry

PREFIX = os.environ.get("BENCH_DB_PREFIX", f"{paths.DB_PREFIX}test_bench_")
NAME, SECOND_NAME = f"{PREFIX}{os.getpid()}", f"{PREFIX}again_{os.getpid()}"
# Ids, names, times and amounts differ from row to row; everything else must be as Odoo writes it.
FREE = {
    "stock_picking": "id name origin partner_id owner_id return_id shipping_weight date_done"
    " scheduled_date create_date write_date location_id",
    "stock_move": "id product_id partner_id picking_id restrict_partner_id origin_returned_move_id"
    " reference product_qty product_uom_qty quantity packaging_uom_qty date reservation_date"
    " create_date write_date location_id",
    "stock_move_line": "id picking_id move_id product_id lot_id owner_id location_id"
    " location_dest_id lot_name quantity quantity_product_uom date expiration_date removal_date"
    " create_date write_date",
    "stock_quant": "id product_id location_id lot_id owner_id quantity reserved_quantity in_date"
    " inventory_date expiration_date removal_date create_date write_date",
    "stock_lot": "id product_id name location_id expiration_date use_date removal_date alert_date"
    " create_date write_date",
}
# Only for goods with a date, or only while a lot is in one place.
SOMETIMES = {
    "expiration_date",
    "removal_date",
    "use_date",
    "alert_date",
    "origin",
}
GOODS_SQL = """
    SELECT product_id, lot_id, location_id, owner_id, sum(quantity) AS quantity
      FROM (SELECT product_id, lot_id, location_dest_id AS location_id, owner_id, quantity
              FROM stock_move_line WHERE state = 'done'
            UNION ALL
            SELECT product_id, lot_id, location_id, owner_id, -quantity
              FROM stock_move_line WHERE state = 'done') l
     GROUP BY product_id, lot_id, location_id, owner_id HAVING sum(quantity) <> 0
"""


class TestGenerate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        databases.copy(os.environ["LOT_BASE_DB"], NAME)
        cls.addClassCleanup(databases.drop, NAME)
        generate(NAME, "XS", log=lambda text: None)
        cls.registry = open_registry(NAME)
        cls.addClassCleanup(cls._close)

    @classmethod
    def _close(cls):
        import odoo.sql_db
        from odoo.modules.registry import Registry

        Registry.delete(NAME)
        odoo.sql_db.close_db(NAME)

    @contextlib.contextmanager
    def env(self):
        """An environment whose work is rolled back."""
        from odoo import SUPERUSER_ID, api

        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.rollback()

    def rows(self, query, *params):
        with databases.connect(NAME) as cr:
            cr.execute(query, params)
            return cr.fetchall()

    # Arithmetic ------------------------------------------------------------------------------

    def test_quants_add_up_to_done_lines(self):
        """Stock in every place, of every lot and owner, is what the done lines brought."""
        self.assertGreater(len(self.rows(GOODS_SQL)), 1000)
        differences = self.rows(
            f"""
            SELECT * FROM ({GOODS_SQL}) l
              FULL JOIN (SELECT product_id, lot_id, location_id, owner_id, sum(quantity) AS quantity
                           FROM stock_quant GROUP BY 1, 2, 3, 4) q
             USING (product_id, lot_id, location_id, owner_id)
             WHERE l.quantity IS DISTINCT FROM q.quantity
            """
        )
        self.assertEqual(differences, [])

    def test_reserved_is_what_open_lines_hold(self):
        """Every reserved unit belongs to an open line, and no more than there is is promised."""
        differences = self.rows(
            """
            SELECT * FROM (SELECT product_id, lot_id, location_id, owner_id, sum(quantity) AS held
                             FROM stock_move_line WHERE state = 'assigned' GROUP BY 1, 2, 3, 4) l
              FULL JOIN (SELECT product_id, lot_id, location_id, owner_id, reserved_quantity
                           FROM stock_quant WHERE reserved_quantity <> 0) q
             USING (product_id, lot_id, location_id, owner_id)
             WHERE held IS DISTINCT FROM reserved_quantity
            """
        )
        self.assertEqual(differences, [])
        self.assertGreater(
            self.rows("SELECT count(*) FROM stock_quant WHERE reserved_quantity > 0")[0][0], 10
        )

    def test_one_lot_per_product_in_a_bin(self):
        """No bin holds two lots of one product, nor less than nothing, nor less than promised."""
        self.assertEqual(
            self.rows(
                """
                SELECT q.location_id, q.product_id FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
                 GROUP BY 1, 2 HAVING count(*) > 1 OR min(q.quantity) <= 0
                     OR min(q.quantity - q.reserved_quantity) < 0
                """
            ),
            [],
        )

    def test_nothing_leaves_before_it_came(self):
        """A bin is filled before anything is taken from it."""
        self.assertEqual(
            self.rows(
                """
                WITH first AS (
                    SELECT product_id, lot_id, location_dest_id AS location_id, min(date) AS date
                      FROM stock_move_line WHERE state = 'done' GROUP BY 1, 2, 3)
                SELECT l.id FROM stock_move_line l
                  JOIN stock_location s ON s.id = l.location_id AND s.usage = 'internal'
                  LEFT JOIN first f ON f.product_id = l.product_id AND f.lot_id = l.lot_id
                       AND f.location_id = l.location_id
                 WHERE l.state = 'done' AND (f.date IS NULL OR f.date > l.date)
                """
            ),
            [],
        )

    def test_hot_lot_goes_to_as_many_customers_as_deliveries(self):
        """The traced lots have exactly the deliveries that the size promises."""
        traced = self.rows(
            """
            SELECT c.deliveries, count(DISTINCT p.id), count(DISTINCT p.partner_id)
              FROM bench_cast c
              JOIN stock_move_line l ON l.lot_id = c.lot_id
              JOIN stock_location d ON d.id = l.location_dest_id AND d.usage = 'customer'
              JOIN stock_picking p ON p.id = l.picking_id
             GROUP BY 1 ORDER BY 1
            """
        )
        self.assertEqual(traced, [(2, 2, 2), (5, 5, 5), (20, 20, 20)])

    def test_dates_and_brands_are_spread(self):
        """Expiry lies up to two years back and ahead; every brand has goods of its own only."""
        back, ahead = self.rows(
            "SELECT current_date - min(expiration_date)::date,"
            " max(expiration_date)::date - current_date FROM stock_lot"
        )[0]
        self.assertTrue(500 < back <= 731, back)
        self.assertTrue(500 < ahead <= 731, ahead)
        owners = self.rows(
            "SELECT product_id FROM stock_quant GROUP BY 1 HAVING count(DISTINCT owner_id) <> 1"
        )
        self.assertEqual(owners, [])
        self.assertGreater(self.rows("SELECT count(DISTINCT owner_id) FROM stock_quant")[0][0], 8)

    def test_same_seed_gives_same_rows(self):
        """Two runs with one seed differ in nothing, another seed gives another warehouse."""
        digests = []
        for seed in (1, 1, 2):
            databases.copy(os.environ["LOT_BASE_DB"], SECOND_NAME)
            self.addCleanup(databases.drop, SECOND_NAME)
            generate(SECOND_NAME, "XS", seed=seed, log=lambda text: None)
            with databases.connect(SECOND_NAME) as cr:
                cr.execute("SELECT md5(string_agg(l::text, '' ORDER BY id)) FROM stock_move_line l")
                digests.append(cr.fetchone()[0])
        self.assertEqual(digests[0], digests[1])
        self.assertNotEqual(digests[0], digests[2])

    # As Odoo writes it -----------------------------------------------------------------------

    def test_rows_are_as_odoo_writes_them(self):
        """Receipt, transfer, delivery, return and open delivery: same columns set, same values."""
        with self.env() as env:
            documents = make_documents(env)
            env.flush_all()
            # Lines end where the goods went; moves and pickings of the two kinds of arrival and
            # departure are told apart by their type and by what they return.
            for kind, picking in documents.items():
                for table, records in (
                    ("stock_picking", picking),
                    ("stock_move", picking.move_ids),
                    ("stock_move_line", picking.move_line_ids),
                ):
                    with self.subTest(kind=kind, table=table):
                        self._compare(env.cr, table, records.ids, kind, documents)
            lot = documents["in"].move_line_ids.lot_id
            with self.subTest(table="stock_lot"):
                self._compare_rows(
                    env.cr,
                    "stock_lot",
                    lot.ids,
                    f"SELECT * FROM stock_lot WHERE id <> {lot.id} AND expiration_date IS NOT NULL",
                )
            for usage in ("internal", "customer", "supplier"):
                quants = lot.quant_ids.filtered(lambda q, u=usage: q.location_id.usage == u)
                with self.subTest(table="stock_quant", usage=usage):
                    self._compare_rows(
                        env.cr,
                        "stock_quant",
                        quants.ids,
                        "SELECT q.* FROM stock_quant q"
                        " JOIN stock_location l ON l.id = q.location_id"
                        f" WHERE l.usage = '{usage}' AND q.lot_id <> {lot.id}"
                        " AND q.expiration_date IS NOT NULL",
                    )

    def _compare(self, cr, table, ids, kind, documents):
        code = {"in": "incoming", "return": "incoming", "int": "internal"}.get(kind, "outgoing")
        state = "assigned" if kind == "open" else "done"
        returned = "NOT NULL" if kind == "return" else "NULL"
        made = ",".join(str(picking.id) for picking in documents.values())
        pickings = f"""
            SELECT p.id FROM stock_picking p JOIN stock_picking_type t ON t.id = p.picking_type_id
             WHERE t.code = '{code}' AND p.state = '{state}' AND p.return_id IS {returned}
               AND p.id NOT IN ({made})
        """
        key = "id" if table == "stock_picking" else "picking_id"
        self._compare_rows(cr, table, ids, f"SELECT * FROM {table} WHERE {key} IN ({pickings})")

    def _compare_rows(self, cr, table, ids, generated):
        cr.execute(f"SELECT * FROM {table} WHERE id = ANY(%s) ORDER BY id", [ids])
        orm = cr.dictfetchall()
        self.assertTrue(orm)
        cr.execute(generated)
        rows = cr.dictfetchall()
        self.assertGreater(len(rows), 10)
        free = set(FREE[table].split())
        for column in orm[0]:
            wanted = {row[column] is not None for row in orm}
            got = {row[column] is not None for row in rows}
            if column in SOMETIMES:
                self.assertTrue(wanted <= got, f"{table}.{column} is never set")
            elif column == "location_id" and table == "stock_lot":
                self.assertEqual(got, {True, False})
            else:
                self.assertEqual(got, wanted, f"{table}.{column} is set or not as in Odoo")
            if column not in free:
                self.assertEqual(
                    {row[column] for row in rows},
                    {row[column] for row in orm},
                    f"{table}.{column} has other values than in Odoo",
                )

    def test_single_place_of_lots_is_as_odoo_computes_it(self):
        """stock.lot.location_id, stored, equals what Odoo computes from the quants."""
        with self.env() as env:
            lots = env["stock.lot"].search([])
            stored = {lot: lot.location_id for lot in lots}
            env.add_to_compute(lots._fields["location_id"], lots)
            self.assertEqual({lot: lot.location_id for lot in lots}, stored)
            self.assertTrue(any(stored.values()))

    def test_odoo_goes_on_from_here(self):
        """An open generated delivery can be shipped, and the next document gets the next number."""
        with self.env() as env:
            picking = env["stock.picking"].search([("state", "=", "assigned")], limit=1)
            line = picking.move_line_ids[0]
            place = [
                ("product_id", "=", line.product_id.id),
                ("location_id", "=", line.location_id.id),
                ("lot_id", "=", line.lot_id.id),
            ]
            before = env["stock.quant"].search(place)
            quantity, reserved, moved = before.quantity, before.reserved_quantity, line.quantity
            picking.move_ids.picked = True
            self.assertIs(picking.button_validate(), True)
            self.assertEqual(picking.state, "done")
            self.assertEqual(before.quantity, quantity - moved)
            self.assertEqual(before.reserved_quantity, reserved - moved)
            numbers = env["stock.picking"].search([]).mapped("name")
            documents = make_documents(env)
            self.assertFalse(set(numbers) & {picking.name for picking in documents.values()})


def make_documents(env):
    """One receipt, transfer, delivery, return and open delivery, made through the ORM."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    suppliers = env.ref("stock.stock_location_suppliers")
    customers = env.ref("stock.stock_location_customers")
    product = env["product.product"].browse(
        env["stock.lot"].search([("expiration_date", "!=", False)], limit=1).product_id.id
    )
    # A product of its own, as the generated ones, so that only these documents move it.
    product = product.copy({"barcode": False})
    owner = env["res.partner"].search([("name", "=", "Brand 009")])
    customer = env["res.partner"].search([("name", "=", "Customer 000001")])
    bin_from, bin_to = env["stock.location"].search([("barcode", "=like", "SH00-%")], limit=2)

    def make(picking_type, source, target, quantity, **values):
        move = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "location_id": source.id,
            "location_dest_id": target.id,
        }
        picking = env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "move_ids": [(0, 0, move)],
                **values,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def finish(picking):
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    receipt = make(
        warehouse.in_type_id,
        suppliers,
        warehouse.lot_stock_id,
        100,
        owner_id=owner.id,
        partner_id=owner.id,
        origin="PO",
    )
    receipt.move_line_ids.write({"lot_name": "BENCH", "location_dest_id": bin_from.id})
    finish(receipt)
    # As a generated transfer: from a place to the stock location, put away into a bin.
    transfer = make(warehouse.int_type_id, bin_from, warehouse.lot_stock_id, 60)
    transfer.move_line_ids.location_dest_id = bin_to
    finish(transfer)
    out = {"partner_id": customer.id, "owner_id": owner.id, "origin": "SO"}
    delivery = make(warehouse.out_type_id, warehouse.lot_stock_id, customers, 10, **out)
    finish(delivery)
    wizard = (
        env["stock.return.picking"]
        .with_context(active_id=delivery.id, active_ids=delivery.ids, active_model="stock.picking")
        .create({"picking_id": delivery.id})
    )
    wizard.product_return_moves.quantity = 4
    returned = env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
    returned.move_line_ids.location_dest_id = bin_to
    finish(returned)
    waiting = make(warehouse.out_type_id, warehouse.lot_stock_id, customers, 5, **out)
    return {
        "in": receipt,
        "int": transfer,
        "out": delivery,
        "return": returned,
        "open": waiting,
    }


if __name__ == "__main__":
    unittest.main()
