from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..tools.recall_figures import draw_sample
from .closing_common import ClosingCommon


@tagged("post_install", "-at_install")
class TestRecallChecks(ClosingCommon):
    """R13: the effectiveness checks."""

    def test_sample_is_drawn_by_the_server_and_reproducible(self):
        self.recall.check_level = "B"
        self.recall.action_draw_sample()
        recall = self.recall
        self.assertEqual((recall.check_count, len(recall.check_seed)), (1, 32))
        self.assertEqual(
            recall.check_ids.ids, draw_sample(recall.consignee_ids.ids, 1, recall.check_seed)
        )
        seed, drawn = recall.check_seed, recall.check_ids
        recall.action_draw_sample()
        self.assertEqual((recall.check_seed, recall.check_ids), (seed, drawn))
        for values in ({"check_seed": "mine"}, {"check_date": False}):
            with self.assertRaises(AccessError):
                recall.write(values)
        with self.assertRaises(AccessError):
            (recall.consignee_ids - drawn).write({"in_check": True})

    def test_level_a_asks_all_and_e_none(self):
        self.recall.check_level = "A"
        self.recall.action_draw_sample()
        self.assertEqual(self.recall.check_ids, self.recall.consignee_ids)
        self.recall.check_level = "E"
        with self.assertRaisesRegex(UserError, "Level E"):
            self.recall.action_draw_sample()
        with self.assertRaisesRegex(UserError, "more than 10"):
            self.recall.write({"check_level": "B", "check_percent": 10})

    def test_result_is_kept_with_who_and_when(self):
        self.recall.check_level = "A"
        self.recall.action_draw_sample()
        action = self.rita.action_check()
        self.env[action["res_model"]].with_user(self.qa).with_context(**action["context"]).create(
            {"result": "effective", "note": "Mr. Ring"}
        ).action_confirm()
        self.assertEqual(
            (self.rita.check_result, self.rita.check_user_id, self.recall.checked_count),
            ("effective", self.qa, 1),
        )
        self.recall.check_level = "E"
        self.carla.sudo().in_check = False
        with self.assertRaisesRegex(UserError, "not in the sample"):
            self.carla._record_check("effective", "")
        with self.assertRaises(AccessError):
            self.rita.with_user(self.operator)._record_check("not_acted", "")


@tagged("post_install", "-at_install")
class TestRecallReturns(ClosingCommon):
    """R15: recalled goods that come back are kept apart and counted."""

    def test_return_goes_to_the_quarantine_and_is_counted_on_the_customer(self):
        delivery = self.rita.shipment_ids.picking_id
        back = self._return(delivery, 4)
        quarantine = self.warehouse.recall_location_id
        self.assertEqual(back.move_line_ids.location_dest_id, quarantine)
        self.assertEqual(self._quantity(self.lot, quarantine), 4)
        self.assertEqual((self.rita.quantity_back, self.recall.quantity_back), (4, 4))
        self.assertEqual(self.rita.return_ids.picking, back.name)
        with self.assertRaisesRegex(UserError, "evidence"):
            self.rita.return_ids.sudo().write({"quantity": 1})

    def test_return_without_document_is_routed_too(self):
        self._return_without_document(self.lot, 2, partner=self.store)
        self.assertEqual(self._quantity(self.lot, self.warehouse.recall_location_id), 2)
        self.assertEqual(self.rita.quantity_back, 2)

    def test_return_by_lot_number_alone_is_routed(self):
        picking = self._picking(
            self.warehouse.in_type_id, self.customer_location, self.bin_2, partner=self.consumer
        )
        move = self._move(picking, self.vitamin, 1)
        move.move_line_ids = [
            fields.Command.create(
                {
                    "product_id": self.vitamin.id,
                    "lot_name": "A-100",
                    "quantity": 1,
                    "owner_id": self.brand_a.id,
                    "picking_id": picking.id,
                    "location_id": self.customer_location.id,
                    "location_dest_id": self.bin_2.id,
                }
            )
        ]
        self._validate(picking)
        self.assertEqual(self._quantity(self.lot, self.warehouse.recall_location_id), 1)
        self.assertEqual(self.carla.quantity_back, 1)

    def test_orders_take_nothing_from_the_quarantine(self):
        self._return_without_document(self.lot, 2, partner=self.store)
        self.recall.hold_ids._release("False alarm")
        quarantine = self.warehouse.recall_location_id
        delivery = self._delivery([(self.vitamin, 200)])
        self.assertNotIn(quarantine, delivery.move_line_ids.location_id)

    def test_other_returns_go_where_they_went(self):
        other = self._lot(self.vitamin, "A-200", days=250)
        self._receive(other, 10, self.bin_3)
        delivery = self._ship(other, 5, self.consumer, source=self.bin_3)
        back = self._return(delivery, 2)
        self.assertEqual(back.move_line_ids.location_dest_id, self.bin_2)
        self.assertFalse(self.recall.return_ids)

    def test_exercises_and_warehouses_without_lot_control_change_nothing(self):
        self.recall.sudo().state = "closed"
        self._start(is_mock=True)
        back = self._return_without_document(self.lot, 1, partner=self.store)
        self.assertEqual(back.move_line_ids.location_dest_id, self.bin_2)
        self.recall.sudo().state = "confirmed"
        self.warehouse.lot_control = False
        back = self._return_without_document(self.lot, 1, partner=self.store)
        self.assertEqual(back.move_line_ids.location_dest_id, self.bin_2)
        self.assertFalse(self.recall.return_ids)


@tagged("post_install", "-at_install")
class TestRecallDestruction(ClosingCommon):
    """R16: destruction needs quantity, date, method, two names and a file."""

    def test_destruction_scraps_and_keeps_the_evidence(self):
        quant = self._quants().filtered(lambda quant: quant.location_id == self.bin_2)
        destruction = self._destroy(quant, 5)
        self.assertEqual(self._quantity(self.lot, self.bin_2), 0)
        scrap = self.env["stock.scrap"].search([("name", "=", destruction.scrap_ref)])
        self.assertEqual((scrap.state, scrap.scrap_qty, scrap.lot_id), ("done", 5, self.lot))
        self.assertEqual(destruction.attachment_ids.raw, b"burnt")
        (row,) = self.trace.mass_balance(self.lot.ids)
        self.assertEqual((row["scrapped"], row["unexplained"]), (5, 0))
        with self.assertRaisesRegex(UserError, "evidence"):
            destruction.sudo().write({"witness": "Nobody"})
        for change in (
            lambda: destruction.attachment_ids.sudo().write({"raw": b"x"}),
            lambda: destruction.attachment_ids.sudo().write({"res_id": 0}),
            lambda: destruction.attachment_ids.sudo().unlink(),
        ):
            with self.assertRaisesRegex(AccessError, "evidence"):
                change()

    def test_files_of_others_are_no_evidence(self):
        """A file that the user may not change is not taken from its record and shown to all."""
        secret = self.env["ir.attachment"].create(
            {"name": "salary.pdf", "raw": b"x", "res_model": "res.company", "res_id": 1}
        )
        quant = self._quants()[:1]
        with self.assertRaises(AccessError):
            self._destroy(quant, 1, files=secret.with_user(self.qa))
        self.assertEqual(secret.res_model, "res.company")

    def test_destruction_without_evidence_is_refused(self):
        quant = self._quants()[:1]
        cases = {
            "certificate": {"files": self.env["ir.attachment"]},
            "Two persons": {"witness": " olga "},
            "not more": {"quantity": 1000},
            "how many": {"quantity": 0},
        }
        for message, values in cases.items():
            quantity = values.pop("quantity", 1)
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message):
                self._destroy(quant, quantity, **values)
        other = self._lot(self.vitamin, "A-200", days=250)
        self._receive(other, 10, self.bin_3)
        with self.assertRaisesRegex(UserError, "goods of this recall"):
            self._destroy(other.quant_ids[:1], 1)

    def test_dialog_destroys(self):
        action = self.recall.action_destroy()
        model = self.env[action["res_model"]].with_user(self.qa).with_context(**action["context"])
        with Form(model) as form:
            form.quant_id = self._quants()[:1]
            form.method = "Shredded"
            form.witness = "Walter"
            form.attachment_ids.add(self._attachment())
        wizard = form.record
        self.assertEqual(wizard.quantity, self._quants()[:1].quantity)
        wizard.action_confirm()
        self.assertEqual(self.recall.destruction_ids.witness, "Walter")


@tagged("post_install", "-at_install")
class TestRecallClosing(ClosingCommon):
    """R18: the end, and what stays."""

    def test_open_points_are_said_and_need_a_reason(self):
        self.recall.check_level = "A"
        points = " ".join(self.recall._get_open_points())
        for text in (
            "Places not counted: 2.",
            "to be destroyed or sent to the brand: 75.",
            "Customers not notified: 2.",
            "Customers without an answer: 2.",
            "sample of the effectiveness checks is not drawn",
        ):
            self.assertIn(text, points)
        action = self.recall.action_close()
        self.assertIn("brand: 75", action["context"]["default_hint"])
        with self.assertRaisesRegex(UserError, "Say why"):
            self.recall._close(" ")
        self.assertEqual(self.recall.state, "confirmed")
        wizard = self.env[action["res_model"]].with_user(self.qa)
        wizard.with_context(**action["context"]).create(
            {"reason": "The brand takes it over"}
        ).action_confirm()
        self.assertEqual(
            (self.recall.state, self.recall.close_reason), ("closed", "The brand takes it over")
        )

    def test_finished_recall_closes_without_a_reason(self):
        self._finish()
        self.assertEqual(self.recall._get_open_points(), [])
        self.recall.action_close()
        self.assertEqual(self.recall.state, "closed")
        clocks = [row for row in self.recall._get_clock_rows() if not row[1]]
        self.assertEqual(clocks, [], "all eleven clocks have stopped")
        moments = [moment for _label, moment, _hours in self.recall._get_clock_rows()]
        self.assertEqual(len(moments), 11)
        self.assertEqual(self.recall.percent_found, 100)

    def test_missing_units_keep_the_balance_open(self):
        """D2: what was counted short is no closed balance, whatever the ledger says."""
        self._count_all()
        stock = self.recall.stock_ids[:1]
        stock.with_user(self.operator).record_count(stock.quantity - 3, "not there")
        self.recall.action_check_balance()
        self.assertFalse(self.recall.date_balanced)
        self.assertEqual(self.recall.percent_found, 97.14, "3 of 105, returns counted as in")
        self.assertIn(
            "not found where they should be: 3.", " ".join(self.recall._get_open_points())
        )
        stock.with_user(self.operator).record_count(stock.quantity, "behind the rack")
        self.recall.action_check_balance()
        self.assertTrue(self.recall.date_balanced)

    def test_pack_is_frozen_hashed_and_verified(self):
        self.recall._close("Handed to the brand")
        documents = self.recall.document_ids
        self.assertEqual(set(documents.mapped("kind")), {"status.pdf", "status.xlsx"})
        trail = self.env["stock.lot.audit"].search([("event", "=", "recall.freeze")])
        self.assertEqual(set(trail.mapped("new_value")), set(documents.mapped("sha256")))
        for document in documents:
            self.assertEqual(document.action_verify()["params"]["type"], "success")
            with self.assertRaisesRegex(UserError, "evidence"):
                document.sudo().write({"sha256": "0"})
            for change in (
                lambda file=document.attachment_id: file.sudo().write({"raw": b"x"}),
                lambda file=document.attachment_id: file.sudo().write({"name": "x"}),
                lambda file=document.attachment_id: file.sudo().unlink(),
            ):
                with self.assertRaisesRegex(AccessError, "evidence"):
                    change()

    def test_file_changed_behind_odoo_is_found_out(self):
        self.recall._close("Handed to the brand")
        document = self.recall.document_ids[:1]
        self.env["ir.attachment"].flush_model()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = NULL, db_datas = %s WHERE id = %s",
            [b"forged", document.attachment_id.id],
        )
        self.env.invalidate_all()
        self.assertEqual(document.action_verify()["params"]["type"], "danger")
        entry = self.env["stock.lot.audit"].search([("event", "=", "recall.verify")], limit=1)
        self.assertEqual(entry.new_value, "CHANGED")

    def test_closed_recall_stays_until_it_is_reopened_with_a_reason(self):
        self._send()
        self.recall._close("Handed over")
        key = self.rita.sudo().access_token
        self.assertFalse(self.env["stock.lot.recall.consignee"]._find_by_token(key))
        for values in ({"reason": "x"}, {"letter_hazard": "x"}, {"check_level": "A"}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "is closed"):
                self.recall.write(values)
        for values in ({"note": "x"}, {"notice_email": "x@example.com"}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "is closed"):
                self.rita.with_user(self.qa).write(values)
        with self.assertRaisesRegex(UserError, "not running"):
            self._answer(self.rita, on_hand=20)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.recall._reopen("")
        with self.assertRaises(AccessError):
            self.recall.with_user(self.operator)._reopen("No right")
        first = self.recall.document_ids
        self.recall._reopen("A customer phoned")
        self._answer(self.rita, on_hand=20)
        self.recall._close("Now really")
        self.assertEqual(len(self.recall.document_ids), 4)
        self.assertTrue(all(document._is_intact() for document in first))
