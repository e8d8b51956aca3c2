from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .recall_common import NoticeCommon

CONSIGNEE = "stock.lot.recall.consignee"
# What the case says of itself, and the only thing that QA may correct of it.
SNAPSHOT = {
    CONSIGNEE: "quantity",
    "stock.lot.recall.shipment": "quantity",
    "stock.lot.recall.stock": "counted",
    "stock.lot.recall.deadline": "date_due",
    "stock.lot.recall.notice": "address",
    "stock.lot.recall.response": "remarks",
    "stock.lot.recall.response.line": "on_hand",
    "stock.lot.recall.document": "sha256",
}


@tagged("post_install", "-at_install")
class TestRecallAttacks(NoticeCommon):
    """What somebody who is logged in tries over the network, past every button."""

    def _closed(self):
        self.recall.regime_id = self.env.ref("lot_fefo_3pl.recall_regime_device")
        self._send()
        self._answer(self.rita, on_hand=20)
        self.recall._close("Handed over")

    def _portal_user(self, login, brand):
        user = new_test_user(self.env, login=login, groups="base.group_portal")
        user.partner_id.parent_id = brand
        return user

    def test_closed_case_is_not_changed_by_anybody(self):
        """B26, R18: no field, no row more, no row less, whoever asks."""
        self._closed()
        manager = new_test_user(self.env, login="boss", groups="stock.group_stock_manager")
        for user in (self.qa, self.supervisor, manager):
            for model, name in SNAPSHOT.items():
                records = self.env[model].search([])
                self.assertTrue(records, model)
                for attack in (
                    lambda rows, name=name: rows.write({name: rows[:1][name]}),
                    lambda rows: rows.unlink(),
                    lambda rows: rows.create([{"recall_id": self.recall.id}]),
                ):
                    with (
                        self.subTest(user=user.login, model=model),
                        self.assertRaises(UserError),
                        mute_logger("odoo.sql_db"),
                        self.env.cr.savepoint(),
                    ):
                        attack(records.with_user(user))

    def test_closed_case_takes_no_lists_through_the_case_itself(self):
        """B26: the lists of a case are not written through it either."""
        self._closed()
        for name in (
            *("consignee_ids", "shipment_ids", "possible_ids", "stock_ids", "line_ids"),
            *("deadline_ids", "document_ids", "notice_ids", "return_ids", "destruction_ids"),
            *("hold_ids", "announced_hold_ids", "check_ids"),
        ):
            with self.subTest(name=name), self.assertRaises(UserError):
                self.recall.write({name: [Command.clear()]})

    def test_reply_key_is_not_guessed_by_searching(self):
        """R12: who may list customers does not ask for the key letter by letter."""
        self._send()
        for user in (self.supervisor, self.stock_user):
            consignees = self.env[CONSIGNEE].with_user(user)
            recalls = self.env["stock.lot.recall"].with_user(user)
            for question in (
                lambda rows=consignees: rows.search([("access_token", "=like", "%")]),
                lambda rows=consignees: rows.search([], order="access_token"),
                lambda rows=consignees: rows.formatted_read_group([], ["access_token"]),
                lambda rows=recalls: rows.search([("consignee_ids.access_token", "=like", "%")]),
                lambda rows=consignees: rows.search([]).read(["access_token"]),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    question()

    def test_composer_does_not_send_letters(self):
        """R11: Odoo's composer takes any template; letters leave by the recall alone."""
        for user in (self.qa, self.supervisor):
            with self.subTest(user=user.login), self.assertRaisesRegex(AccessError, "recall"):
                self.env["mail.compose.message"].with_user(user).create(
                    {
                        "composition_mode": "mass_mail",
                        "model": CONSIGNEE,
                        "res_ids": str(self.recall.consignee_ids.ids),
                        "template_id": self.recall.letter_template_id.id,
                    }
                )._action_send_mail()
        mails = self.env["mail.mail"].search([("model", "=", CONSIGNEE)])
        self.assertFalse(mails)

    def test_portal_user_reaches_nothing_over_rpc(self):
        """G10: neither the own brand's user nor another one has a way around the pages."""
        self._send()
        calls = (
            ("stock.lot.recall", "search_read", [[]]),
            ("stock.lot.recall", "start", [self.lot.ids, "Mine"]),
            ("stock.lot.recall", "read", [self.recall.ids, ["reason"]]),
            ("stock.lot.recall", "action_send_notices", [self.recall.ids]),
            ("stock.lot.recall", "action_close", [self.recall.ids]),
            ("stock.lot.recall", "extend", [self.recall.ids, self.lot.ids, "Mine"]),
            (CONSIGNEE, "search_read", [[]]),
            (CONSIGNEE, "action_remind", [self.rita.ids]),
            ("stock.lot.recall.stock", "record_count", [self.recall.stock_ids[:1].ids, 1.0]),
            ("stock.lot.recall.document", "search_read", [[]]),
            ("stock.lot.recall.scope", "find", [["A-100"]]),
            ("stock.lot.trace", "forward", [self.lot.ids]),
            ("stock.lot.trace", "consignees", [self.lot.ids]),
            ("stock.lot.trace", "mass_balance", [self.lot.ids]),
            ("stock.lot.trace", "overview", [self.lot.id]),
            ("stock.lot.genealogy", "descendants", [self.lot.ids]),
            ("stock.lot.recall.answer", "create", [{"consignee_id": self.rita.id}]),
            ("stock.lot.recall.found", "create", [{"recall_id": self.recall.id}]),
        )
        for brand in (self.brand_a, self.brand_b):
            user = self._portal_user(f"portal-{brand.id}", brand)
            for model, method, args in calls:
                with (
                    self.subTest(brand=brand.name, method=f"{model}.{method}"),
                    self.assertRaises(AccessError),
                    mute_logger("odoo.addons.base.models"),
                ):
                    call_kw(self.env[model].with_user(user), method, args, {})

    def test_steps_of_the_case_are_not_called_from_outside(self):
        """B27: what decides is private: no state is skipped over the network."""
        for method in (
            *("_answer_approval", "_set_approval", "_close", "_reopen", "_confirm", "_stamp"),
            *("_record_response", "_record_contact", "_queue_notices", "_destroy", "_freeze"),
        ):
            for model in ("stock.lot.recall", CONSIGNEE):
                if hasattr(self.env[model], method):
                    with self.subTest(method=method), self.assertRaises(AccessError):
                        call_kw(self.env[model].with_user(self.qa), method, [[1]], {})
