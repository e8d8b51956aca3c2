"""Uninstalled, the addon leaves a working Odoo behind and no rule of its own."""

import os
import unittest

from dev.odoo_env import open_env

DATABASE = os.environ["LOT_TEST_DB"]


class TestUninstall(unittest.TestCase):
    def test_nothing_stays_behind(self):
        with open_env(DATABASE) as env:
            module = env["ir.module.module"].search([("name", "=", "lot_fefo_3pl")])
            with self.assertNoLogs("odoo.schema", "ERROR"), self.assertNoLogs("odoo.sql_db"):
                module.button_immediate_uninstall()
        with open_env(DATABASE) as env:
            env.cr.execute("SELECT conname FROM pg_constraint WHERE conname LIKE '%segregation%'")
            self.assertEqual(env.cr.fetchall(), [])
            product = env["product.product"].create(
                {"name": "Plain", "is_storable": True, "tracking": "lot"}
            )
            place = env["stock.warehouse"].search([], limit=1).lot_stock_id
            for name in ("L1", "L2"):
                lot = env["stock.lot"].create({"name": name, "product_id": product.id})
                env["stock.quant"]._update_available_quantity(product, place, 1, lot_id=lot)
            self.assertEqual(product.with_context(location=place.id).qty_available, 2)


if __name__ == "__main__":
    unittest.main()
