"""Which tests `make test T=...` runs, and what the closing line says."""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from dev import paths, selection, tests_runner
from dev.errors import Trouble


class TestSelect(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        tests = Path(folder.name) / "tests"
        (tests / "standalone").mkdir(parents=True)
        (tests / "test_segregation_bins.py").write_text(
            "class TestBins:\n    pass\n\n\nclass TestOwners:\n    pass\n"
        )
        (tests / "test_audit.py").write_text("class TestAudit:\n    pass\n")
        (tests / "standalone" / "test_segregation_race.py").touch()
        patch = mock.patch.object(paths, "ADDON", Path(folder.name))
        patch.start()
        self.addCleanup(patch.stop)

    def test_all_by_default(self):
        everything = selection.select()
        self.assertEqual(everything.tags, "/lot_fefo_3pl")
        names = [file.name for file in everything.standalone]
        self.assertEqual(names[0], "test_segregation_race.py")
        self.assertLessEqual(
            {"test_demo_story.py", "test_replica.py", "test_generate.py"}, set(names)
        )
        self.assertIn(Path(__file__).resolve(), everything.plain)
        self.assertEqual(everything.bridges, tuple(bridge.name for bridge in paths.BRIDGES))

    def test_a_part_of_a_name_means_the_classes_of_those_files(self):
        part = selection.select("segregation")
        self.assertEqual(part.tags, "/lot_fefo_3pl:TestBins,/lot_fefo_3pl:TestOwners")
        self.assertEqual(len(part.standalone), 1)
        self.assertEqual(part.plain, ())

    def test_a_name_finds_the_bridge_that_tests_it(self):
        self.assertEqual(selection.select("production").bridges, ("lot_fefo_3pl_mrp",))

    def test_an_odoo_tag_is_passed_on(self):
        self.assertEqual(selection.select("/lot_fefo_3pl:TestBins.test_x").standalone, ())
        self.assertEqual(
            selection.select("/lot_fefo_3pl:TestBins.test_x").tags, "/lot_fefo_3pl:TestBins.test_x"
        )

    def test_a_name_that_matches_nothing_is_trouble(self):
        with self.assertRaisesRegex(Trouble, "No test file matches"):
            selection.select("segretation")


class TestTotals(unittest.TestCase):
    def close(self, *parts):
        totals = tests_runner.Totals()
        for part in parts:
            totals.add(*part)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            code = totals.close()
        return code, printed.getvalue().splitlines()[-1]

    def test_parts_are_summed_in_the_last_line(self):
        self.assertEqual(self.close((3, 0), (4, 0, 1)), (0, "7 passed, 0 failed"))

    def test_a_failure_sets_the_exit_code(self):
        self.assertEqual(self.close((3, 0), (0, 2)), (1, "3 passed, 2 failed"))

    def test_no_test_at_all_fails(self):
        self.assertEqual(self.close(), (1, "0 passed, 0 failed"))


class TestWatchdog(unittest.TestCase):
    def test_a_silent_process_is_ended(self):
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        watch = tests_runner.Watchdog(process, 0.2)
        self.assertNotEqual(process.wait(timeout=20), 0)
        watch.stop()
        self.assertTrue(watch.barked)


class TestRunUnittest(unittest.TestCase):
    def test_counts_of_a_file_are_written(self):
        with tempfile.TemporaryDirectory() as folder:
            file, counts = Path(folder) / "test_x.py", Path(folder) / "counts.json"
            file.write_text(
                "import unittest\n"
                "class TestX(unittest.TestCase):\n"
                "    def test_good(self): pass\n"
                "    def test_bad(self): self.fail('so')\n"
                "    def test_left(self): self.skipTest('why')\n"
            )
            done = subprocess.run(
                [sys.executable, "-m", "dev.run_unittest", counts, file],
                cwd=paths.ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            self.assertEqual(done.returncode, 1)
            self.assertEqual(
                json.loads(counts.read_text()), {"passed": 1, "failed": 1, "skipped": 1}
            )
            self.assertIn("AssertionError: so", tests_runner.plain_failures(done.stderr))
