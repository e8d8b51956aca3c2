"""A headless Chromium that is told what to do over its DevTools protocol."""

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

from dev.errors import Trouble
from dev.system_packages import BROWSERS

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--hide-scrollbars", "--remote-debugging-port=0", "--remote-allow-origins=*"),
)
START_LIMIT = 30
PAGE_LIMIT = 60
# Odoo's web client has drawn a view, or a portal page is there; no request is under way.
READY = """
    document.readyState === "complete" && document.fonts.status === "loaded"
    && !document.querySelector(".o_blockUI, .o_loading_indicator")
    && Boolean(document.querySelector(
        ".o_view_controller, .o_content, .o_lot_station, .o_portal_wrap, .oe_login_form"))
"""
# The element that a selector names, or the words on it; of several with these words the last one,
# so that an open dialog goes before the page below it.
FIND = """
    ((what) => {
        const WORDED = "a, button, [role=tab], td, label";
        const isSelector = /^[.#[]/.test(what);
        const isThere = (node) =>
            node.getClientRects().length && !node.closest("[aria-hidden=true]");
        const words = (node) =>
            (node.innerText || node.ariaLabel || "").trim().replace(/\\s+/g, " ");
        const nodes = [...document.querySelectorAll(isSelector ? what : WORDED)].filter(isThere);
        return isSelector ? nodes[0] : nodes.filter((node) => words(node) === what).at(-1);
    })
"""


class Browser:
    """Context: one page."""

    def __init__(self, width=1280, height=800, mobile=False):
        self.metrics = {"width": width, "height": height, "mobile": mobile}
        self.metrics["deviceScaleFactor"] = 2 if mobile else 1
        self.numbers = itertools.count(1)

    def __enter__(self):
        program = next(filter(None, map(shutil.which, BROWSERS)))
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={self.profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.socket = websocket.create_connection(self._page_url(), timeout=PAGE_LIMIT)
            self.call("Page.enable")
            self.call("Emulation.setDeviceMetricsOverride", **self.metrics)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *exc):
        self.socket.close()
        self._end()

    def _end(self):
        self.process.terminate()
        self.process.wait()
        self.profile.cleanup()

    def _page_url(self):
        port_file = Path(self.profile.name) / "DevToolsActivePort"
        began = time.monotonic()
        while time.monotonic() - began < START_LIMIT:
            if port_file.exists() and port_file.read_text().count("\n"):
                port = port_file.read_text().split()[0]
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
                    pages = [page for page in json.load(answer) if page["type"] == "page"]
                if pages:
                    return pages[0]["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise Trouble("Chromium did not start: try `chromium --headless about:blank` by hand.")

    def call(self, method, **parameters):
        """Call a method of the protocol and return its result."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise Trouble(f"Chromium refused {method}: {message['error']['message']}.")
                return message["result"]

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return result["result"].get("value")

    def open(self, url):
        """Go to a page and wait until Odoo has drawn it."""
        self.call("Page.navigate", url=url)
        self._wait(READY, f"{url} was not drawn", 4)

    def _wait(self, expression, what, times=1):
        """Return when the expression was true so many times in a row."""
        began, calm = time.monotonic(), 0
        while calm < times:
            if time.monotonic() - began > PAGE_LIMIT:
                raise Trouble(f"{what} within {PAGE_LIMIT} seconds.")
            calm = calm + 1 if self.evaluate(expression) else 0
            time.sleep(0.25)

    def click(self, what):
        """Click on what a CSS selector (it begins with . # or [) or the words on it name."""
        found = f"{FIND}({json.dumps(what)})"
        self._wait(f"Boolean({found})", f"{what!r} did not appear")
        self.evaluate(f"{found}.scrollIntoView({{block: 'nearest'}}), {found}.click()")
        self._wait(READY, f"Nothing was drawn after {what!r}", 4)

    def fill(self, selector, text):
        """Enter a text and take Odoo's first suggestion, if it makes one."""
        found = f"{FIND}({json.dumps(selector)})"
        self._wait(f"Boolean({found})", f"{selector!r} did not appear")
        self.evaluate(f"{found}.focus(), {found}.select?.()")
        self.call("Input.insertText", text=text)
        if self.evaluate(f"{found}.role === 'combobox'"):
            self.click(".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a")
        self._wait(READY, f"Nothing was drawn after {text!r}", 4)

    def scroll(self, selector):
        """Bring an element to the top."""
        self.evaluate(f"{FIND}({json.dumps(selector)}).scrollIntoView()")

    def scan(self, text):
        """Type as a scanner on a keyboard wedge does."""
        for key in [*text, "Enter"]:
            written = {"text": key} if len(key) == 1 else {"text": "\r"}
            self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **written)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=key)
        self._wait(READY, f"Nothing was drawn after the scan of {text!r}", 8)

    def set_cookie(self, url, name, value):
        self.call("Network.setCookie", url=url, name=name, value=value)

    def picture(self, file):
        """Save what is seen as a PNG file."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(data))
