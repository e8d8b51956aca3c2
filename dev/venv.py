"""Virtual environments from pinned requirement files."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from dev import commands, disk, locks, paths, stamps, system_packages
from dev.errors import Trouble
from dev.progress import step

RUN = ("venv", "requirements.txt")
LINT = ("lint-venv", "requirements-lint.txt")


def folder(kind=RUN):
    return paths.CACHE / kind[0]


def python(kind=RUN):
    return folder(kind) / "bin" / "python"


def key_of(requirements):
    """Changes with the pinned versions and with the Python that runs them."""
    text = requirements.read_bytes() + sys.version.encode() + sys.base_prefix.encode()
    return hashlib.sha1(text).hexdigest()


def _whole(kind, key):
    place = folder(kind)
    # Scripts of an environment hold its path: one that was moved is made anew.
    stamp = stamps.read(place) or {}
    return (
        stamps.is_current(place, key) and stamp.get("place") == str(place) and python(kind).exists()
    )


def ensure(kind=RUN):
    """The Python of the environment, made or remade when its requirement file changed."""
    requirements = paths.ROOT / kind[1]
    key = key_of(requirements)
    with locks.exclusive(kind[0]):
        if not _whole(kind, key):
            _make(kind, requirements, key)
    return python(kind)


def _make(kind, requirements, key):
    system_packages.require(system_packages.VENV)
    place = folder(kind)
    step(f"Installing Python libraries from {requirements.name} (once)")
    disk.require_free(place, disk.GB, "The Python environment")
    shutil.rmtree(place, ignore_errors=True)
    base = Path(getattr(sys, "_base_executable", None) or sys.executable)
    commands.run_logged(
        [base, "-m", "venv", place], "venv", "Python could not create a virtual environment."
    )
    _pip_install(python(kind), requirements, kind[0])
    # Not renamed into place like other folders: an environment cannot be moved.
    stamps.write(place, key, place=str(place))


def _pip_install(interpreter, requirements, name):
    command = [interpreter, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["-r", requirements]
    trouble = (
        f"The Python libraries of {requirements.name} could not be installed: check the network "
        "and run this again."
    )
    if not os.isatty(1):
        commands.run_logged([*command, "-q"], f"pip-{name}", trouble)
    elif subprocess.run([str(part) for part in command], check=False).returncode:
        raise Trouble(trouble)
