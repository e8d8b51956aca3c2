"""`make demo`: a database with the story of a warehouse in it, and a server to look at it."""

import json
import signal
import subprocess
import time

from dev import addon, commands, locks, odoo_run, paths, venv
from dev.errors import Trouble
from dev.progress import note, step

REPORT = "lot_fefo_3pl_dev.demo_report"
CONTENT = "lot_fefo_3pl_dev.demo_content"
STORY = paths.ROOT / "dev" / "demo_story.py"
START_LIMIT = 180


def run(bench, port, serve, fresh=False):
    """Build what is missing, print the report, serve."""
    began = time.monotonic()
    if serve:
        odoo_run.require_port(port)
    report = prepare(bench, fresh)
    if report:
        print(f"\n{report.rstrip()}\n")
    print(f"Demo database {paths.DEMO_DB} ready in {time.monotonic() - began:.0f} s.")
    if serve:
        return _serve(bench, port)
    print("`make demo` serves it; `make clean` removes it.")
    return 0


def prepare(bench, fresh=False):
    """The demo's database with its story in it; the story's report."""
    with locks.exclusive("demo"):
        if fresh:
            bench.databases.drop(paths.DEMO_DB)
        _database(bench)
        return _report(bench)


def _database(bench):
    databases = bench.databases
    content = addon.content_key()
    if not databases.exists(paths.DEMO_DB):
        template = bench.addon_template()
        step(f"Creating the database {paths.DEMO_DB}")
        with locks.exclusive("addon-template"):
            databases.create(paths.DEMO_DB, template)
        databases.write_parameter(paths.DEMO_DB, CONTENT, content)
    elif databases.read_parameter(paths.DEMO_DB, CONTENT) != content:
        step(f"Updating {paths.ADDON_NAME} in {paths.DEMO_DB} (its code changed)")
        arguments = ("-d", paths.DEMO_DB, "-u", paths.ADDON_NAME)
        odoo_run.run_once(
            bench.odoo, bench.server, "update", "The demo could not be updated.", *arguments
        )
        databases.write_parameter(paths.DEMO_DB, CONTENT, content)


def _report(bench):
    """What the story printed; played once, in one transaction, then kept in the database."""
    report = bench.databases.read_parameter(paths.DEMO_DB, REPORT)
    if report:
        return json.loads(report)
    if not STORY.exists():
        note("there is no dev/demo_story.py: the database holds no story")
        return None
    step("Playing the demo story")
    process = subprocess.run(
        [str(venv.python()), "-m", "dev.demo_process", paths.DEMO_DB, REPORT],
        env=odoo_run.environment(bench.odoo, bench.server),
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if process.returncode:
        raise Trouble(
            "The demo story failed, so nothing of it was kept: the traceback above says where."
        )
    return json.loads(bench.databases.read_parameter(paths.DEMO_DB, REPORT))


def _serve(bench, port):
    address = f"http://{odoo_run.HOST}:{port}"
    # Links in mails and pictures in papers begin with it.
    bench.databases.write_parameter(paths.DEMO_DB, "web.base.url", address)
    step(f"Starting Odoo on {address}")
    log = commands.log_path("demo-server")
    with log.open("wb") as output:
        process = start_server(bench, port, output)
        try:
            wait(process, port, log)
            print(
                f"\nOdoo: http://{odoo_run.HOST}:{port}   administrator: admin / admin\n"
                f"Log: {commands.display(log)}. Ctrl-C ends it.",
                flush=True,
            )
            process.wait()
        except KeyboardInterrupt:
            print("\nStopping.")
        finally:
            end(process)
    return 0


def start_server(bench, port, output, database=paths.DEMO_DB):
    """Odoo on the demo's database, or on a copy of it."""
    return odoo_run.start(
        bench.odoo,
        bench.server,
        *("-d", database, "--db-filter", f"^{database}$"),
        *("--http-port", str(port), "--max-cron-threads=1"),
        output=output,
    )


def wait(process, port, log):
    """Return when the server answers."""
    began = time.monotonic()
    while not odoo_run.answers(port):
        if process.poll() is not None or time.monotonic() - began > START_LIMIT:
            raise Trouble(f"Odoo did not start. {commands.last_words(log)}")
        time.sleep(0.3)


def end(process):
    """Stop the server."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
