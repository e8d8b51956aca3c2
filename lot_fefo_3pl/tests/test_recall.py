import csv
import io

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_trace import TraceCommon


class RecallCommon(TraceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._receive(cls.lot, 100, cls.bin_1)
        cls._ship(cls.lot, 10, cls.consumer, origin="SO001")
        second = cls._ship(cls.lot, 20, cls.store, origin="SO002")
        cls._return(second, 5)
        cls.recalls = cls.env["stock.lot.recall"].with_user(cls.qa)

    def _start(self, lots=None, **values):
        values.setdefault("reason", "Metal splinters")
        result = self.recalls.start((lots or self.lot).ids, **values)
        return self.recalls.browse(result["recall_id"])


@tagged("post_install", "-at_install")
class TestRecall(RecallCommon):
    """Promise 5: one confirmation freezes a lot and lists every customer."""

    def test_recall_lists_every_customer_with_quantities(self):
        """R5: shipped, returned and still there per customer, and what is on hand."""
        recall = self._start()
        self.assertEqual(recall.state, "confirmed")
        self.assertEqual(
            {(row.name, row.quantity, row.returned, row.net) for row in recall.consignee_ids},
            {("Consumer Carla", 10, 0, 10), ("Retailer Rita", 20, 5, 15)},
        )
        self.assertEqual(
            (
                recall.consignee_count,
                recall.quantity_shipped,
                recall.quantity_returned,
                recall.quantity_net,
                recall.quantity_on_hand,
            ),
            (2, 30, 5, 25, 75),
        )
        self.assertEqual(
            {(row.location_id, row.quantity) for row in recall.stock_ids},
            {(self.bin_1, 70), (self.bin_2, 5)},
        )
        self.assertEqual(recall.line_ids.net, 25)
        self.assertEqual(recall.owner_id, self.brand_a)

    def test_recall_holds_the_lot_and_frees_its_reservations(self):
        """R3: the lot is frozen and open orders get other goods, in the same call."""
        other = self._lot(self.vitamin, "A-200", days=300)
        self._receive(other, 50, self.bin_3)
        picking = self._delivery([(self.vitamin, 30)], partner=self.retailer)
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, self.lot)
        recall = self._start()
        self.assertTrue(self.lot.is_held)
        self.assertEqual(recall.hold_ids.lot_id, self.lot)
        self.assertNotIn(self.lot, picking.move_line_ids.lot_id)
        self.assertEqual(picking.move_line_ids.lot_id, other)
        self.assertTrue(all(recall.stock_ids.mapped("is_frozen")))

    def test_recalled_lot_cannot_leave_any_more(self):
        """R3: neither by a new delivery nor by one that was picked already."""
        picked = self._picking(
            self.warehouse.out_type_id, self.bin_1, self.customer_location, partner=self.consumer
        )
        self._move(picked, self.vitamin, 3, lot=self.lot)
        picked.action_confirm()
        picked.move_ids.picked = True
        recall = self._start()
        with self.assertRaises(UserError):
            picked.button_validate()
        self.assertNotIn(picked, recall.shipment_ids.picking_id)

    def test_stock_of_an_uncontrolled_warehouse_is_marked_as_not_frozen(self):
        """R3: what a hold does not stop is said, not hidden."""
        plain = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLN"})
        self._receive(self.lot, 8, plain.lot_stock_id)
        recall = self._start()
        loose = recall.stock_ids.filtered(lambda row: not row.is_frozen)
        self.assertEqual((loose.location_id, loose.quantity), (plain.lot_stock_id, 8))

    def test_mock_recall_holds_nothing(self):
        """R19: an exercise gives the same lists and stops no order."""
        picking = self._delivery([(self.vitamin, 30)], partner=self.retailer)
        picking.action_assign()
        recall = self._start(is_mock=True)
        self.assertFalse(self.lot.is_held)
        self.assertFalse(recall.hold_ids)
        self.assertEqual(picking.move_line_ids.lot_id, self.lot)
        self.assertEqual(recall.consignee_count, 2)
        self.assertFalse(any(recall.stock_ids.mapped("is_frozen")))

    def test_snapshot_stays_when_customer_and_delivery_change(self):
        """B26: the list says later what it said at the confirmation."""
        recall = self._start(is_mock=True)
        before = recall._get_document("list.csv")
        self.consumer.write({"name": "Somebody Else", "email": "new@example.com"})
        self._ship(self.lot, 1, self.brand_b)
        self.assertEqual(recall._get_document("list.csv"), before)

    def test_one_recall_per_brand(self):
        twin = self._lot(self.cream, "A-100", days=100)
        with self.assertRaisesRegex(UserError, "one recall per brand"):
            self._start(self.lot + twin)

    def test_recall_without_lots_is_refused(self):
        recall = self.recalls.create({"reason": "Unknown"})
        with self.assertRaisesRegex(UserError, "Add the lots"):
            recall.action_confirm()

    def test_recall_refuses_to_miss_another_company(self):
        """R5: customers of a company that is switched off are not silently left out."""
        company = self.env["res.company"].create({"name": "Second House"})
        self.qa.company_ids += company
        house = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        picking = self._picking(house.in_type_id, self.supplier_location, house.lot_stock_id)
        self._move(picking, self.vitamin, 5, lot=self.lot, company_id=company.id)
        self._validate(picking)
        here = self.recalls.with_context(allowed_company_ids=self.env.company.ids)
        with self.assertRaisesRegex(UserError, "Second House"):
            here.start(self.lot.ids, "Metal splinters")
        both = self.recalls.with_context(allowed_company_ids=(self.env.company + company).ids)
        result = both.start(self.lot.ids, "Metal splinters")
        self.assertEqual(result["on_hand"], 80)

    def test_start_answers_plain_figures(self):
        result = self.recalls.start(self.lot.ids, "Metal splinters", recall_class="class_1")
        self.assertEqual(
            {name: result[name] for name in ("consignees", "shipped", "net", "on_hand")},
            {"consignees": 2, "shipped": 30, "net": 25, "on_hand": 75},
        )
        self.assertGreater(result["seconds"], 0)

    def test_wizard_shows_the_reach_before_it_starts(self):
        wizard = (
            self.env["stock.lot.recall.start"]
            .with_user(self.qa)
            .create({"lot_ids": [Command.set(self.lot.ids)], "reason": "Metal splinters"})
        )
        self.assertEqual(
            (wizard.consignee_count, wizard.quantity_net, wizard.quantity_on_hand), (2, 25, 75)
        )
        self.assertFalse(self.lot.is_held)
        recall = self.recalls.browse(wizard.action_start()["res_id"])
        self.assertEqual(recall.consignee_count, 2)

    def test_audit_names_the_recall_and_its_lots(self):
        """B26: request and confirmation are on record, with the reason."""
        recall = self._start()
        entries = self.env["stock.lot.audit"].search(
            [("res_model", "=", "stock.lot.recall"), ("res_id", "=", recall.id)]
        )
        self.assertEqual(set(entries.mapped("event")), {"recall.request", "recall.confirm"})
        self.assertEqual(entries.user_id, self.qa)
        lot_entry = self.env["stock.lot.audit"].search([("event", "=", "recall.lot")])
        self.assertEqual((lot_entry.lot_id, lot_entry.reason), (self.lot, recall.name))

    def test_snapshot_costs_the_same_queries_for_many_customers(self):
        counts = []
        self.recalls.start(self.lot.ids, "Warm up", is_mock=True)
        for shipments in (1, 8):
            for _index in range(shipments):
                partner = self.env["res.partner"].create({"name": "Consumer"})
                self._ship(self.lot, 1, partner)
            self.recalls.start(self.lot.ids, "Exercise", is_mock=True)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.recalls.start(self.lot.ids, "Exercise", is_mock=True)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestRecallRights(RecallCommon):
    def test_only_qa_starts_a_recall(self):
        for user in (self.operator, self.supervisor, self.stock_user, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["stock.lot.recall"].with_user(user).start(self.lot.ids, "No right")

    def test_states_times_and_lists_cannot_be_written(self):
        """B27, D1: states are not skipped and clocks are not set by hand."""
        recall = self._start(is_mock=True)
        for vals in (
            {"state": "draft"},
            {"date_requested": "2020-01-01"},
            {"freeze_seconds": 0.1},
            {"name": "RCL/1"},
            {"consignee_ids": [Command.clear()]},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                recall.write(vals)
        with self.assertRaises(AccessError):
            self.recalls.create({"reason": "x", "state": "confirmed"})
        for records in (recall.consignee_ids, recall.shipment_ids, recall.stock_ids):
            with self.subTest(model=records._name), self.assertRaises(AccessError):
                records[:1].write({"quantity": 0})

    def test_running_recall_keeps_its_lots(self):
        recall = self._start(is_mock=True)
        other = self._lot(self.vitamin, "A-200", days=300)
        with self.assertRaises(UserError):
            recall.line_ids = [Command.create({"lot_id": other.id})]
        with self.assertRaises(UserError):
            recall.line_ids.lot_id = other
        with self.assertRaises(UserError):
            recall.line_ids.unlink()
        with self.assertRaises(UserError):
            recall.is_mock = False
        with self.assertRaises(UserError):
            recall.action_confirm()
        with self.assertRaises(UserError):
            recall.unlink()

    def test_recall_of_another_company_is_out_of_sight(self):
        recall = self._start(is_mock=True)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.qa.copy(
            {"login": "elsewhere", "company_id": company.id, "company_ids": company.ids}
        )
        self.assertFalse(self.env["stock.lot.recall"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            recall.consignee_ids.with_user(stranger).mapped("name")


@tagged("post_install", "-at_install")
class TestRecallList(RecallCommon, HttpCase):
    def test_csv_has_one_line_per_delivery_with_contact_and_quantity(self):
        """R5: the list a brand can work with, with the recall's own number."""
        recall = self._start(recall_class="class_1")
        content = self._download(recall.action_export_csv()["url"])
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        self.assertEqual(len(rows), 2)
        expected = {
            "recall": recall.name,
            "brand": "Brand A",
            "class": "Class I",
            "reason": "Metal splinters",
            "consignee": "Retailer Rita",
            "ship_to": "Retailer Rita, Store 7",
            "order": "SO002",
            "phone": "'+1 555 0100",
            "lot": "A-100",
            "shipped": "20",
            "returned": "5",
            "net": "15",
        }
        (row,) = (row for row in rows if row["consignee"] == "Retailer Rita")
        self.assertEqual({name: row[name] for name in expected}, expected)

    def test_names_that_look_like_formulas_are_marked_as_text(self):
        self.consumer.name = "=1+1"
        self.assertIn("'=1+1", self._start(is_mock=True)._get_document("list.csv").decode())

    def test_workbook_has_real_dates_and_numbers(self):
        """B7: a list that sorts: one header row, dates as dates, figures as figures."""
        recall = self._start(is_mock=True)
        (sheet,) = load_workbook(io.BytesIO(recall._get_document("list.xlsx"))).worksheets
        header = [cell.value for cell in sheet[1]]
        first = dict(zip(header, (cell.value for cell in sheet[2]), strict=True))
        self.assertEqual(first["shipped"], 10)
        self.assertEqual(first["day"].date(), recall.shipment_ids[0].day)
        self.assertFalse(sheet.merged_cells.ranges)
        self.assertEqual(sheet.max_row, 3)

    def test_exercise_has_exactly_what_came_in_went_out_and_is_here(self):
        """R19, D2: the three lists of a mock recall and the balance, which add up."""
        recall = self._start(is_mock=True)
        content = self._download(recall.action_export_exercise()["url"])
        book = load_workbook(io.BytesIO(content))
        self.assertEqual(book.sheetnames, ["Inbound", "Outbound", "On hand", "Balance"])

        def column(title, name):
            sheet = book[title]
            index = [cell.value for cell in sheet[1]].index(name)
            return [row[index].value for row in sheet.iter_rows(min_row=2)]

        self.assertEqual(sum(column("Inbound", "quantity")), 100)
        self.assertEqual(sum(column("Outbound", "net")), 25)
        self.assertEqual(sum(column("On hand", "quantity")), 75)
        self.assertEqual(column("Balance", "unexplained"), [0])
        self.assertEqual(column("On hand", "frozen"), ["no", "no"])

    def test_pdf_names_every_customer(self):
        """R5: the printed list carries the same customers and quantities."""
        recall = self._start(is_mock=True)
        report = self.env.ref("lot_fefo_3pl.stock_lot_recall_report")
        html = report.with_user(self.qa)._render_qweb_html(report.report_name, recall.ids)[0]
        for text in (b"MOCK RECALL", b"Retailer Rita", b"Consumer Carla", b"Metal splinters"):
            self.assertIn(text, html)

    def _download(self, url):
        self.authenticate("lot_qa", "lot_qa")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return response.content

    def test_list_needs_access_to_the_recall(self):
        url = self._start(is_mock=True).action_export_csv()["url"]
        self.authenticate("lot_employee", "lot_employee")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)


@tagged("post_install", "-at_install")
class TestRecallTour(RecallCommon, HttpCase):
    browser_size = "1440x900"

    def test_qa_traces_a_lot_and_recalls_it(self):
        """R5: from the lot to the customer list without leaving the screens."""
        self.start_tour(
            f"/odoo/lots/{self.lot.id}", "lot_fefo_3pl_trace_and_recall", login="lot_qa"
        )
        self.assertTrue(self.lot.is_held)
        recall = self.env["stock.lot.recall"].search([("lot_ids", "in", self.lot.ids)])
        self.assertEqual((recall.consignee_count, recall.quantity_net), (2, 25))


@tagged("post_install", "-at_install")
class TestRecallDays(RecallCommon):
    """An expiry is a day where the warehouse is, whatever the hour in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for warehouse in cls.env["stock.warehouse"].search([]):
            warehouse.partner_id.tz = "America/Los_Angeles"
        cls.env.company.partner_id.tz = "America/Los_Angeles"
        cls.day = fields.Date.to_date("2030-01-31")
        cls.lot = cls.env["stock.lot"].create(
            {
                "product_id": cls.vitamin.id,
                "name": "A-300",
                "expiration_date": cls.warehouse._get_lot_day_end(cls.day),
            }
        )
        cls._receive(cls.lot, 10, cls.bin_3)
        cls._ship(cls.lot, 5, cls.store, source=cls.bin_3)

    def test_papers_name_the_day_of_the_label(self):
        recall = self._start(is_mock=True)
        self.assertEqual(recall.line_ids.expiration_date.date(), fields.Date.add(self.day, days=1))
        self.assertEqual(recall._get_letter_goods()[0]["expiry"], self.day)
        self.assertEqual(recall.consignee_ids[0]._get_letter_lots()[0]["expiry"], self.day)
        self.assertEqual(
            {row["expiry"] for row in recall.shipment_ids._get_list_rows()}, {self.day}
        )
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "lot_fefo_3pl.stock_lot_recall_authority_document", recall.ids
        )
        self.assertIn("31 Jan 2030", html.decode())

    def test_range_of_days_finds_the_lot_of_its_last_day(self):
        found = self.env["stock.lot.recall.scope"].find(
            expiry_from="2030-01-31", expiry_to="2030-01-31"
        )
        self.assertEqual(found["lot_ids"], self.lot.ids)
