"""Nothing in the repository is silently left out."""

import ast
import unittest

from dev import paths


def imported(package):
    """The modules that a package's `__init__.py` imports from itself."""
    tree = ast.parse((package / "__init__.py").read_text())
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }


class TestLayout(unittest.TestCase):
    def test_odoo_finds_every_test_file(self):
        for addon in (paths.ADDON, *paths.BRIDGES):
            tests = addon / "tests"
            files = {file.stem for file in tests.glob("test_*.py")}
            self.assertTrue(files)
            self.assertEqual(files - imported(tests), set(), f"not imported in {tests}/__init__.py")

    def test_no_test_of_the_addon_is_skipped(self):
        for file in (paths.ADDON / "tests").rglob("*.py"):
            text = file.read_text()
            for word in ("skipTest", "unittest.skip", "@skip"):
                self.assertNotIn(word, text, file)

    def test_every_command_of_the_makefile_is_a_command_of_dev(self):
        from dev.cli import parser

        makefile = (paths.ROOT / "Makefile").read_text()
        (phony,) = [line for line in makefile.splitlines() if line.startswith(".PHONY:")]
        commands = set(phony.split()[1:]) - {"help"}
        for command in commands:
            parser().parse_args([command])
