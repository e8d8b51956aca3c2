"""The guides and their pictures belong together."""

import re
import unittest

from dev import paths, screenshot_list, screenshots

PICTURE = re.compile(r"(?:\]\(|src=\")([^)\"]+\.png)")
LINK = re.compile(r"\]\(([^)#:]+)\)")
LARGEST = 250_000


def guides():
    return [paths.ROOT / "README.md", *sorted((paths.ROOT / "docs").glob("*.md"))]


def named(pattern):
    """The files that the guides name by this pattern."""
    return {
        (guide.parent / name).resolve()
        for guide in guides()
        for name in pattern.findall(guide.read_text())
    }


class TestScreenshots(unittest.TestCase):
    def test_every_picture_is_shown_in_a_guide_and_every_shown_one_is_there(self):
        self.assertEqual(named(PICTURE), set(screenshots.IMAGES.resolve().iterdir()))

    def test_every_picture_is_taken_by_the_script(self):
        names = [shot.name for shot in screenshot_list.SHOTS]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(set(names), {file.stem for file in screenshots.IMAGES.iterdir()})

    def test_no_picture_is_large(self):
        for file in screenshots.IMAGES.iterdir():
            self.assertLess(file.stat().st_size, LARGEST, file)

    def test_every_link_of_the_guides_leads_to_a_file(self):
        self.assertEqual([str(file) for file in named(LINK) if not file.exists()], [])
