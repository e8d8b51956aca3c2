from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..tools.typed_date import read_typed_date
from .common import LotControlCommon


@tagged("post_install", "-at_install")
class TestArrival(LotControlCommon):
    """Promise 1: what comes in by Odoo's own receipt meets the same rules as by the station."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.warehouse._get_lot_today()
        cls.policy = cls.env["stock.lot.policy"].search([("warehouse_id", "=", cls.warehouse.id)])

    def _receipt(self, product=None, expected=10, owner=None, **line_vals):
        """A confirmed receipt with one typed line."""
        product = product or self.vitamin
        picking = self._picking(
            self.warehouse.in_type_id, self.supplier_location, self.stock, owner=owner
        )
        move = self._move(picking, product, expected)
        picking.action_confirm()
        vals = {"quantity": 10, "picked": True, **line_vals}
        move.move_line_ids.unlink()
        move.move_line_ids = [Command.create({**move._prepare_move_line_vals(), **vals})]
        return picking

    def _in(self, days):
        return self.warehouse._get_lot_day_end(self.today + timedelta(days=days))

    def _generate(self, mode, text="", **context):
        data = {
            "default_product_id": self.vitamin.id,
            "default_location_dest_id": self.stock.id,
            "default_tracking": "lot",
            "default_quantity": 10,
            "default_company_id": self.env.company.id,
            **context,
        }
        return self.env["stock.move"].action_generate_lot_line_vals(data, mode, "L-1", 5, text)

    # Dates -----------------------------------------------------------------------------------

    def test_new_lot_without_date_is_refused(self):
        """E01: plain Odoo takes the planned day of the receipt plus the product's life."""
        picking = self._receipt(lot_name="N-1")
        self.assertFalse(picking.move_line_ids.expiration_date)
        with self.assertRaisesRegex(ValidationError, "N-1 of Vitamin C has no expiry date"):
            picking.button_validate()
        picking.move_line_ids.expiration_date = self._in(300)
        self.assertIs(picking.button_validate(), True)
        self.assertEqual(self._lot(self.vitamin, "N-1").expiration_date, self._in(300))

    def test_product_without_shelf_life_gets_no_date_of_today(self):
        """E02: plain Odoo makes such a lot expire the moment it arrives."""
        self.vitamin.expiration_time = 0
        picking = self._receipt(lot_name="N-2")
        self.assertFalse(picking.move_line_ids.expiration_date)
        lot = self.env["stock.lot"].with_context(active_picking_id=picking.id)
        created = lot.create({"product_id": self.vitamin.id, "name": "N-3"})
        self.assertFalse(created.expiration_date)

    def test_without_lot_control_odoo_proposes_as_ever(self):
        self.warehouse.lot_control = False
        self.assertTrue(self._receipt(lot_name="N-1").move_line_ids.expiration_date)

    def test_known_lot_with_another_date_is_refused(self):
        """E03: plain Odoo drops the date that was typed."""
        self._lot(self.vitamin, "K-1", days=100)
        picking = self._receipt(lot_name="K-1", expiration_date=self._in(300))
        with self.assertRaisesRegex(ValidationError, "K-1 of Vitamin C is known to expire"):
            picking.button_validate()
        picking.move_line_ids.expiration_date = self._in(100)
        self.assertIs(picking.button_validate(), True)

    def test_dates_ticked_later_leave_undated_lots_where_they_are(self):
        """E06: lots from before have no date, and are not promised to anybody."""
        self.comb.use_expiration_date = False
        lot = self._lot(self.comb, "C-1")
        self._receive(lot, 5, self.bin_1)
        self.comb.use_expiration_date = True
        lot.invalidate_recordset()
        self.assertFalse(lot.expiration_date)
        self.assertFalse(self._delivery([(self.comb, 1)]).move_line_ids)

    def test_impossible_date_is_refused(self):
        """E11: a lot that expired in 1970 or lives for a hundred years."""
        for year in (1970, 2131):
            with self.subTest(year=year), self.assertRaisesRegex(ValidationError, "cannot expire"):
                self.env["stock.lot"].create(
                    {
                        "product_id": self.vitamin.id,
                        "name": f"Y-{year}",
                        "expiration_date": datetime(year, 1, 1),
                    }
                )

    def test_pasted_bad_date_is_refused(self):
        """E09: plain Odoo drops it, or makes it a part of the lot's number."""
        with self.assertRaisesRegex(UserError, "Line 2: 2027-13-45 is neither"):
            self._generate("import", "P-1;5;2027-12-31\nP-2;5;2027-13-45")

    def test_pasted_day_and_month_are_not_guessed(self):
        """E10: 05/01/2027 is the fifth of January or the first of May."""
        with self.assertRaisesRegex(UserError, "2027-01-05, 2027-05-01"):
            self._generate("import", "P-1;5;05/01/2027")

    def test_pasted_clear_dates_are_the_end_of_their_day(self):
        """E09 E10: what is clear is taken, what is missing stays empty."""
        vals_list = self._generate("import", "P-1;5;31/12/2027\nP-2;3;DEC 2027\nP-3;2")
        self.assertEqual([vals["quantity"] for vals in vals_list], [5, 3, 2])
        end = self.warehouse._get_lot_day_end(date(2027, 12, 31))
        self.assertEqual([vals["expiration_date"] for vals in vals_list], [end, end, False])

    def test_generated_lots_get_no_invented_date(self):
        """E01: a series of numbers says nothing about their dates."""
        dates = [vals["expiration_date"] for vals in self._generate("generate")]
        self.assertEqual(dates, [False, False])

    # Names and owners ------------------------------------------------------------------------

    def test_one_lot_is_not_written_in_two_ways(self):
        """E05: case, spaces and invisible characters make no second lot."""
        lot = self._lot(self.vitamin, "LOT 1", days=100)
        for name in ("lot 1", "LOT1", "Lot 1 ", "LOT\u200b1"):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "known as LOT 1"):
                lot.create({"product_id": self.vitamin.id, "name": name})
        clean = lot.create({"product_id": self.vitamin.id, "name": " LOT\u200b-2 "})
        self.assertEqual(clean.name, "LOT-2")

    def test_same_name_of_two_products_is_two_lots(self):
        """E18: another product's lot of that name is no obstacle."""
        self._lot(self.vitamin, "LOT1", days=100)
        self.assertTrue(self._lot(self.cream, "lot1", days=100))

    def test_goods_belong_to_the_brand_without_typing(self):
        """E07 G15: plain Odoo receives for nobody, or for one of the brand's contacts."""
        contact = self.env["res.partner"].create({"name": "Anna", "parent_id": self.brand_a.id})
        for owner in (None, contact):
            with self.subTest(owner=owner):
                name = f"O-{owner.id if owner else 0}"
                picking = self._receipt(owner=owner, lot_name=name, expiration_date=self._in(300))
                self.assertIs(picking.button_validate(), True)
                quants = self._lot(self.vitamin, name).quant_ids
                inside = quants.filtered(lambda quant: quant.location_id.usage == "internal")
                self.assertEqual(inside.owner_id, self.brand_a)

    def test_brand_does_not_receive_another_brands_product(self):
        """E08: one lot record never stands for the goods of two brands."""
        picking = self._receipt(owner=self.brand_b, lot_name="B-1", expiration_date=self._in(300))
        with self.assertRaisesRegex(ValidationError, "Vitamin C belongs to Brand A"):
            picking.button_validate()

    def test_product_in_stock_goes_on_being_tracked(self):
        """E12: tracking switched off and on again loses which lot is where."""
        self._receive(self._lot(self.vitamin, "T-1", days=100), 5, self.bin_1)
        with self.assertRaisesRegex(UserError, "T-1 in"):
            self.vitamin.tracking = "none"
        self.magnesium.tracking = "none"

    # Too short, too many ---------------------------------------------------------------------

    def test_short_life_is_refused_held_or_let_pass_by_policy(self):
        """S9: at N days accepted, at N-1 what the policy says; percent of the life alike."""
        for setting, number in (("inbound_min_days", 90), ("inbound_min_percent", 25)):
            for action, days, held, refused in (
                ("refuse", 90, False, False),
                ("refuse", 89, False, True),
                ("hold", 89, True, False),
                ("warn", 89, False, False),
                ("accept", 89, False, False),
            ):
                with self.subTest(setting=setting, action=action, days=days):
                    self.policy.write(
                        {
                            "inbound_action": action,
                            "inbound_min_days": 0,
                            "inbound_min_percent": 0,
                            setting: number,
                        }
                    )
                    name = f"S-{setting}-{action}-{days}"
                    picking = self._receipt(lot_name=name, expiration_date=self._in(days))
                    if refused:
                        with self.assertRaisesRegex(ValidationError, "89 days of life left"):
                            picking.button_validate()
                    else:
                        self.assertIs(picking.button_validate(), True)
                        self.assertEqual(self._lot(self.vitamin, name).is_held, held)

    def test_supervisor_lets_short_life_in(self):
        """S9: the override needs the right and a reason."""
        self.policy.write({"inbound_action": "refuse", "inbound_min_days": 90})
        picking = self._receipt(lot_name="S-1", expiration_date=self._in(10))
        dialog = (
            self.env["stock.lot.override.grant"]
            .with_user(self.supervisor)
            .create({"move_ids": picking.move_ids.ids, "reason": "Agreed with the brand"})
        )
        self.assertTrue(dialog.has_obstacles)
        dialog.action_grant()
        self.assertIs(picking.button_validate(), True)

    def test_more_than_expected_is_refused_beyond_the_tolerance(self):
        """S9: ten expected and ten percent more allowed: eleven come in, twelve do not."""
        self.policy.write({"over_receipt": "limit", "over_receipt_percent": 10})
        day = self._in(300)
        picking = self._receipt(lot_name="M-1", expiration_date=day, quantity=12)
        with self.assertRaisesRegex(ValidationError, "more than the 11 that may come"):
            picking.button_validate()
        picking.move_line_ids.quantity = 11
        self.assertIs(picking.button_validate(), True)
        self.policy.over_receipt = "any"
        picking = self._receipt(lot_name="M-2", expiration_date=day, quantity=50)
        self.assertIs(picking.button_validate(), True)


@tagged("post_install", "-at_install")
class TestTypedDates(LotControlCommon):
    """Promise 1: what is typed is one day, or a question."""

    def test_forms(self):
        """E10: one reading, several, or none."""
        today = date(2026, 11, 22)
        january, may, end = date(2027, 1, 5), date(2027, 5, 1), date(2027, 12, 31)
        for text, days in (
            ("2027-12-31", [end]),
            ("20271231", [end]),
            ("31.12.2027", [end]),
            ("12/31/2027", [end]),
            ("31 DEC 2027", [end]),
            ("Dez 31, 2027", [end]),
            ("DEC 2027", [end]),
            ("12/2027", [end]),
            ("05/01/2027", [january, may]),
            ("010527", [january, may]),
            ("05.05.2027", [date(2027, 5, 5)]),
            ("30/02/2027", []),
            ("1970-01-01", []),
            ("tomorrow", []),
            ("", []),
        ):
            with self.subTest(text=text):
                self.assertEqual(read_typed_date(text, today), days)
