"""`make lint`: every check is run, each prints one line, the last line sums up."""

import hashlib
import os
import shutil
import subprocess

from dev import commands, locks, odoo_source, paths, stamps, system_packages, venv
from dev.errors import Trouble
from dev.progress import step

PYTHON_FOLDERS = ("dev", "bench", "docs")
XML_SCHEMA = "odoo/import_xml.rng"
JAVASCRIPT = ("**/static/src/**/*.js", "**/static/tests/**/*.js", "*.cjs")
FORMATTED = (*JAVASCRIPT, "**/static/src/**/*.scss", "package.json")


def addons():
    """The folders of this repository that are Odoo addons."""
    return sorted(path.parent.name for path in paths.ROOT.glob("*/__manifest__.py"))


def _python_module(module, *arguments):
    return [str(venv.ensure(venv.LINT)), "-m", module, *arguments]


def _python_sources():
    return [*addons(), *(name for name in PYTHON_FOLDERS if (paths.ROOT / name).is_dir())]


def _node_program(name, *arguments):
    return ["node", str(_node_folder() / "node_modules" / NODE_PROGRAMS[name]), *arguments]


NODE_PROGRAMS = {"eslint": "eslint/bin/eslint.js", "prettier": "prettier/bin/prettier.cjs"}


def _node_folder():
    """The pinned JavaScript tools, installed from the lock file into the cache."""
    system_packages.require(system_packages.NODE)
    sources = [paths.ROOT / name for name in ("package.json", "package-lock.json")]
    key = hashlib.sha1(b"".join(path.read_bytes() for path in sources)).hexdigest()
    folder = paths.CACHE / "node"

    def install(target):
        step("Installing JavaScript tools from package-lock.json (once)")
        for path in sources:
            shutil.copy(path, target)
        commands.run_logged(
            ["npm", "ci", "--no-audit", "--no-fund"],
            "npm",
            "The JavaScript tools could not be installed: check the network and run this again.",
            cwd=target,
        )

    with locks.exclusive("node"):
        return stamps.build(folder, key, install)


def _ruff(*arguments):
    cache = f"--cache-dir={paths.CACHE / 'ruff'}"
    return _python_module("ruff", *arguments, cache, *_python_sources())


def ruff(fix):
    return _ruff("check", *(["--fix"] if fix else []))


def ruff_format(fix):
    return _ruff("format", *([] if fix else ["--check"]))


def pylint(fix):
    # A large model is extended in more than one file, one per concern.
    options = ["--rcfile=.pylintrc", "--disable=consider-merging-classes-inherited"]
    return _python_module("pylint", *options, *addons())


def xml(fix):
    schema = odoo_source.find().root / XML_SCHEMA
    return _python_module("dev.check_xml", str(schema), *addons())


def eslint(fix):
    options = ["--no-error-on-unmatched-pattern", "--max-warnings=0", *(["--fix"] if fix else [])]
    return _node_program("eslint", *options, *JAVASCRIPT)


def prettier(fix):
    options = ["--no-error-on-unmatched-pattern", "--log-level=warn"]
    # Without a cache of its own it would leave a folder node_modules in the repository.
    options += ["--cache", f"--cache-location={paths.CACHE / 'prettier'}"]
    return _node_program("prettier", *options, "--write" if fix else "--check", *FORMATTED)


CHECKS = {
    "ruff": ruff,
    "ruff-format": ruff_format,
    "pylint-odoo": pylint,
    "xml": xml,
    "eslint": eslint,
    "prettier": prettier,
}


def run(names, fix):
    """Run the named checks, or all of them."""
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        raise Trouble(f"There is no check {unknown[0]}: choose from {', '.join(CHECKS)}.")
    wrong = []
    for name in names or CHECKS:
        command = CHECKS[name](fix)
        environment = {**os.environ, "NODE_PATH": str(paths.CACHE / "node" / "node_modules")}
        done = subprocess.run(
            command,
            cwd=paths.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stdout.rstrip())
            wrong.append(name)
        print(f"{name}: {'failed' if done.returncode else 'ok'}", flush=True)
    total = len(names or CHECKS)
    print(f"{total - len(wrong)} checks passed, {len(wrong)} failed")
    return 1 if wrong else 0
