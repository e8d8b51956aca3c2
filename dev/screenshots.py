"""`make screenshots`: the pictures of the guides, taken from a copy of the demo's database."""

import http.cookiejar
import json
import urllib.request
from dataclasses import dataclass

from dev import commands, demo, odoo_run, paths, screenshot_list, screenshot_scene
from dev.browser import Browser
from dev.errors import Trouble
from dev.progress import note, step

IMAGES = paths.ROOT / "docs" / "images"
DATABASE = f"{paths.DEMO_DB}_pictures"
DESKTOP = {"width": 1440, "height": 900}
MOBILE = {"width": 390, "height": 844, "mobile": True}


@dataclass
class Client:
    """A user of the demo who is logged in."""

    base: str
    login: str

    def __post_init__(self):
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        password = self.login if self.login == "admin" else f"demo-{self.login}"
        self._post("/web/session/authenticate", db=DATABASE, login=self.login, password=password)

    @property
    def cookie(self):
        return next(cookie.value for cookie in self.jar if cookie.name == "session_id")

    def call(self, model, method, *args, **kwargs):
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self._post(path, model=model, method=method, args=args, kwargs=kwargs)

    def _post(self, path, **params):
        request = urllib.request.Request(
            f"{self.base}{path}",
            json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode(),
            {"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=120) as answer:
            content = json.load(answer)
        if "error" in content:
            reason = content["error"]["data"]["message"]
            raise Trouble(f"The demo refused {path} for {self.login}: {reason}")
        return content["result"]


def take(base, shots):
    """Take these pictures, each in a browser of its own."""
    for shot in shots:
        client = Client(base, shot.login)
        page = shot.page
        if shot.record:
            model, domain = shot.record
            found = Client(base, "admin").call(model, "search", domain, limit=1)
            if not found:
                raise Trouble(f"Picture {shot.name}: the demo has no {model} with {domain}.")
            page = page.format(id=found[0])
        with Browser(**(MOBILE if shot.mobile else DESKTOP)) as browser:
            browser.set_cookie(base, "session_id", client.cookie)
            browser.open(base + page)
            for action, *words in shot.steps:
                getattr(browser, action)(*words)
            browser.picture(IMAGES / f"{shot.name}.png")
        note(f"docs/images/{shot.name}.png")


def run(bench, names=()):
    """Take all pictures, or those named; the demo itself stays as it is."""
    shots = [shot for shot in screenshot_list.SHOTS if not names or shot.name in names]
    if not shots:
        known = ", ".join(shot.name for shot in screenshot_list.SHOTS)
        raise Trouble(f"There is no such picture: {known}.")
    demo.prepare(bench)
    bench.databases.create(DATABASE, paths.DEMO_DB)
    port = odoo_run.free_port()
    log = commands.log_path("screenshots-server")
    step(f"Taking {len(shots)} pictures")
    try:
        with log.open("wb") as output:
            process = demo.start_server(bench, port, output, DATABASE)
            try:
                demo.wait(process, port, log)
                base = f"http://{odoo_run.HOST}:{port}"
                screenshot_scene.set_up(Client(base, "admin"))
                take(base, shots)
            finally:
                demo.end(process)
    finally:
        bench.databases.drop(DATABASE)
    return 0
