"""The commands of `python3 -m dev`."""

import argparse
import os
import subprocess
import sys

from dev import clean, odoo_run, paths, system_packages, venv, workbench
from dev.errors import Trouble

DEFAULT_PORT = 8069


def parser():
    main_parser = argparse.ArgumentParser(prog="python3 -m dev")
    commands = main_parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="play the demo story and serve Odoo")
    demo.add_argument("--no-serve", action="store_true", help="end after the report")
    demo.add_argument("--fresh", action="store_true", help="drop the demo's database first")
    demo.add_argument("--port", type=int, default=int(os.environ.get("PORT") or DEFAULT_PORT))
    test = commands.add_parser("test", help="run the addon's tests")
    test.add_argument("wanted", nargs="?", default="", help="part of a file name, or an Odoo tag")
    commands.add_parser("test-odoo", help="run Odoo's own tests with the addon loaded")
    lint = commands.add_parser("lint", help="check code, XML and JavaScript")
    lint.add_argument("checks", nargs="*", help="only these checks")
    lint.add_argument("--fix", action="store_true", help="repair what can be repaired")
    for name, text in (("bench", "run the benchmarks"), ("screenshots", "take the pictures")):
        command = commands.add_parser(name, help=text)
        command.add_argument("arguments", nargs=argparse.REMAINDER)
    shell = commands.add_parser("shell", help="an Odoo shell on the demo database")
    shell.add_argument("database", nargs="?", default=paths.DEMO_DB)
    commands.add_parser("validation", help="write docs/validation.md from the tests")
    commands.add_parser("clean", help="remove everything the commands made")
    return main_parser


def _demo(options, bench):
    from dev import demo

    return demo.run(bench, options.port, serve=not options.no_serve, fresh=options.fresh)


def _test(options, bench):
    from dev import tests_runner

    tests_runner.remove_old_logs()
    return tests_runner.run_tests(bench, options.wanted)


def _test_odoo(options, bench):
    from dev import tests_runner

    return tests_runner.run_odoo_tests(bench)


def _bench(options, bench):
    command = [str(venv.python()), "-m", "bench", *options.arguments]
    environment = odoo_run.environment(bench.odoo, bench.server, LOT_BASE_DB=bench.base_template())
    return subprocess.run(command, env=environment, cwd=paths.ROOT, check=False).returncode


def _screenshots(options, bench):
    from dev import screenshots

    return screenshots.run(bench, options.arguments)


def _shell(options, bench):
    if not bench.databases.exists(options.database):
        raise Trouble(f"There is no database {options.database}: `make demo` creates it.")
    command = odoo_run.command("shell", "-c", paths.ODOO_CONF, "-d", options.database, "--no-http")
    environment = odoo_run.environment(bench.odoo, bench.server)
    return subprocess.run([str(part) for part in command], env=environment, check=False).returncode


NEEDS = {
    "demo": (_demo, (system_packages.PDF,)),
    "test": (_test, (system_packages.BROWSER, system_packages.PDF)),
    "test-odoo": (_test_odoo, (system_packages.BROWSER, system_packages.PDF)),
    "bench": (_bench, ()),
    "screenshots": (_screenshots, (system_packages.BROWSER,)),
    "shell": (_shell, ()),
}


def dispatch(arguments):
    options = parser().parse_args(arguments)
    if options.command == "clean":
        return clean.run()
    if options.command == "validation":
        from dev import validation

        return validation.run()
    if options.command == "lint":
        from dev import lint

        return lint.run(options.checks, options.fix)
    function, needs = NEEDS[options.command]
    if not (os.environ.get("PGHOST") or os.environ.get("DATABASE_URL")):
        needs = (system_packages.POSTGRES, *needs)
    workbench.enter_environment(arguments, *needs)
    return function(options, workbench.prepare())


def main(arguments):
    try:
        return dispatch(arguments)
    except Trouble as trouble:
        sys.stdout.flush()
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
