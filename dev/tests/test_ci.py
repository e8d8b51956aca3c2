"""`.ci/run`: the exit code and the closing line over both parts."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from dev import paths


class TestCi(unittest.TestCase):
    def run_with(self, **parts):
        """Run it with a `make` that prints a closing line and ends with a code per target."""
        cases = "".join(
            f"{target.replace('_', '-')}) echo '{line}'; exit {code};;\n"
            for target, (line, code) in parts.items()
        )
        with tempfile.TemporaryDirectory() as folder:
            make = Path(folder) / "make"
            make.write_text(f"#!/bin/sh\ncase $1 in\n{cases}esac\n")
            make.chmod(0o755)
            done = subprocess.run(
                [paths.ROOT / ".ci" / "run"],
                env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
                capture_output=True,
                text=True,
                check=False,
            )
        return done.returncode, done.stdout.splitlines()[-1]

    def test_both_parts_are_summed(self):
        self.assertEqual(
            self.run_with(test=("7 passed, 0 failed", 0), test_odoo=("650 passed, 0 failed", 0)),
            (0, "657 passed, 0 failed"),
        )

    def test_a_failure_of_either_part_fails(self):
        self.assertEqual(
            self.run_with(test=("6 passed, 1 failed", 2), test_odoo=("650 passed, 0 failed", 0)),
            (1, "656 passed, 1 failed"),
        )
        self.assertEqual(
            self.run_with(test=("7 passed, 0 failed", 0), test_odoo=("649 passed, 2 failed", 2)),
            (1, "656 passed, 2 failed"),
        )

    def test_a_part_that_ran_no_test_fails(self):
        self.assertEqual(
            self.run_with(test=("0 passed, 0 failed", 0), test_odoo=("650 passed, 0 failed", 0)),
            (1, "650 passed, 1 failed"),
        )
        self.assertEqual(
            self.run_with(test=("7 passed, 0 failed", 0), test_odoo=("it broke", 2)),
            (1, "7 passed, 1 failed"),
        )
