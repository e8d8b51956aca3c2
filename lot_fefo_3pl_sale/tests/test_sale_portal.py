from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .test_sale_owners import SaleCommon


@tagged("post_install", "-at_install")
class TestSalePortal(SaleCommon, HttpCase):
    """Promise 6: no slip shows one brand's lots to who ordered from another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = new_test_user(cls.env, "lot_customer", groups="base.group_portal")
        cls.consumer = cls.customer.partner_id
        cls.lot_a = cls._lot(cls.vitamin, "SECRET-A", days=90)
        cls.lot_b = cls._lot(cls.cream, "SECRET-B", days=90)
        cls._receive(cls.lot_a, 5, cls.bin_1)
        cls._receive(cls.lot_b, 5, cls.bin_2)
        cls.order = cls._order((cls.vitamin, 1))
        cls.order.action_confirm()
        cls.order._portal_ensure_token()
        cls.single = cls.order.picking_ids
        cls.single.action_assign()
        # As a delivery from before lot control may look: two brands in one transfer.
        cls.mixed = cls._delivery([(cls.vitamin, 1), (cls.cream, 1)], partner=cls.consumer)
        cls.mixed.sale_id = cls.order

    def _get_slip(self, picking, **params):
        query = "&".join(f"{name}={value}" for name, value in params.items())
        return self.url_open(f"/my/picking/pdf/{picking.id}?{query}", allow_redirects=False)

    def test_slip_of_one_brand_is_shown(self):
        self.authenticate("lot_customer", "lot_customer")
        self.assertEqual(self._get_slip(self.single).status_code, 200)

    def test_slip_of_two_brands_is_not_shown_in_the_portal(self):
        """G05: plain Odoo prints every brand's lots on the slip."""
        self.assertEqual(self.mixed.move_line_ids.owner_id, self.brand_a | self.brand_b)
        self.authenticate("lot_customer", "lot_customer")
        self.assertEqual(self._get_slip(self.mixed).status_code, 404)

    def test_link_with_the_orders_token_does_not_show_it_either(self):
        """G05: who has the link needs no login."""
        token = self.order.access_token
        self.assertEqual(self._get_slip(self.single, access_token=token).status_code, 200)
        self.assertEqual(self._get_slip(self.mixed, access_token=token).status_code, 404)
        returns = self.url_open(
            f"/my/picking/return/pdf/{self.mixed.id}?access_token={token}", allow_redirects=False
        )
        self.assertEqual(returns.status_code, 404)

    def test_related_fields_of_a_transfer_of_two_brands_are_closed(self):
        """G19: plain Odoo lets a portal user read lot and product names through the transfer."""
        pickings = self.env["stock.picking"].with_user(self.customer)
        self.assertIn(self.single, pickings.search([]))
        self.assertNotIn(self.mixed, pickings.search([]))
        with self.assertRaises(AccessError):
            pickings.browse(self.mixed.id).read(["product_id", "lot_id"])

    def test_rule_of_another_module_does_not_open_it(self):
        """G11: rules of one group are ORed, this one holds all the same."""
        self.env["ir.rule"].create(
            {
                "name": "Portal reads all",
                "model_id": self.env.ref("stock.model_stock_picking").id,
                "domain_force": "[(1, '=', 1)]",
                "groups": [Command.link(self.env.ref("base.group_portal").id)],
            }
        )
        pickings = self.env["stock.picking"].with_user(self.customer)
        self.assertNotIn(self.mixed, pickings.search([]))

    def test_staff_reads_and_prints_it(self):
        pickings = self.env["stock.picking"].with_user(self.stock_user)
        self.assertIn(self.mixed, pickings.search([("has_two_owners", "=", True)]))
        self.assertNotIn(self.single, pickings.search([("has_two_owners", "=", True)]))
        self.assertTrue(pickings.browse(self.mixed.id).has_two_owners)
