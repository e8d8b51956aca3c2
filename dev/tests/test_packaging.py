"""The addon can be packaged: `pip wheel` builds it from the files git tracks."""

import ast
import email
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

from dev import paths

PIP_WHEEL = [sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check"]
PIP_WHEEL += ["--no-deps", "--no-build-isolation"]


class WheelCase:
    """One addon's wheel, built from the working copy."""

    addon = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        cls.addClassCleanup(folder.cleanup)
        built = subprocess.run(
            [*PIP_WHEEL, "--wheel-dir", folder.name, str(cls.addon)],
            capture_output=True,
            text=True,
            check=False,
        )
        if built.returncode:
            raise AssertionError(built.stdout + built.stderr)
        (wheel,) = Path(folder.name).glob("*.whl")
        cls.wheel = zipfile.ZipFile(wheel)
        cls.addClassCleanup(cls.wheel.close)
        cls.names = set(cls.wheel.namelist())
        cls.manifest = ast.literal_eval((cls.addon / "__manifest__.py").read_text())

    def metadata(self):
        (name,) = [name for name in self.names if name.endswith(".dist-info/METADATA")]
        return email.message_from_string(self.wheel.read(name).decode())

    def test_every_file_git_tracks_in_the_addon_is_in_the_wheel(self):
        tracked = subprocess.run(
            ["git", "-C", str(self.addon), "ls-files", "--deduplicate"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        expected = {
            f"odoo/addons/{self.addon.name}/{name}"
            for name in tracked
            if name != "pyproject.toml" and (self.addon / name).exists()
        }
        self.assertIn(f"odoo/addons/{self.addon.name}/__manifest__.py", expected)
        self.assertIn(f"odoo/addons/{self.addon.name}/tests/__init__.py", expected)
        self.assertLessEqual(expected, self.names)

    def test_nothing_but_the_addon_is_in_the_wheel(self):
        others = {
            name
            for name in self.names
            if not name.startswith(f"odoo/addons/{self.addon.name}/") and ".dist-info/" not in name
        }
        self.assertEqual(others, set())

    def test_the_metadata_names_version_and_requirements(self):
        metadata = self.metadata()
        self.assertEqual(metadata["Name"], f"odoo-addon-{self.addon.name}")
        self.assertTrue(metadata["Version"].startswith(self.manifest["version"]))
        required = metadata.get_all("Requires-Dist")
        self.assertTrue([line for line in required if line.startswith("odoo")], required)
        for library in self.manifest.get("external_dependencies", {}).get("python", ()):
            self.assertIn(library, required)


class TestWheel(WheelCase, unittest.TestCase):
    addon = paths.ADDON


def load_tests(loader, tests, pattern):
    """The same for every bridge."""
    for bridge in paths.BRIDGES:
        case = type(f"TestWheelOf_{bridge.name}", (WheelCase, unittest.TestCase), {"addon": bridge})
        tests.addTests(loader.loadTestsFromTestCase(case))
    return tests
