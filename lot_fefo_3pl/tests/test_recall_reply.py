import re
import secrets

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .recall_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestRecallAnswer(NoticeCommon):
    """R12: what each customer told, checked against what it got."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._approve()
        cls.recall.consignee_ids.sudo()._ensure_tokens()

    def test_answer_is_counted_and_stops_the_clock(self):
        self._answer(self.rita, on_hand=8, returned=5, destroyed=3, sold=4)
        self.assertEqual(
            (
                self.rita.told_on_hand,
                self.rita.told_returned,
                self.rita.told_destroyed,
                self.rita.told_sold,
                self.rita.told_missing,
            ),
            (8, 5, 3, 4, 0),
        )
        self.assertEqual((self.rita.notice_state, self.rita.sub_recalled), ("answered", "yes"))
        self.assertTrue(self.recall.date_first_notice)

    def test_more_than_received_is_refused_with_the_figures(self):
        with self.assertRaisesRegex(UserError, "A-100.*tell of 21 units, but received 20"):
            self._answer(self.rita, on_hand=21)
        self.assertFalse(self.rita.response_ids)

    def test_missing_units_need_a_word(self):
        with self.assertRaisesRegex(UserError, "8 of 20 units are missing"):
            self._answer(self.rita, on_hand=12)
        self._answer(self.rita, on_hand=12, remarks="8 were stolen")
        self.assertEqual(self.rita.told_missing, 8)

    def test_less_than_nothing_is_refused(self):
        with self.assertRaisesRegex(UserError, "less than nothing"):
            self._answer(self.rita, on_hand=21, sold=-1)

    def test_sub_recall_is_asked_of_businesses_down_to_the_depth(self):
        with self.assertRaisesRegex(UserError, "your own customers"):
            self._answer(self.rita, on_hand=20, sub_recalled=None)
        self._answer(self.carla, on_hand=10, sub_recalled=None)
        self.recall.depth = "direct"
        self._answer(self.rita, on_hand=20, sub_recalled=None)
        self.assertFalse(self.rita.sub_recalled)

    def test_second_answer_counts_and_the_first_stays(self):
        first = self._answer(self.rita, on_hand=20)
        self._answer(self.rita, returned=20)
        self.assertEqual((self.rita.told_on_hand, self.rita.told_returned), (0, 20))
        self.assertEqual(len(self.rita.response_ids), 2)
        self.assertEqual(first.line_ids.on_hand, 20)
        with self.assertRaisesRegex(UserError, "evidence"):
            first.sudo().write({"remarks": "changed"})
        with self.assertRaisesRegex(UserError, "evidence"):
            first.sudo().line_ids.write({"on_hand": 0})

    def test_phone_answer_is_typed_by_qa(self):
        action = self.rita.action_type_answer()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.qa)
            .with_context(**action["context"])
            .create({"contact": "Mr. Ring", "sub_recalled": "none"})
        )
        self.assertEqual(wizard.line_ids.quantity, 20)
        wizard.line_ids.on_hand = 20
        wizard.action_confirm()
        response = self.rita.response_ids
        self.assertEqual(
            (response.method, response.user_id, response.contact), ("phone", self.qa, "Mr. Ring")
        )
        with self.assertRaises(AccessError):
            self.env[action["res_model"]].with_user(self.operator).create(
                {"consignee_id": self.rita.id}
            )

    def test_typed_answer_is_kept_as_the_dialog_sends_it(self):
        """R12: the web client saves and reads the dialog before it presses the button."""
        model = self.env["stock.lot.recall.answer"].with_user(self.qa)
        line = {"lot_id": self.lot.id, "quantity": 20, "on_hand": 16, "sold": 4}
        saved = model.web_save(
            {
                "consignee_id": self.rita.id,
                "contact": "Mr. Ring",
                "sub_recalled": "yes",
                "line_ids": [(0, 0, line)],
            },
            {"needs_sub_recall": {}, "line_ids": {"fields": {"on_hand": {}, "sold": {}}}},
        )[0]
        self.assertTrue(saved["needs_sub_recall"])
        self.assertEqual([(row["on_hand"], row["sold"]) for row in saved["line_ids"]], [(16, 4)])
        model.browse(saved["id"]).action_confirm()
        self.assertEqual((self.rita.told_on_hand, self.rita.told_sold), (16, 4))

    def test_key_is_long_random_and_found_exactly(self):
        keys = set(self.recall.consignee_ids.sudo().mapped("access_token"))
        self.assertEqual(len(keys), 2)
        self.assertTrue(all(len(key) >= 43 for key in keys))
        consignees = self.env["stock.lot.recall.consignee"]
        self.assertEqual(consignees._find_by_token(self.rita.sudo().access_token), self.rita)
        wrong = self.rita.sudo().access_token
        for key in (wrong[:-1], wrong + "A", wrong.swapcase(), "%" * 43, "", None, "preview"):
            with self.subTest(key=key):
                self.assertFalse(consignees._find_by_token(key))


@tagged("post_install", "-at_install")
class TestRecallReply(NoticeCommon, HttpCase):
    """R12: the page behind the letter: no login, and nothing but one's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._approve()
        cls.recall.consignee_ids.sudo()._ensure_tokens()
        cls.page = f"/recall/reply/{cls.rita.sudo().access_token}"

    def _open(self, url=None):
        return self.url_open(url or self.page)

    def _post(self, token=True, url=None, **form):
        if token:
            match = re.search(r'name="csrf_token" value="([^"]+)"', self._open().text)
            form["csrf_token"] = match[1]
        form.setdefault("contact", "Rita")
        form.setdefault("sub_recalled", "yes")
        return self.url_open(url or self.page, data=form)

    def test_page_shows_ones_own_goods_without_login(self):
        with self.assertNoLogs("odoo.http", "WARNING"):
            response = self._open()
        self.assertEqual(response.status_code, 200)
        for text in ("Vitamin C", "A-100", "Metal splinters", "SO002", "Retailer Rita"):
            self.assertIn(text, response.text)
        for text in ("Carla", "SO001", self.carla.sudo().access_token, "TPL"):
            self.assertNotIn(text, response.text)
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    def test_answer_is_kept_and_confirmed(self):
        figures = {f"{name}_{self.lot.id}": value for name, value in (("on_hand", "12,5"),)}
        response = self._post(**figures, remarks="7.5 were eaten", phone="+1 555 0111")
        self.assertIn("Thank you", response.text)
        self.assertEqual(self.rita.told_on_hand, 12.5)
        answer = self.rita.response_ids
        self.assertEqual(
            (answer.method, answer.contact, answer.phone), ("web", "Rita", "+1 555 0111")
        )
        self.assertFalse(answer.user_id)
        self.assertIn("You answered on", self._open().text)

    def test_wrong_figures_come_back_with_what_was_typed(self):
        cases = {
            "99": "tell of 99 units, but received 20",
            "12": "are missing",
            "many": "many is not a number",
            "nan": "nan is not a number",
            "1e400": "is not a number",
            "-1": "less than nothing",
        }
        for typed, message in cases.items():
            with self.subTest(typed=typed):
                response = self._post(**{f"on_hand_{self.lot.id}": typed})
                self.assertIn(message, response.text)
                self.assertIn(f'value="{typed}"', response.text)
        self.assertFalse(self.rita.response_ids)

    def test_other_keys_get_nothing(self):
        """Isolation: a guess, another table's key and SQL patterns all look the same."""
        good = self.rita.sudo().access_token
        for key in (
            secrets.token_urlsafe(32),
            good[:-1],
            good + "x",
            "%25",
            "preview",
            "0",
            str(self.rita.id),
            "None",
            "x' OR 1=1 --",
        ):
            with self.subTest(key=key):
                response = self._open(f"/recall/reply/{key}")
                self.assertEqual(response.status_code, 404)
                for text in ("Rita", "A-100", "Metal splinters", "Brand A"):
                    self.assertNotIn(text, response.text)

    def test_figures_of_foreign_lots_are_ignored(self):
        other = self._lot(self.cream, "B-9", days=90)
        self._post(**{f"on_hand_{self.lot.id}": "20", f"sold_{other.id}": "5"})
        self.assertEqual(self.rita.response_ids.line_ids.lot_id, self.lot)

    def test_answer_of_one_customer_does_not_touch_another(self):
        self._post(**{f"on_hand_{self.lot.id}": "20", "consignee_id": self.carla.id})
        self.assertFalse(self.carla.response_ids)
        self.assertEqual(len(self.rita.response_ids), 1)

    def test_foreign_site_cannot_post(self):
        response = self._post(token=False, **{f"on_hand_{self.lot.id}": "20"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.rita.response_ids)

    def test_text_is_shown_as_text(self):
        self.recall.sudo().letter_reason = "<script>alert(1)</script>"
        response = self._post(
            **{f"on_hand_{self.lot.id}": "99"}, contact='"><script>x</script>', remarks="<b>x</b>"
        )
        self.assertNotIn("<script>alert(1)", response.text)
        self.assertNotIn("<script>x", response.text)
        self.assertNotIn("<b>x</b>", response.text)

    def test_page_ends_with_the_recall(self):
        self.recall.sudo().state = "closed"
        response = self._open()
        self.assertEqual(response.status_code, 404)
        self.assertNotIn("Rita", response.text)

    def test_page_is_cheap(self):
        """Many customers answer at once: the page costs few queries, and an unknown key fewer."""
        self._open()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._open()
        self.assertLess(self.env.cr.sql_log_count - before, 60)
        before = self.env.cr.sql_log_count
        self._open(f"/recall/reply/{secrets.token_urlsafe(32)}")
        self.assertLess(self.env.cr.sql_log_count - before, 30)
