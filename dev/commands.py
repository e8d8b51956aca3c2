"""Running other programs: output to a log, one sentence when they fail."""

import os
import subprocess
import time

from dev import paths
from dev.errors import Trouble


def log_path(name):
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    return paths.LOGS / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}.log"


def run_logged(command, name, trouble, *, env=None, cwd=None):
    """Run a command with its output in a log; a failure is `trouble` plus the log's last line."""
    log = log_path(name)
    with log.open("wb") as output:
        try:
            code = subprocess.run(
                [str(part) for part in command],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=env,
                cwd=cwd,
                check=False,
            ).returncode
        except OSError as error:
            raise Trouble(f"{trouble} ({error})") from error
    if code:
        raise Trouble(f"{trouble} {last_words(log)}")
    return log


def last_words(log):
    """The end of a log in one line, and where the rest is."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    last = lines[-1][:300] if lines else "nothing was printed"
    return f"The log {display(log)} ends with: {last.rstrip('.')}."


def display(path):
    """A path as a user at the repository's root would type it."""
    try:
        return os.path.relpath(path, paths.ROOT)
    except ValueError:
        return str(path)
