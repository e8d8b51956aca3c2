"""One file imported twice at the same moment, with real transactions.

Run by the test command on a database of its own. The lines are carried out once, and both get told.
"""

import os
import threading
import unittest

import odoo
from odoo.modules.registry import Registry
from odoo.service.model import retrying

DATABASE = os.environ["LOT_TEST_DB"]
FILE = (
    "reference,line,brand,scan,quantity\n"
    "ASN-1,1,Racing Brand,]d201095201234567881730123110L1,10\n"
    "ASN-1,2,Racing Brand,]d201095201234567881730123110L1,5\n"
)


def setUpModule():
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", DATABASE, "--no-http"])


class ImportRaceCase(unittest.TestCase):
    def setUp(self):
        self.registry = Registry(DATABASE)
        with self.registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            brand = env["res.partner"].create({"name": "Racing Brand", "is_company": True})
            env["product.product"].create(
                {
                    "name": "Vitamin C",
                    "barcode": "9520123456788",
                    "is_storable": True,
                    "tracking": "lot",
                    "use_expiration_date": True,
                    "owner_id": brand.id,
                }
            )
            self.warehouse_id = (
                env["stock.warehouse"]
                .create({"name": "Import Race", "code": "IMPR", "lot_control": True})
                .id
            )

    def _import(self, together, codes):
        with self.registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            cr.execute("SELECT 1")  # Both transactions see the database as it is before.
            together.wait()
            result = retrying(
                lambda: env["stock.warehouse"].browse(self.warehouse_id).lot_import_inbound(FILE),
                env,
            )
            codes.append([line["code"] for line in result["lines"]])

    def test_lines_are_received_once_and_recognised_by_the_other_import(self):
        together, codes = threading.Barrier(2), []
        threads = [threading.Thread(target=self._import, args=(together, codes)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(codes), [["already_imported"] * 2, ["received"] * 2])
        with self.registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            warehouse = env["stock.warehouse"].browse(self.warehouse_id)
            lot = env["stock.lot"].search([("product_id.barcode", "=", "9520123456788")])
            self.assertEqual(len(lot), 1)
            quants = env["stock.quant"].search(
                [("lot_id", "=", lot.id), ("location_id", "child_of", warehouse.lot_stock_id.id)]
            )
            self.assertEqual(sum(quants.mapped("quantity")), 15)


if __name__ == "__main__":
    unittest.main()
