"""What the runner makes of Odoo's log."""

import unittest

from dev.test_log import TestLog

SPACE = " "  # Odoo ends its lines with one
STAMP = "2026-01-02 03:04:05,678 4711"
PASSED = f"""\
{STAMP} INFO db odoo.addons.lot_fefo_3pl.tests.test_a: Starting TestA.test_one ...{SPACE}
{STAMP} INFO db odoo.addons.lot_fefo_3pl.tests.test_a: Starting TestA.test_two ...{SPACE}
{STAMP} INFO db odoo.addons.lot_fefo_3pl.tests.test_a: skipped TestA.test_two : no browser
{STAMP} INFO db odoo.tests.result: 0 failed, 0 error(s) of 2 tests when loading database 'db'
"""
FAILED = f"""\
{STAMP} INFO db odoo.addons.lot_fefo_3pl.tests.test_a: Starting TestA.test_one ...{SPACE}
{STAMP} ERROR db odoo.addons.lot_fefo_3pl.tests.test_a: FAIL: TestA.test_one
Traceback (most recent call last):
  File "test_a.py", line 12, in test_one
    self.assertEqual(1, 2)
    ^^^^^^^^^^^^^^^^^^^^^^
AssertionError: 1 != 2

{STAMP} ERROR db odoo.addons.lot_fefo_3pl.tests.test_a: ERROR: setUpClass (TestB)
Traceback (most recent call last):
KeyError: 'lot'
{STAMP} ERROR db odoo.tests.result: 1 failed, 1 error(s) of 3 tests when loading database 'db'
"""


def read(text):
    log = TestLog()
    for line in text.splitlines(keepends=True):
        log.feed(line)
    return log


class TestTestLog(unittest.TestCase):
    def test_counts_of_a_passed_run_leave_out_skipped_tests(self):
        log = read(PASSED)
        self.assertEqual((log.ran, log.passed, log.failed), (2, 1, 0))
        self.assertEqual(log.skipped, ["TestA.test_two : no browser"])
        self.assertEqual(log.started, 2)

    def test_failures_and_errors_are_added_and_shown_with_their_traceback(self):
        log = read(FAILED)
        self.assertEqual((log.ran, log.passed, log.failed), (3, 1, 2))
        first, second = log.report()
        self.assertIn("AssertionError: 1 != 2", first)
        self.assertNotIn("^^^", first)
        self.assertNotIn("setUpClass", first)
        self.assertIn("KeyError: 'lot'", second)

    def test_a_log_without_a_closing_line_has_run_nothing(self):
        log = read(PASSED.rsplit("\n", 2)[0])
        self.assertFalse(log.closed)
        self.assertEqual((log.ran, log.passed), (0, 0))

    def test_an_error_before_any_test_is_reported(self):
        log = read(f"{STAMP} CRITICAL db odoo.modules.registry: Failed\nParseError: bad view\n")
        self.assertEqual(log.report(), ["Failed\nParseError: bad view"])

    def test_a_long_traceback_is_shortened_in_the_middle(self):
        lines = "\n".join(f"line {number}" for number in range(100))
        log = read(f"{STAMP} ERROR db a.b: FAIL: TestA.test_one\n{lines}\n")
        (block,) = log.report(limit=10)
        self.assertTrue(block.startswith("FAIL: TestA.test_one\n... "))
        self.assertTrue(block.endswith("line 99"))
        self.assertLess(len(block.splitlines()), 13)
