from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .closing_common import ClosingCommon


@tagged("post_install", "-at_install")
class TestMockRecalls(ClosingCommon):
    """R19: exercises, planned and judged."""

    def test_trend_shows_how_long_the_list_took_and_what_was_found(self):
        """R19: the pictures of Mock Recalls are those of the exercises, not any other's."""
        actions = self.env["ir.actions.act_window"]
        for xml_id, measures in (
            ("stock_lot_recall_action_mock", {"graph": ["hours_to_list"], "pivot": ["percent"]}),
            ("stock_lot_recall_action_report", {"graph": ["seconds"], "pivot": ["seconds"]}),
        ):
            action = actions._for_xml_id(f"lot_fefo_3pl.{xml_id}")
            views = self.env[action["res_model"]].get_views(action["views"])["views"]
            for kind, words in measures.items():
                for word in words:
                    with self.subTest(action=xml_id, kind=kind):
                        self.assertIn(word, views[kind]["arch"])

    def test_exercise_is_judged_by_the_goals_of_the_brand(self):
        self.brand_a.write({"lot_mock_hours": 2, "lot_mock_percent": 99})
        good = self._start(is_mock=True)
        good.action_hand_over()
        self._count_all(good)
        good.action_close()
        self.assertEqual(
            (good.state, good.mock_result, good.percent_found), ("closed", "pass", 100)
        )
        self.assertEqual((good.mock_goal_hours, good.mock_goal_percent), (2, 99))
        self.assertTrue(good.document_ids)
        late = self._start(is_mock=True)
        self._count_all(late)
        with freeze_time(late.date_requested + timedelta(hours=3)):
            late.action_close()
        self.assertEqual((late.mock_result, round(late.hours_to_list)), ("fail", 3))
        lossy = self._start(is_mock=True)
        self._count_all(lossy)
        lossy.stock_ids[:1].with_user(self.operator).record_count(0, "nothing there")
        lossy._close("Exercise is over")
        self.assertEqual(lossy.mock_result, "fail")
        self.assertFalse(self.recall.notice_ids)
        self.assertFalse((good + late + lossy).hold_ids)

    def test_corrective_actions_are_written_after_the_exercise(self):
        recall = self._start(is_mock=True)
        recall._close("Short one")
        recall.corrective_actions = "Train the night shift"
        with self.assertRaisesRegex(UserError, "is closed"):
            recall.gaps = "x"

    def test_next_exercise_is_planned_and_reminded_once(self):
        """B25: N days before the last exercise gets too old."""
        brand = self.brand_a
        brand.lot_mock_months = 6
        recall = self._start(is_mock=True)
        due = fields.Date.add(fields.Date.to_date(recall.date_requested), months=6)
        self.assertEqual(brand.lot_mock_next, due)

        def tasks(day):
            with freeze_time(day):
                self.env["res.partner"]._run_mock_reminders()
            return brand.activity_ids.filtered(lambda task: task.summary == "Mock recall is due")

        self.assertFalse(tasks(due - timedelta(days=20)))
        self.assertEqual(tasks(due - timedelta(days=13)).date_deadline, due)
        self.assertEqual(len(tasks(due)), 1)
        self._start(is_mock=True)
        self.assertFalse(tasks(fields.Date.today()))

    def test_brand_without_a_plan_is_left_alone(self):
        self.env["res.partner"]._run_mock_reminders()
        self.assertFalse(self.brand_a.activity_ids)
        self.assertFalse(self.brand_a.lot_mock_next)

    def test_trend_is_read_by_brand_and_month(self):
        recall = self._start(is_mock=True)
        recall.action_hand_over()
        ((_brand, hours),) = self.recalls._read_group(
            [("is_mock", "=", True)], ["owner_id"], ["hours_to_list:avg"]
        )
        self.assertAlmostEqual(hours, recall.hours_to_list)
