"""`make test` and `make test-odoo`: every part run and counted, one closing line."""

import json
import os
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass

from dev import addon, commands, locks, odoo_run, paths, venv
from dev.errors import Trouble
from dev.progress import Ticker, note, step
from dev.selection import select
from dev.test_log import TestLog

# Plain Odoo runs 660; far fewer means that the tests were not found, not that they pass.
FEWEST_ODOO_TESTS = 600
SILENCE_LIMIT = 600
SHOWN_FAILURES = 12


@dataclass
class Totals:
    """What all parts add up to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, passed, failed, skipped=0):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped

    def close(self):
        """Print the closing line; the exit code."""
        if self.skipped:
            note(f"{self.skipped} skipped")
        if not self.passed and not self.failed:
            print("No test ran.")
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 0 if self.passed and not self.failed else 1


class Runner:
    """Runs the parts on databases of their own."""

    def __init__(self, bench):
        self.bench = bench
        self.totals = Totals()
        self.database = f"{paths.DB_PREFIX}test_{os.getpid()}"

    def fresh_database(self):
        """A copy of the database with the addon installed."""
        template = self.bench.addon_template()
        with locks.exclusive("addon-template"):
            self.bench.databases.create(self.database, template)
        return self.database

    def drop_database(self):
        self.bench.databases.drop(self.database)

    def drop_leftovers(self):
        """Databases of test runs that were killed."""
        for name in self.bench.databases.names(f"{paths.DB_PREFIX}test_"):
            if not os.path.exists(f"/proc/{name.rsplit('_', 1)[1]}"):
                self.bench.databases.drop(name)

    def plain(self, files, title, environment=None):
        """Files of plain unittest tests in a process of their own."""
        step(title)
        log = commands.log_path("plain-tests")
        counts_file = log.with_suffix(".json")
        command = [venv.python(), "-m", "dev.run_unittest", counts_file, *files]
        with log.open("wb") as output:
            code = subprocess.run(
                [str(part) for part in command],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=paths.ROOT,
                env=environment or os.environ,
                check=False,
            ).returncode
        try:
            counts = json.loads(counts_file.read_text())
        except (OSError, ValueError):
            counts = {"passed": 0, "failed": 1, "skipped": 0}
        counts_file.unlink(missing_ok=True)
        if not any(counts.values()) or (code and not counts["failed"]):
            counts["failed"] += 1
        if counts["failed"]:
            print(plain_failures(log.read_text(errors="replace")))
            note(f"all of it: {commands.display(log)}")
        self.totals.add(**counts)
        note(f"{counts['passed']} passed, {counts['failed']} failed")

    def odoo(self, tags, title, fewest=1, install=()):
        """Odoo's own runner with these test tags, on a fresh database with the addon loaded.

        ``install`` names further addons that are installed first, with what they need.
        """
        database = self.fresh_database()
        step(title)
        log_file = commands.log_path("odoo-tests")
        log, code, seconds = self._run_odoo(database, tags, log_file, install)
        failed = log.failed
        if log.ran < fewest:
            note(f"only {log.ran} tests ran, at least {fewest} were expected")
            failed = max(failed, 1)
        elif code and not failed:
            note(f"Odoo ended with exit code {code}")
            failed = 1
        if failed:
            self._show(log, log_file)
        self.totals.add(log.passed, failed, len(log.skipped))
        note(f"{log.passed} passed, {failed} failed in {seconds:.0f} s")
        for skipped in log.skipped:
            note(f"skipped {skipped}")

    def _run_odoo(self, database, tags, log_file, install):
        log, ticker, began = TestLog(), Ticker(), time.monotonic()
        arguments = ["-d", database, "--test-tags", tags, "--max-cron-threads=0"]
        arguments += ["--http-port", str(odoo_run.free_port())]
        if install:
            arguments += ["-i", ",".join(install)]
        process = odoo_run.start(
            self.bench.odoo, self.bench.server, *arguments, output=subprocess.PIPE
        )
        watch = Watchdog(process, SILENCE_LIMIT)
        try:
            with log_file.open("w") as copy:
                for raw in process.stdout:
                    line = raw.decode(errors="replace")
                    copy.write(line)
                    log.feed(line)
                    watch.fed()
                    ticker.show(f"{log.started} started, {len(log.failures)} failed  {log.current}")
            code = process.wait()
        finally:
            watch.stop()
            ticker.end()
            if process.poll() is None:
                process.terminate()
                process.wait()
        if watch.barked:
            note(f"stopped: no sign of life for {SILENCE_LIMIT // 60} minutes")
        return log, code, time.monotonic() - began

    @staticmethod
    def _show(log, log_file):
        blocks = log.report()
        for block in blocks[:SHOWN_FAILURES]:
            print(f"\n{block}")
        if len(blocks) > SHOWN_FAILURES:
            print(f"\n... and {len(blocks) - SHOWN_FAILURES} more")
        if not blocks:
            print("\n".join(log_file.read_text(errors="replace").splitlines()[-30:]))
        note(f"all of it: {commands.display(log_file)}")

    def standalone(self, file):
        """A test file that needs real cursors and commits, on a database of its own."""
        database = self.fresh_database()
        environment = odoo_run.environment(
            self.bench.odoo,
            self.bench.server,
            LOT_TEST_DB=database,
            LOT_BASE_DB=self.bench.base_template(),
        )
        self.plain([file], f"Standalone tests of {file.name}", environment)


class Watchdog:
    """Ends a process that has been silent for too long."""

    def __init__(self, process, limit):
        self.process, self.limit = process, limit
        self.barked = False
        self.last = time.monotonic()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def fed(self):
        self.last = time.monotonic()

    def stop(self):
        self.ended.set()
        self.thread.join()

    def _watch(self):
        while not self.ended.wait(min(5, self.limit / 4)):
            if time.monotonic() - self.last > self.limit:
                self.barked = True
                self.process.kill()
                return


def plain_failures(text):
    """The part of unittest's output that tells of failures."""
    start = text.find("=" * 70)
    return text[start:] if start >= 0 else "\n".join(text.splitlines()[-30:])


def run_tests(bench, wanted=""):
    """`make test`."""
    selection = select(wanted)
    runner = Runner(bench)
    runner.drop_leftovers()
    try:
        if selection.plain:
            runner.plain(selection.plain, "Plain Python tests")
        if selection.tags:
            runner.odoo(selection.tags, f"Tests of {paths.ADDON_NAME} {wanted}".rstrip())
        if selection.bridges:
            tags = ",".join(f"/{name}" for name in selection.bridges)
            title = f"Tests of {', '.join(selection.bridges)}"
            runner.odoo(tags, title, len(selection.bridges), selection.bridges)
        for file in selection.standalone:
            runner.standalone(file)
    except Trouble as trouble:
        return _closed_by(runner, trouble)
    finally:
        runner.drop_database()
    return runner.totals.close()


def run_odoo_tests(bench):
    """`make test-odoo`: Odoo's own tests with the addon installed and loaded."""
    runner = Runner(bench)
    runner.drop_leftovers()
    tags = ",".join(f"/{module}" for module in addon.TESTED_IN_ODOO)
    try:
        title = f"Odoo's own tests of {', '.join(addon.TESTED_IN_ODOO)}, {paths.ADDON_NAME} loaded"
        runner.odoo(tags, title, FEWEST_ODOO_TESTS)
    except Trouble as trouble:
        return _closed_by(runner, trouble)
    finally:
        runner.drop_database()
    return runner.totals.close()


def _closed_by(runner, trouble):
    """A part that could not run is a failure, and the closing line still comes last."""
    print(trouble, flush=True)
    runner.totals.add(0, 1)
    return runner.totals.close()


def remove_old_logs(keep=40):
    """Logs of the latest runs are enough."""
    if paths.LOGS.exists():
        logs = sorted(paths.LOGS.glob("*.log"))
        for log in logs[:-keep]:
            log.unlink(missing_ok=True)
    shutil.rmtree(paths.LOGS / "screenshots", ignore_errors=True)
