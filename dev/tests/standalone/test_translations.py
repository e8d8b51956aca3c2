"""The translations are complete: what a person can read is there in German and Spanish."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import polib

from dev import paths

LANGUAGES = ("de", "es")
DATABASE = os.environ["LOT_TEST_DB"]
PLACEHOLDER = re.compile(r"%\(\w+\)[-#0-9. +]*[a-zA-Z]|%[sdg]|\{\{.*?\}\}|\$\{.*?\}")
MARKUP = re.compile(r"</?[a-z][^>]*>")


class TestTranslations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            template = Path(folder) / "template.pot"
            subprocess.run(
                [
                    *(sys.executable, "-m", "odoo", "i18n", "export"),
                    *("-c", os.environ["ODOO_RC"], "-d", DATABASE),
                    *("-l", "pot", "-o", template, paths.ADDON_NAME),
                ],
                check=True,
                capture_output=True,
            )
            cls.texts = {entry.msgid for entry in polib.pofile(str(template))}

    def translations(self, language):
        file = paths.ROOT / paths.ADDON_NAME / "i18n" / f"{language}.po"
        return {entry.msgid: entry for entry in polib.pofile(str(file))}

    def test_every_text_is_translated(self):
        self.assertGreater(len(self.texts), 1000)
        for language in LANGUAGES:
            known = self.translations(language)
            missing = [
                text for text in self.texts if text not in known or not known[text].msgstr.strip()
            ]
            with self.subTest(language):
                self.assertEqual(sorted(missing), [])

    def test_values_and_markup_are_kept(self):
        """A lost placeholder would be an error in front of the user."""
        for language in LANGUAGES:
            for text, entry in self.translations(language).items():
                for pattern in (PLACEHOLDER, MARKUP):
                    with self.subTest(language, text=text):
                        self.assertEqual(
                            sorted(pattern.findall(text)), sorted(pattern.findall(entry.msgstr))
                        )


if __name__ == "__main__":
    unittest.main()
