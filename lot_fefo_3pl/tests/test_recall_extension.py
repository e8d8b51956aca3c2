from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..tools.recall_deadline import due_at
from .recall_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestRecallDeadline(BaseCase):
    """B17, B18: 24 hours, 3 and 10 working days, counted by the calendar."""

    def test_deadline_by_unit(self):
        friday = datetime(2026, 1, 30, 15, 0)
        self.assertEqual(due_at(friday, 24, "hours"), datetime(2026, 1, 31, 15, 0))
        self.assertEqual(due_at(friday, 3, "days"), datetime(2026, 2, 2, 15, 0))
        self.assertEqual(due_at(friday, 3, "working_days"), datetime(2026, 2, 4, 15, 0))
        self.assertEqual(due_at(friday, 10, "working_days"), datetime(2026, 2, 13, 15, 0))

    def test_weekend_is_that_of_the_place(self):
        late_friday = datetime(2026, 1, 31, 3, 0)  # still Friday evening in New York
        self.assertEqual(
            due_at(late_friday, 1, "working_days", "America/New_York"), datetime(2026, 2, 3, 3, 0)
        )
        self.assertEqual(
            due_at(late_friday, 1, "working_days", "UTC"), datetime(2026, 2, 2, 23, 59, 59)
        )

    def test_later_start_is_never_due_earlier(self):
        """B17: an extension on Sunday morning is not due before a recall of Saturday evening."""
        friday = datetime(2026, 1, 30, 22, 0)
        dues = [
            due_at(friday + timedelta(hours=hours), 10, "working_days") for hours in range(0, 96, 5)
        ]
        self.assertEqual(dues, sorted(dues))
        sunday = datetime(2026, 2, 1, 4, 0)
        self.assertEqual(due_at(sunday, 3, "working_days"), datetime(2026, 2, 4, 23, 59, 59))

    def test_days_keep_the_hour_when_the_clocks_change(self):
        before = datetime(2026, 3, 7, 17, 0)  # noon in New York, the night before the change
        self.assertEqual(due_at(before, 1, "days", "America/New_York"), datetime(2026, 3, 8, 16, 0))


@tagged("post_install", "-at_install")
class TestRecallRegime(NoticeCommon):
    """B18: the deadline follows from the rules chosen and is met by a clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regime = cls.env.ref("lot_fefo_3pl.recall_regime_fsma_204")

    def test_deadline_runs_from_the_request_and_is_met_by_its_clock(self):
        recall = self._start(regime_id=self.regime.id)
        deadline = recall.deadline_ids
        self.assertEqual(deadline.date_due, recall.date_requested + timedelta(hours=24))
        self.assertEqual((recall.date_due, recall.deadline_state), (deadline.date_due, "open"))
        recall.action_hand_over()
        self.assertEqual((recall.date_due, recall.deadline_state), (False, "met"))
        self.assertEqual(deadline.date_met, recall.date_handed)

    def test_deadline_that_passed_is_late_also_when_it_is_met_afterwards(self):
        recall = self._start(regime_id=self.regime.id)
        with freeze_time(recall.date_requested + timedelta(hours=25)):
            recall.invalidate_recordset()
            self.assertEqual(recall.deadline_state, "late")
            recall.action_hand_over()
            self.assertEqual(recall.deadline_state, "late")

    def test_user_changes_the_rules_and_adds_some(self):
        """Regimes are data: QA edits them, a running recall is not changed by that."""
        recall = self._start(regime_id=self.regime.id)
        due = recall.date_due
        self.regime.with_user(self.qa).amount = 12
        self.assertEqual(recall.date_due, due)
        own = (
            self.env["stock.lot.recall.regime"]
            .with_user(self.qa)
            .create({"name": "Ours", "amount": 2, "unit": "hours"})
        )
        recall.regime_id = own
        self.assertEqual(recall.date_due, recall.date_requested + timedelta(hours=2))
        entry = self.env["stock.lot.audit"].search([("event", "=", "recall.deadline")])
        self.assertEqual((entry.old_value, entry.new_value), (str(due), str(recall.date_due)))
        with self.assertRaises(AccessError):
            self.regime.with_user(self.operator).amount = 1

    def test_qa_finds_the_regimes_in_the_menu(self):
        """B18: whoever chooses a regime can read and change it."""
        menu = self.env.ref("lot_fefo_3pl.stock_lot_recall_regime_menu")
        menus = self.env["ir.ui.menu"]
        self.assertIn(menu.id, menus.with_user(self.qa)._visible_menu_ids())
        self.assertIn(menu.parent_id.id, menus.with_user(self.qa)._visible_menu_ids())
        self.assertNotIn(menu.id, menus.with_user(self.operator)._visible_menu_ids())

    def test_working_days_are_those_of_the_warehouse(self):
        """B17: not of the time zone of whoever starts or extends the recall."""
        self.warehouse.partner_id.tz = "America/New_York"
        self.regime.write({"amount": 1, "unit": "working_days"})
        late_friday = datetime(2026, 1, 31, 3, 0)
        for zone in ("Asia/Tokyo", "UTC"):
            with self.subTest(zone=zone):
                self.qa.tz = zone
                due = self.regime.with_user(self.qa)._get_due(late_friday, self.env.company)
                self.assertEqual(due, datetime(2026, 2, 3, 3, 0))

    def test_clocks_cannot_be_set_by_hand(self):
        """D1: eleven times, all set by the server."""
        for name in ("date_handed", "date_approved", "date_all_notified", "date_closed"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.recall[name] = fields.Datetime.now()


@tagged("post_install", "-at_install")
class TestRecallExtension(NoticeCommon):
    """R17: more lots for a running recall; what is there stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._lot(cls.vitamin, "A-101", days=210)
        cls._receive(cls.second, 50, cls.bin_3)
        cls.newcomer = cls.env["res.partner"].create(
            {"name": "Newcomer Nora", "email": "nora@example.com"}
        )
        cls._ship(cls.second, 4, cls.newcomer, source=cls.bin_3)
        cls._ship(cls.second, 6, cls.store, source=cls.bin_3)

    def test_extension_freezes_and_lists_beside_what_was_there(self):
        before = {row.id: row.quantity for row in self.recall.shipment_ids}
        result = self.recall.extend(self.second.ids, "Same pallet")
        self.assertEqual(
            {name: result[name] for name in ("lots", "consignees", "shipped", "on_hand")},
            {"lots": 1, "consignees": 1, "shipped": 10, "on_hand": 40},
        )
        self.assertTrue(self.second.is_held)
        self.assertEqual(self.recall.hold_ids.lot_id, self.lot + self.second)
        kept = self.recall.shipment_ids.filtered(lambda row: row.id in before)
        self.assertEqual({row.id: row.quantity for row in kept}, before)
        self.assertEqual((self.rita.quantity, self.rita.net), (26, 21))
        self.assertEqual(
            (self.recall.consignee_count, self.recall.quantity_net, self.recall.quantity_on_hand),
            (3, 35, 115),
        )

    def test_extension_keeps_answers_and_starts_a_dated_deadline(self):
        """B17: a dated extension event and a new deadline; answers stay on record."""
        self.recall.regime_id = self.env.ref("lot_fefo_3pl.recall_regime_device")
        self._send()
        self._answer(self.carla, on_hand=10)
        self._answer(self.rita, on_hand=15, returned=5)
        # So far apart that a working day lies between them.
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            result = self.recall.extend(self.second.ids, "Same pallet")
        first, second = self.recall.deadline_ids
        self.assertEqual((second.kind, second.line_ids.lot_id), ("extension", self.second))
        self.assertEqual(result["due"], second.date_due)
        self.assertGreater(second.date_due, first.date_due)
        self.assertTrue(first.date_met)
        self.assertFalse(second.date_met)
        self.assertEqual((self.rita.notice_state, self.rita.round), ("to_send", 2))
        self.assertEqual((self.rita.told_on_hand, self.rita.told_missing), (15, 6))
        self.assertEqual(self.carla.notice_state, "answered")
        self.assertEqual(self.recall.approval_state, "none", "the brand sees the longer list first")

    def test_after_an_extension_only_those_it_reached_are_written_to(self):
        self._send()
        self.recall.extend(self.second.ids, "Same pallet")
        self._send()
        letters = {row.name: len(row.notice_ids) for row in self.recall.consignee_ids}
        self.assertEqual(letters, {"Consumer Carla": 1, "Retailer Rita": 2, "Newcomer Nora": 1})

    def test_reminders_and_answers_of_the_first_round_do_not_meet_the_second(self):
        """B17: only a letter about the added lots meets what an extension began."""
        regime = self.env.ref("lot_fefo_3pl.recall_regime_device").copy(
            {"goal": "date_first_notice"}
        )
        self.recall.regime_id = regime
        self._send()
        with freeze_time(fields.Datetime.now() + timedelta(hours=5)):
            self.recall.extend(self.second.ids, "Same pallet")
            first, second = self.recall.deadline_ids
            self.assertTrue(first.date_met)
            self._answer(self.carla, on_hand=10)
            self.carla.sudo()._note_sent(fields.Datetime.now())
            self.assertFalse(second.date_met)
            self._send()
            self.assertTrue(second.date_met)

    def test_delivery_reached_twice_is_listed_once_also_after_a_return(self):
        """R17: what came back since the start does not make a second delivery of it."""
        quant = self.second.quant_ids.filtered(lambda quant: quant.location_id == self.bin_3)
        relabel = (
            self.env["stock.lot.relabel"]
            .with_user(self.supervisor)
            .create({"quant_id": quant.id, "lot_name": "MIX", "reason": "x", "quantity": 10})
        )
        mixed = self.env["stock.lot"].browse(relabel.action_relabel()["res_id"])
        delivery = self._ship(mixed, 3, self.newcomer, source=self.bin_3)
        recall = self._start(mixed)
        self.assertEqual(recall.quantity_shipped, 3)
        self._return(delivery, 1)
        recall.extend(self.second.ids, "Same pallet")
        self.assertEqual(len(recall.shipment_ids.filtered(lambda row: row.lot == "MIX")), 1)
        self.assertEqual(recall.quantity_shipped, 3 + 4 + 6)

    def test_extension_needs_new_lots_of_the_brand_and_a_reason(self):
        with self.assertRaisesRegex(UserError, "Add the lots"):
            self.recall.extend(self.lot.ids, "Again")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.recall.extend(self.second.ids, " ")
        foreign = self._lot(self.cream, "B-1", days=90)
        with self.assertRaisesRegex(UserError, "one recall per brand"):
            self.recall.extend(foreign.ids, "Wrong brand")
        with self.assertRaises(AccessError):
            self.recall.with_user(self.operator).extend(self.second.ids, "No right")

    def test_wizard_extends_and_holds_numbers_that_have_not_arrived(self):
        """R1: a lot number without a lot is held when it arrives."""
        wizard = self._wizard(
            recall_id=self.recall.id,
            pasted="A-101\nNEW-7",
            product_id=self.vitamin.id,
            reason="Same pallet",
        )
        wizard.action_find()
        self.assertEqual((wizard.lot_ids, wizard.unknown), (self.second, "NEW-7"))
        wizard.action_start()
        self.assertEqual(self.recall.lot_ids, self.lot + self.second)
        self.assertEqual(self.recall.announced_hold_ids.lot_name, "NEW-7")
        self.assertTrue(self._lot(self.vitamin, "NEW-7", days=90).is_held)
        self.assertIn("NEW-7 came in and is held", self.recall.activity_ids.note)

    def test_unknown_numbers_need_their_product(self):
        wizard = self._wizard(lot_ids=self.second, unknown="NEW-7", reason="Metal")
        with self.assertRaisesRegex(UserError, "of which product NEW-7"):
            wizard.action_start()
        wizard.hold_unknown = False
        recall = self.recalls.browse(wizard.action_start()["res_id"])
        self.assertFalse(recall.announced_hold_ids)

    def test_exercise_holds_no_announced_number(self):
        wizard = self._wizard(
            lot_ids=self.second,
            unknown="NEW-7",
            product_id=self.vitamin.id,
            reason="Exercise",
            is_mock=True,
        )
        wizard.action_start()
        self.assertFalse(self._lot(self.vitamin, "NEW-7", days=90).is_held)
