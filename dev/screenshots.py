"""`make screenshots`: the pictures of the guides, taken from the demo's database."""

import http.cookiejar
import json
import urllib.request
from dataclasses import dataclass

from dev import commands, demo, odoo_run, paths
from dev.browser import Browser
from dev.errors import Trouble
from dev.progress import note, step

IMAGES = paths.ROOT / "docs" / "images"


@dataclass(frozen=True)
class Shot:
    """A picture: its file name, the page, who looks at it."""

    name: str
    page: str
    login: str = "admin"
    mobile: bool = False


SHOTS = (
    Shot("lots", "/odoo/controlled-lots"),
    Shot("policies", "/odoo/action-lot_fefo_3pl.stock_lot_policy_action"),
    Shot("holds", "/odoo/action-lot_fefo_3pl.stock_lot_hold_action"),
    Shot("recalls", "/odoo/action-lot_fefo_3pl.stock_lot_recall_action"),
    Shot("audit", "/odoo/action-lot_fefo_3pl.stock_lot_audit_action"),
)


def session(base, login):
    """The session cookie of a user of the demo."""
    password = login if login == "admin" else f"demo-{login}"
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    params = {"db": paths.DEMO_DB, "login": login, "password": password}
    request = urllib.request.Request(
        f"{base}/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode(),
        {"Content-Type": "application/json"},
    )
    with opener.open(request, timeout=60) as answer:
        if "error" in json.load(answer):
            raise Trouble(
                f"The demo's user {login} could not log in: try `make demo ARGS=--fresh`."
            )
    return next(cookie.value for cookie in jar if cookie.name == "session_id")


def take(base, shots):
    for shot in shots:
        size = {"width": 390, "height": 844, "mobile": True} if shot.mobile else {}
        with Browser(**size) as browser:
            browser.set_cookie(base, "session_id", session(base, shot.login))
            browser.open(base + shot.page)
            browser.picture(IMAGES / f"{shot.name}.png")
        note(f"docs/images/{shot.name}.png")


def run(bench, names=()):
    """Take all pictures, or those named, from the demo's database."""
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    if not shots:
        raise Trouble(f"There is no such picture: {', '.join(shot.name for shot in SHOTS)}.")
    demo.prepare(bench)
    port = odoo_run.free_port()
    log = commands.log_path("screenshots-server")
    step(f"Taking {len(shots)} pictures")
    with log.open("wb") as output:
        process = demo.start_server(bench, port, output)
        try:
            demo.wait(process, port, log)
            take(f"http://{odoo_run.HOST}:{port}", shots)
        finally:
            demo.end(process)
    return 0
