"""Programs that come from the system: PostgreSQL, a browser, the PDF printer, npm."""

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev import commands, locks
from dev.errors import Trouble
from dev.progress import note, step

MINIMUM_POSTGRES = 13
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def postgres_versions(folder=Path("/usr/lib/postgresql")):
    """Installed PostgreSQL servers as {major version: folder of its programs}."""
    found = {}
    for programs in folder.glob("*/bin"):
        if programs.parent.name.isdigit() and (programs / "initdb").exists():
            found[int(programs.parent.name)] = programs
    initdb = shutil.which("initdb")
    if not found and initdb:
        programs = Path(initdb).resolve().parent
        major = _major_of(initdb)
        if major:
            found[major] = programs
    return found


def _major_of(program):
    printed = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    match = re.search(r"\)\s+(\d+)", printed)
    return int(match.group(1)) if match else None


def postgres_programs(major=None, versions=None):
    """The folder with initdb and pg_ctl: of this major version, or the newest."""
    versions = postgres_versions() if versions is None else versions
    if major:
        if major not in versions:
            raise Trouble(
                f"The databases in the cache were made by PostgreSQL {major}, which is no longer "
                "installed: install it again, or run `make clean` to start afresh."
            )
        return versions[major]
    if not versions:
        return None
    newest = max(versions)
    if newest < MINIMUM_POSTGRES:
        raise Trouble(
            f"PostgreSQL {newest} is installed, but {MINIMUM_POSTGRES} or later is needed: install "
            "a newer server, or set PGHOST or DATABASE_URL to one."
        )
    return versions[newest]


@dataclass(frozen=True)
class Need:
    """A program, how to tell that it is there, the Debian packages that bring it."""

    what: str
    present: callable
    packages: tuple
    optional: bool = False


POSTGRES = Need("PostgreSQL 13 or later", lambda: postgres_programs() is not None, ("postgresql",))
VENV = Need(
    "Python's venv module",
    lambda: importlib.util.find_spec("ensurepip") is not None,
    ("python3-venv",),
)
BROWSER = Need("Chromium", lambda: any(map(shutil.which, BROWSERS)), ("chromium",))
PDF = Need("wkhtmltopdf", lambda: bool(shutil.which("wkhtmltopdf")), ("wkhtmltopdf",), True)
NODE = Need("Node.js with npm", lambda: bool(shutil.which("npm")), ("nodejs", "npm"))


def missing(needs):
    return [need for need in needs if not need.present()]


def require(*needs):
    """Make the programs be there: installed with apt when root, else one message names them."""
    lacking = missing(needs)
    if not lacking:
        return
    can_install = os.geteuid() == 0 and shutil.which("apt-get")
    required = [need for need in lacking if not need.optional]
    if can_install:
        _install(lacking)
    elif required:
        names = ", ".join(need.what for need in required)
        packages = " ".join(package for need in lacking for package in need.packages)
        raise Trouble(
            f"This machine lacks {names}: install the packages `{packages}` (as root, for example "
            f"`apt-get install {packages}`), then run this again."
        )
    for need in missing(lacking):
        if not need.optional:
            raise Trouble(f"{need.what} is still missing after {need.packages} was installed.")
        note(f"{need.what} is not there: PDF reports cannot be printed, all else works")


def _install(needs):
    step(f"Installing {', '.join(need.what for need in needs)} with apt")
    with locks.exclusive("apt"):
        commands.run_logged(
            ["apt-get", "-q", "update"],
            "apt-update",
            "The package lists could not be fetched: check the network.",
        )
        required = [p for need in needs if not need.optional for p in need.packages]
        optional = [need.packages for need in needs if need.optional]
        groups = ([required] if required else []) + [list(group) for group in optional]
        for number, packages in enumerate(groups):
            try:
                _apt_install(packages)
            except Trouble:
                if number == 0 and required:
                    raise
                note(f"{' '.join(packages)} cannot be installed here")


def _apt_install(packages):
    note(" ".join(packages))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands.run_logged(
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
        "apt-install",
        f"apt could not install {' '.join(packages)}.",
        env=environment,
    )
