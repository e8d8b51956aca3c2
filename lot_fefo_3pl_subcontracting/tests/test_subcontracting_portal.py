from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.lot_fefo_3pl.tests import test_portal_isolation
from odoo.addons.lot_fefo_3pl.tests.portal_common import PortalCommon

SECRETS = ("SECRET-A", "Brand A")


@tagged("post_install", "-at_install")
class TestSubcontractingPortal(PortalCommon):
    """Promise 6: brand B is a subcontractor too, and reads nothing of brand A all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carton = cls.env["product.product"].create(
            {"name": "Shared Carton", "is_storable": True, "tracking": "lot"}
        )
        cls.gift = cls.env["product.product"].create({"name": "Gift Box", "is_storable": True})
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.gift.product_tmpl_id.id,
                "type": "subcontract",
                "subcontractor_ids": [Command.link(cls.brand_b.id)],
                "bom_line_ids": [
                    Command.create({"product_id": cls.carton.id, "product_qty": 1}),
                    Command.create({"product_id": cls.vitamin.id, "product_qty": 1}),
                ],
            }
        )
        cls.of_a = cls._lot(cls.carton, "SECRET-A")
        cls.of_a.owner_id = cls.brand_a
        cls.of_b = cls._lot(cls.carton, "OF-B")
        cls.of_b.owner_id = cls.brand_b
        cls.vitamin_a = cls._lot(cls.vitamin, "SECRET-A-2", days=90)
        cls._receive(cls.of_a, 10, cls.bin_1, owner=cls.brand_a)
        cls._receive(cls.of_b, 10, cls.bin_2, owner=cls.brand_b)
        cls._receive(cls.vitamin_a, 10, cls.bin_3)
        cls.foreign = cls.env["stock.picking"].search(
            [("move_line_ids.lot_id", "=", cls.of_a.id)], limit=1
        )
        cls.lots = cls.env["stock.lot"].with_user(cls.user_b)

    def _order(self):
        """A receipt of subcontracted boxes from brand B."""
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": self.brand_b.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.gift.id,
                            "product_uom_qty": 2,
                            "location_id": self.env.ref("stock.stock_location_suppliers").id,
                            "location_dest_id": self.stock.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        self.assertTrue(receipt.move_ids.is_subcontract)
        return receipt

    def test_lots_of_another_brand_are_not_read(self):
        """G11: plain Odoo shows every lot of the products that a subcontractor works with."""
        self.assertEqual(self.lots.search([("product_id", "=", self.carton.id)]), self.of_b)
        for lot in (self.of_a, self.vitamin_a):
            with self.subTest(lot=lot.name), self.assertRaises(AccessError):
                lot.with_user(self.user_b).read(["name"])

    def test_lots_that_it_was_sent_are_read(self):
        """A subcontractor works with what a brand sends it."""
        picking = self._picking(
            self.warehouse.out_type_id, self.stock, self.customer_location, partner=self.brand_b
        )
        move = self._move(picking, self.carton, 1)
        self.env["stock.move.line"].create(
            {
                "picking_id": picking.id,
                "move_id": move.id,
                "product_id": self.carton.id,
                "lot_id": self.of_a.id,
                "owner_id": self.brand_a.id,
                "quantity": 1,
                "location_id": self.bin_1.id,
                "location_dest_id": self.customer_location.id,
            }
        )
        self.assertIn(self.of_a, self.lots.search([]))
        self.assertNotIn(self.vitamin_a, self.lots.search([]))

    def test_lot_that_it_enters_itself_is_read(self):
        lot = self.lots.create({"name": "MADE-BY-B", "product_id": self.carton.id})
        lot.sudo().owner_id = self.brand_a
        self.assertEqual(lot.read(["name"])[0]["name"], "MADE-BY-B")

    @mute_logger("odoo.http")
    def test_productions_of_somebody_else_are_not_found(self):
        """G10: ids in the addresses of the subcontractors' portal."""
        own = self._order()
        self._login(self.user_b)
        for suffix in ("", "/subcontracting_portal"):
            with self.subTest(suffix=suffix):
                self.assertEqual(
                    self.url_open(f"/my/productions/{own.id}{suffix}").status_code, 200
                )
                for unknown in (self.foreign.id, 2**31 - 1):
                    address = f"/my/productions/{unknown}{suffix}"
                    self.assertEqual(self.url_open(address).status_code, 404)
        self._login(self.user_none)
        self.assertEqual(self.url_open(f"/my/productions/{own.id}").status_code, 404)
        self.assertNotIn(own.name, self.url_open("/my/productions").text)

    @mute_logger("odoo.http")
    def test_transfer_of_two_brands_is_not_shown(self):
        """G05 G19: neither the page nor the fields that lead from a transfer to its lots."""
        mixed = self._picking(
            self.warehouse.out_type_id, self.stock, self.customer_location, partner=self.brand_b
        )
        for lot, place in ((self.of_a, self.bin_1), (self.of_b, self.bin_2)):
            move = self._move(mixed, self.carton, 1)
            self.env["stock.move.line"].create(
                {
                    "picking_id": mixed.id,
                    "move_id": move.id,
                    "product_id": self.carton.id,
                    "lot_id": lot.id,
                    "owner_id": lot.owner_id.id,
                    "quantity": 1,
                    "location_id": place.id,
                    "location_dest_id": self.customer_location.id,
                }
            )
        self.assertTrue(mixed.has_two_owners)
        self.assertNotIn(mixed, self.env["stock.picking"].with_user(self.user_b).search([]))
        self._login(self.user_b)
        self.assertEqual(self.url_open(f"/my/productions/{mixed.id}").status_code, 404)

    def test_no_model_that_a_portal_user_reads_tells_of_another_brand(self):
        """G19: every stored field, also names that are read through related records."""
        self._order()
        read = []
        for name in sorted(self.env.registry):
            records = self.env[name].with_user(self.user_b)
            if (
                not name.startswith(("stock.", "mrp."))
                or records._abstract
                or records._transient
                or not records.has_access("read")
            ):
                continue
            found = records.search([], limit=1000)
            # Lines and lists are read as records of their own models.
            names = [
                key
                for key, value in found.fields_get().items()
                if value["store"] and not value["type"].endswith("2many")
            ]
            text = str(found.read(names))
            read.append(name)
            for secret in SECRETS:
                with self.subTest(model=name, secret=secret):
                    self.assertNotIn(secret, text)
        self.assertLessEqual({"stock.lot", "stock.picking", "stock.move.line"}, set(read))


@tagged("post_install", "-at_install")
class TestPortalIsolationSubcontracting(test_portal_isolation.TestPortalIsolation):
    """Promise 6: the matrix of routes and users, where a portal user has rights on stock."""

    allow_inherited_tests_method = True
