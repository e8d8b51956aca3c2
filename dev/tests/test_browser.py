"""The browser of `make screenshots` waits for the page and takes its picture."""

import struct
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from dev import browser
from dev.errors import Trouble

DRAWN_LATE = (
    "data:text/html,<body><script>setTimeout(() => "
    "document.body.innerHTML = '<div class=o_portal_wrap>here</div>', 700)</script></body>"
)
FORM = (
    "data:text/html,<body class=o_portal_wrap><div class=o_portal_wrap><input id=name>"
    "<button onclick='document.title = document.getElementById(`name`).value; this.blur()'>"
    "Say it</button></div><script>window.keys = [];"
    "document.addEventListener(`keydown`, (ev) => window.keys.push(ev.key))</script></body>"
)


class TestBrowser(unittest.TestCase):
    def test_a_page_is_pictured_once_it_is_drawn(self):
        with (
            tempfile.TemporaryDirectory() as folder,
            browser.Browser(width=390, height=844, mobile=True) as page,
        ):
            page.open(DRAWN_LATE)
            self.assertEqual(page.evaluate("document.body.innerText.trim()"), "here")
            file = Path(folder) / "images" / "page.png"
            page.picture(file)
            data = file.read_bytes()
        self.assertEqual(data[:4], b"\x89PNG")
        self.assertEqual(struct.unpack(">II", data[16:24]), (780, 1688))

    def test_what_is_named_is_clicked_filled_and_scanned(self):
        with browser.Browser() as page:
            page.open(FORM)
            page.fill("#name", "Ada")
            page.click("Say it")
            page.scan("LOT 1")
            self.assertEqual(
                page.evaluate("document.title + '|' + window.keys.join('')"), "Ada|LOT 1Enter"
            )

    def test_what_does_not_appear_is_trouble(self):
        with browser.Browser() as page:
            page.open(FORM)
            with (
                mock.patch.object(browser, "PAGE_LIMIT", 1),
                self.assertRaisesRegex(Trouble, "'Say nothing' did not appear within 1 seconds"),
            ):
                page.click("Say nothing")

    def test_a_page_that_is_never_drawn_is_trouble(self):
        with (
            mock.patch.object(browser, "PAGE_LIMIT", 1),
            browser.Browser() as page,
            self.assertRaisesRegex(Trouble, "was not drawn within 1 seconds"),
        ):
            page.open("data:text/html,<p>nothing of Odoo</p>")
