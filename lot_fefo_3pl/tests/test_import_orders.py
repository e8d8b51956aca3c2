from odoo.tests import tagged

from .common import LotControlCommon

HEADER = (
    "reference;line;brand;customer;customer_type;email;street;zip;city;country;product;quantity;"
    "requested_date"
)


@tagged("post_install", "-at_install")
class TestImportOrders(LotControlCommon):
    """Promise 3: imported orders are promised the right lots, or told why not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vitamin.default_code = "VIT-C"
        cls.early = cls._lot(cls.vitamin, "A-1", days=100)
        cls.late = cls._lot(cls.vitamin, "A-2", days=300)
        cls._receive(cls.late, 10, cls.bin_1)
        cls._receive(cls.early, 10, cls.bin_2)

    def _line(self, product="VIT-C", quantity="4", **cells):
        cells = {
            "reference": "SO-1",
            "line": "1",
            "brand": "Brand A",
            "customer": "Ada Lane",
            "customer_type": "consumer",
            "email": "ada@example.com",
            "street": "1 Mill Road",
            "zip": "10115",
            "city": "Berlin",
            "country": "DE",
            "product": product,
            "quantity": quantity,
            "requested_date": "",
            **cells,
        }
        return ";".join(cells[name] for name in HEADER.split(";"))

    def _import(self, *lines):
        text = "\n".join([HEADER, *lines])
        return self.warehouse.with_user(self.supervisor).lot_import_orders(text, "orders.csv")

    def _delivery(self, line):
        return self.env["stock.picking"].search([("name", "=", line["document"])])

    def test_order_becomes_a_delivery_of_the_brand_reserved_by_fefo(self):
        [line] = self._import(self._line())["lines"]
        self.assertEqual((line["status"], line["code"]), ("accepted", "reserved"))
        self.assertIn("A-1", line["message"])
        self.assertEqual(line["bin"], self.bin_2.display_name)
        delivery = self._delivery(line)
        self.assertEqual((delivery.state, delivery.origin), ("assigned", "SO-1"))
        self.assertEqual(delivery.owner_id, self.brand_a)
        self.assertEqual(delivery.move_line_ids.lot_id, self.early)
        partner = delivery.partner_id
        self.assertEqual(
            (partner.name, partner.email, partner.city, partner.country_id.code),
            ("Ada Lane", "ada@example.com", "Berlin", "DE"),
        )

    def test_barcode_orders_as_well_as_the_internal_reference(self):
        [line] = self._import(self._line(product="9520123456788"))["lines"]
        self.assertEqual(line["code"], "reserved", line["message"])

    def test_known_customer_is_matched_and_another_address_is_added(self):
        first, second, third = self._import(
            self._line(reference="SO-1"),
            self._line(reference="SO-2", email="ADA@example.com"),
            self._line(reference="SO-3", street="9 Hill Street"),
        )["lines"]
        partner = self._delivery(first).partner_id
        self.assertEqual(self._delivery(second).partner_id, partner)
        address = self._delivery(third).partner_id
        self.assertEqual((address.parent_id, address.street), (partner, "9 Hill Street"))
        again = self._import(self._line(reference="SO-4", street="9 Hill Street"))["lines"][0]
        self.assertEqual(self._delivery(again).partner_id, address)

    def test_nobody_with_a_login_is_taken_for_a_consignee(self):
        user = self.operator
        user.partner_id.write({"name": "Ada Lane", "email": "ada@example.com"})
        [line] = self._import(self._line())["lines"]
        self.assertNotEqual(self._delivery(line).partner_id, user.partner_id)

    def test_short_order_is_told_what_there_is_and_why_not(self):
        reason = self.env.ref("lot_fefo_3pl.hold_reason_short_dated")
        self.env["stock.lot.hold"]._hold(self.early, reason)
        partly, short, unknown = self._import(
            self._line(reference="SO-1", quantity="14"),
            self._line(reference="SO-2", quantity="5"),
            self._line(reference="SO-3", product="09520123456795", quantity="5"),
        )["lines"]
        self.assertEqual((partly["status"], partly["code"]), ("accepted", "partly"))
        self.assertIn("10 of 14", partly["message"])
        self.assertIn("A-1", partly["message"])
        self.assertIn(reason.name, partly["message"])
        self.assertEqual(short["code"], "short")
        self.assertIn("orders before this one", short["message"])
        self.assertEqual(unknown["code"], "short")
        self.assertIn("There is no stock of Magnesium", unknown["message"])

    def test_two_lines_of_one_product_are_one_demand(self):
        result = self._import(self._line(quantity="4"), self._line(quantity="3", line="2"))
        self.assertEqual(result["counts"], {"accepted": 2}, result["result_csv"])
        delivery = self._delivery(result["lines"][0])
        self.assertEqual(sum(delivery.move_ids.mapped("quantity")), 7)
        self.assertEqual(result["lines"][1]["code"], "reserved")

    def test_bad_lines_are_refused_and_the_rest_of_the_order_is_taken(self):
        result = self._import(
            self._line(),
            self._line(line="2", product="NO-SUCH"),
            self._line(line="3", product=self.cream.barcode),
            self._line(line="4", quantity="-1"),
            self._line(line="5", city="Paris"),
            self._line(line="6", reference="SO-2", country="ZZ"),
            self._line(line="7", reference="SO-3", requested_date="31.12.2027"),
            self._line(line="8", reference="SO-4", customer_type="robot"),
        )
        self.assertEqual(
            [line["code"] for line in result["lines"]],
            [
                "reserved",
                "unknown_product",
                "other_brand",
                "quantity",
                "customer_differs",
                "unknown_country",
                "date",
                "customer_type",
            ],
        )
        self.assertEqual(len(result["documents"]), 1)

    def test_same_internal_reference_of_two_brands_is_the_one_of_the_order(self):
        self.cream.default_code = "VIT-C"
        [line] = self._import(self._line())["lines"]
        self.assertEqual(self._delivery(line).move_ids.product_id, self.vitamin)

    def test_requested_day_is_the_planned_day(self):
        day = "2031-05-06"
        [line] = self._import(self._line(requested_date=day))["lines"]
        delivery = self._delivery(line)
        self.assertEqual(str(self.warehouse._get_lot_day(delivery.scheduled_date)), day)

    def test_orders_imported_twice_are_delivered_once(self):
        self._import(self._line())
        again = self._import(self._line())
        self.assertEqual(again["already_imported"], 1)
        self.assertEqual(self.env["stock.picking"].search_count([("origin", "=", "SO-1")]), 1)

    def test_order_in_a_warehouse_of_two_steps_begins_at_the_pick(self):
        self.warehouse.delivery_steps = "pick_ship"
        [line] = self._import(self._line())["lines"]
        pick = self._delivery(line)
        self.assertEqual(pick.picking_type_id, self.warehouse.pick_type_id)
        self.assertEqual((line["code"], pick.move_line_ids.lot_id), ("reserved", self.early))
        for move_line in pick.move_line_ids:
            scan = f"01{self.vitamin.barcode.zfill(14)}10{self.early.name}"
            answer = pick.with_user(self.operator).lot_scan(scan)
            self.assertEqual((answer["status"], move_line.picked), ("ok", True))
        pick.with_user(self.operator).button_validate()
        delivery = self.env["stock.picking"].search(
            [("picking_type_id", "=", self.warehouse.out_type_id.id)]
        )
        self.assertEqual((delivery.state, delivery.partner_id), ("assigned", pick.partner_id))
        self.assertEqual(delivery.move_line_ids.lot_id, self.early)
