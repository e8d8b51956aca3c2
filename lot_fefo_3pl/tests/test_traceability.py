import csv
import io
import json
from datetime import timedelta

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..tools import epcis
from .test_trace import TraceCommon


class TraceabilityCommon(TraceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vitamin.is_traceability_listed = True
        cls.supplier = cls.env["res.partner"].create(
            {"name": "Maker", "is_company": True, "phone": "+1 555 0199", "city": "Boise"}
        )
        cls.receipt = cls._receive(cls.lot, 100, cls.bin_1)
        cls.receipt.partner_id = cls.supplier
        cls.to_store = cls._ship(cls.lot, 30, cls.store, origin="PO-77")
        cls.to_consumer = cls._ship(cls.lot, 2, cls.consumer, origin="WEB-1")

    def _export(self, user=None, **values):
        values.setdefault("lot_ids", [Command.set(self.lot.ids)])
        exports = self.env["stock.lot.traceability.export"]
        return exports.with_user(user or self.stock_user).create(values)


@tagged("post_install", "-at_install")
class TestTraceabilitySheet(TraceabilityCommon):
    """Promise 5: the sheet that the FDA may ask for within 24 hours."""

    def _rows(self, **values):
        return self._export(**values)._get_rows()

    def test_receipt_has_every_key_data_element(self):
        """B1: eight elements of a receipt, the source of the code among them."""
        self.lot.tlc_source_id = self.supplier
        row = next(row for row in self._rows() if row["kind"] == "receiving")
        self.assertEqual(row["gaps"], [])
        self.assertEqual((row["traceability_lot_code"], row["quantity"]), ("A-100", 100))
        self.assertEqual(row["previous_source"], "Maker, +1 555 0199, Boise")
        self.assertEqual(row["tlc_source_location"], row["previous_source"])
        self.assertIn("Vitamin C", row["product_description"])
        self.assertTrue(row["receiving_location"])
        self.assertEqual(row["document_number"], self.receipt.name)

    def test_missing_element_is_listed(self):
        """B1: what is not known is a gap, never an invention."""
        self.receipt.partner_id = False
        row = next(row for row in self._rows() if row["kind"] == "receiving")
        self.assertEqual(row["gaps"], ["previous_source", "tlc_source"])
        export = self._export()
        self.assertEqual((export.event_count, export.gap_count), (2, 2))
        sheet = load_workbook(io.BytesIO(export._get_document("fsma204.xlsx"))).worksheets[1]
        first = [cell.value for cell in sheet[2]]
        self.assertEqual(first[-1], "Immediate previous source, Lot code source")

    def test_shipment_of_two_lots_has_two_rows(self):
        """B3: one record per lot, with the recipient and where it came from."""
        other = self._lot(self.vitamin, "A-200", days=300)
        self._receive(other, 10, self.bin_3)
        picking = self._picking(
            self.warehouse.out_type_id, self.stock, self.customer_location, partner=self.store
        )
        for lot, place in ((self.lot, self.bin_1), (other, self.bin_3)):
            self._move(picking, self.vitamin, 5, lot=lot, location_id=place.id)
            picking.move_line_ids.filtered(
                lambda line, lot=lot: line.lot_id == lot
            ).location_id = place
        self._give_reason(picking)
        self._validate(picking)
        rows = self._rows(lot_ids=[Command.set((self.lot + other).ids)])
        of_picking = [row for row in rows if row["document_number"] == picking.name]
        self.assertEqual({row["traceability_lot_code"] for row in of_picking}, {"A-100", "A-200"})
        for row in of_picking:
            self.assertIn("Store 7", row["subsequent_recipient"])
            self.assertTrue(row["ship_from_location"])

    def test_shipment_to_a_consumer_is_no_tracking_event(self):
        """B8: left out here, and in the recall list."""
        documents = {row["document_number"] for row in self._rows()}
        self.assertIn(self.to_store.name, documents)
        self.assertNotIn(self.to_consumer.name, documents)
        consignees = self.trace.consignees(self.lot.ids)
        self.assertIn("Consumer Carla", {row["consignee"] for row in consignees})

    def test_period_covers_listed_food_only(self):
        """B7: a range of days gives every lot of the list, and nothing else."""
        cream = self._lot(self.cream, "C-1", days=90)
        self._receive(cream, 5, self.bin_4)
        today = fields.Date.today()
        period = {"date_from": today - timedelta(days=1), "date_to": today + timedelta(days=1)}
        rows = self._rows(lot_ids=False, **period)
        self.assertEqual({row["traceability_lot_code"] for row in rows}, {"A-100"})
        past = {"date_from": today - timedelta(days=9), "date_to": today - timedelta(days=5)}
        self.assertEqual(self._rows(lot_ids=False, **past), [])

    def test_sheet_sorts_by_any_column(self):
        """B7: header on the first row, no merged cells, dates and numbers as such."""
        self.lot.tlc_source_reference = "https://maker.example/tlc"
        book = load_workbook(io.BytesIO(self._export()._get_document("fsma204.xlsx")))
        sheet = book.worksheets[0]
        self.assertFalse(sheet.merged_cells.ranges)
        header = [cell.value for cell in sheet[1]]
        self.assertEqual(len(header), len(set(header)))
        self.assertEqual(header[1:3], ["Traceability lot code", "Quantity"])
        values = dict(zip(header, (cell.value for cell in sheet[2]), strict=True))
        self.assertEqual(values["Quantity"], 100)
        self.assertEqual(
            values["Date received or shipped"].date(),
            self.warehouse._get_lot_day(self.receipt.date_done),
        )
        text = self._export()._get_document("fsma204.csv").decode("utf-8-sig")
        self.assertEqual(next(csv.reader(io.StringIO(text))), header)

    def test_plan_and_contact_stand_beside_the_sheet(self):
        """B6: the point of contact and the plan come with every export."""
        self.env.company.write(
            {"traceability_contact_id": self.supplier.id, "traceability_plan": "Ask the QA."}
        )
        book = load_workbook(io.BytesIO(self._export()._get_document("fsma204.xlsx")))
        cells = {row[0].value: row[1].value for row in book.worksheets[2].iter_rows()}
        self.assertEqual(cells["Plan"], "Ask the QA.")
        self.assertIn("Maker", cells["Point of contact"])

    def test_neither_lots_nor_days_is_refused(self):
        with self.assertRaisesRegex(UserError, "Choose lots"):
            self._export(lot_ids=False)._get_document("fsma204.csv")


@tagged("post_install", "-at_install")
class TestEpcis(TraceabilityCommon):
    """Promise 5: the same story in the language of GS1 (EPCIS 2.0)."""

    LOT_CLASS = "https://id.gs1.org/01/09520123456788/10/A-100"

    def _events(self, step=None, lots=None):
        document = self.env["stock.lot.epcis"].with_user(self.qa).document((lots or self.lot).ids)
        self.assertEqual(epcis.problems(document), [])
        json.dumps(document)
        events = document["epcisBody"]["eventList"]
        self.assertEqual(events, sorted(events, key=lambda event: event["eventTime"]))
        return [event for event in events if step in (None, event["bizStep"])]

    def test_receipt_names_lot_quantity_brand_and_document(self):
        """C4: OBSERVE receiving, the goods by GTIN and batch."""
        (event,) = self._events("receiving")
        self.assertEqual((event["action"], event["disposition"]), ("OBSERVE", "in_progress"))
        self.assertEqual(event["quantityList"], [{"epcClass": self.LOT_CLASS, "quantity": 100.0}])
        kinds = {entry["type"] for entry in event["sourceList"]}
        self.assertEqual(kinds, {"owning_party", "location"})
        self.assertIn(self.receipt.name.split("/")[-1], str(event["bizTransactionList"]))
        self.assertRegex(event["eventTimeZoneOffset"], r"^[+-]\d\d:\d\d$")

    def test_shipment_goes_to_the_customer_by_its_gln(self):
        """C4: OBSERVE shipping, in transit; a GLN where the customer has one."""
        self.store.barcode = "9520123456788"
        event = self._events("shipping")[0]
        self.assertEqual(event["disposition"], "in_transit")
        self.assertIn(
            {"type": "location", "destination": "https://id.gs1.org/414/9520123456788"},
            event["destinationList"],
        )

    def test_return_scrap_and_hold(self):
        """C4: receiving/returned, destroying/destroyed, holding and its end."""
        self._return(self.to_store, 4)
        hold = (
            self.env["stock.lot.hold"]
            .with_user(self.qa)
            ._hold(self.lot, self.env["stock.lot.hold.reason"].search([], limit=1))
        )
        hold.with_user(self.qa)._release("Checked")
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.vitamin.id,
                "lot_id": self.lot.id,
                "scrap_qty": 3,
                "location_id": self.bin_1.id,
                "owner_id": self.brand_a.id,
            }
        )
        scrap.do_scrap()
        self.assertEqual(
            [event["disposition"] for event in self._events("receiving")],
            ["in_progress", "returned"],
        )
        (gone,) = self._events("destroying")
        self.assertEqual((gone["action"], gone["quantityList"][0]["quantity"]), ("DELETE", 3.0))
        (held,), (freed,) = self._events("holding"), self._events("inspecting")
        self.assertEqual(held["quantityList"], [{"epcClass": self.LOT_CLASS}])
        self.assertEqual(freed["disposition"], "sellable_not_accessible")

    def test_recall_is_a_persistent_disposition(self):
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        recalls.start(self.lot.ids, reason="Metal splinters")
        (event,) = self._events("holding")
        self.assertEqual(event["disposition"], "recalled")
        self.assertEqual(event["persistentDisposition"], {"set": ["recalled"]})

    def test_packing_names_the_sscc(self):
        """C4: an aggregation, the pallet as parent."""
        package = self.env["stock.package"].create({"name": "106141412345678908"})
        picking = self._picking(self.warehouse.int_type_id, self.bin_1, self.bin_3)
        self._move(picking, self.vitamin, 5, lot=self.lot)
        picking.move_line_ids.result_package_id = package
        self._validate(picking)
        (event,) = self._events("packing")
        self.assertEqual(
            (event["type"], event["action"], event["parentID"]),
            ("AggregationEvent", "ADD", "https://id.gs1.org/00/106141412345678908"),
        )

    def test_relabelling_is_a_transformation(self):
        """C4: these lots became those; master data of the new one."""
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", self.lot.id), ("location_id", "=", self.bin_1.id)]
        )
        wizard = self.env["stock.lot.relabel"].create(
            {
                "quant_id": quant.id,
                "quantity": 10,
                "lot_name": "A-100/B",
                "location_dest_id": self.bin_3.id,
                "reason": "Split",
            }
        )
        lot = self.env["stock.lot"].browse(wizard.action_relabel()["res_id"])
        (event,) = self._events("commissioning", lots=self.lot + lot)
        self.assertEqual(event["type"], "TransformationEvent")
        self.assertEqual(
            event["inputQuantityList"], [{"epcClass": self.LOT_CLASS, "quantity": 10.0}]
        )
        self.assertEqual(
            event["outputQuantityList"][0]["epcClass"],
            "https://id.gs1.org/01/09520123456788/10/A-100%2FB",
        )
        self.assertEqual(event["ilmd"]["cbvmda:lotNumber"], "A-100/B")

    def test_event_has_the_same_id_whenever_it_is_exported(self):
        first = [event["eventID"] for event in self._events()]
        self.assertEqual([event["eventID"] for event in self._events()], first)

    def test_lot_without_gtin_gets_an_address_of_the_company(self):
        lot = self._lot(self.comb, "K 1")
        self._receive(lot, 3, self.bin_4)
        (event,) = self._events("receiving", lots=lot)
        self.assertEqual(
            event["quantityList"][0]["epcClass"],
            f"{lot.get_base_url()}/epcis/product/{self.comb.id}/lot/K%201",
        )

    def test_export_has_no_query_per_line(self):
        for _number in range(3):
            self._ship(self.lot, 1, self.store)
        exports = self.env["stock.lot.epcis"].with_user(self.qa)
        exports.document(self.lot.ids)
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            few = exports.document(self.lot.ids)
        self.assertGreaterEqual(len(few["epcisBody"]["eventList"]), 6)


class TestEpcisChecks(TraceabilityCommon):
    """What GS1's schema lets pass is found by our own checks."""

    def _problems(self, **changes):
        event = {
            "type": "ObjectEvent",
            "eventID": "urn:uuid:1",
            "eventTime": "2026-01-05T10:00:00.000Z",
            "action": "OBSERVE",
            "bizStep": "receiving",
            "quantityList": [{"epcClass": self.lot.name, "quantity": 1.0}],
        }
        event.update(changes)
        return epcis.problems({"epcisBody": {"eventList": [event]}})

    def test_each_fault_is_named(self):
        """C4: a misspelt step, no quantity, a time without zone, master data out of place."""
        self.assertEqual(self._problems(), [])
        for words, changes in {
            "unknown business step recieving": {"bizStep": "recieving"},
            "quantity 0": {"quantityList": [{"epcClass": "x", "quantity": 0}]},
            "the time has no zone": {"eventTime": "2026-01-05T10:00:00"},
            "no goods": {"quantityList": []},
            "master data": {"ilmd": {}},
            "unknown disposition": {"disposition": "lost"},
            "unknown type": {"type": "Event"},
        }.items():
            found = self._problems(**changes)
            self.assertEqual(len(found), 1, words)
            self.assertIn(words, found[0])


@tagged("post_install", "-at_install")
class TestAuthorityReport(TraceabilityCommon):
    """R9: what 21 CFR 7.46(a) asks for, in its order."""

    def _start(self):
        recalls = self.env["stock.lot.recall"].with_user(self.qa)
        return recalls.browse(recalls.start(self.lot.ids, reason="Metal splinters")["recall_id"])

    def _html(self, recall):
        report = self.env["ir.actions.report"].with_user(self.qa)
        name = "lot_fefo_3pl.stock_lot_recall_authority_document"
        html, _kind = report._render_qweb_html(name, recall.ids)
        return html.decode()

    def test_report_says_what_is_missing(self):
        """R9: an incomplete report never looks complete."""
        recall = self._start()
        self.assertIn("o_lot_authority_gaps", self._html(recall))
        self.assertEqual(len(recall._get_authority_gaps()), 6)

    def test_letter_in_the_report_has_no_key(self):
        """R9, R12: who reads the report at the authority cannot answer for a customer."""
        recall = self._start()
        recall.consignee_ids._ensure_tokens()
        html = self._html(recall)
        self.assertIn("/recall/reply/preview", html)
        for consignee in recall.consignee_ids.sudo():
            self.assertNotIn(consignee.access_token, html)

    def test_report_has_all_nine_points(self):
        """R9: identity, reason, risk, production, distribution, accounts, letter, strategy."""
        recall = self._start()
        recall.write(
            {
                "finding_date": "2026-01-05",
                "finding": "A customer wrote.",
                "risk_evaluation": "Low risk of cuts.",
                "produced_quantity": 9200,
                "strategy": "Consignee level, check level A.",
                "authority_contact_id": self.supplier.id,
            }
        )
        html = self._html(recall)
        self.assertNotIn("o_lot_authority_gaps", html)
        for words in (
            *(f"({number})" for number in range(1, 10)),
            "A-100",
            "Metal splinters",
            "A customer wrote.",
            "Low risk of cuts.",
            "9,200",
            "Consignee level",
            "Retailer Rita",
            "+1 555 0199",
            "direct accounts",
        ):
            self.assertIn(words, html)


@tagged("post_install", "-at_install")
class TestTraceabilityFiles(TraceabilityCommon, HttpCase):
    def test_files_are_for_whoever_asked_for_them(self):
        """Another user's request, and anybody outside, gets nothing."""
        export = self._export(user=self.qa)
        url = f"/lot_fefo_3pl/traceability/{export.id}"
        self.authenticate("lot_qa", "lot_qa")
        answer = self.url_open(f"{url}/epcis.jsonld")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json()["type"], "EPCISDocument")
        self.assertEqual(self.url_open(f"{url}/fsma204.xlsx").content[:2], b"PK")
        self.assertEqual(self.url_open(f"{url}/secrets.txt").status_code, 404)
        self.authenticate("lot_supervisor", "lot_supervisor")
        self.assertEqual(self.url_open(f"{url}/epcis.jsonld").status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open(f"{url}/epcis.jsonld", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
