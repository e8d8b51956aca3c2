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
    && Boolean(document.querySelector(".o_view_controller, .o_portal_wrap, .oe_login_form"))
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
        began, calm = time.monotonic(), 0
        while calm < 4:
            if time.monotonic() - began > PAGE_LIMIT:
                raise Trouble(f"{url} was not drawn within {PAGE_LIMIT} seconds.")
            calm = calm + 1 if self.evaluate(READY) else 0
            time.sleep(0.25)

    def set_cookie(self, url, name, value):
        self.call("Network.setCookie", url=url, name=name, value=value)

    def picture(self, file):
        """Save what is seen as a PNG file."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(data))
