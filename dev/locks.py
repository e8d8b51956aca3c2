"""File locks, so that two commands at once do not build or stop the same thing."""

import contextlib
import fcntl

from dev import paths
from dev.progress import note


def _open(name):
    paths.CACHE.mkdir(parents=True, exist_ok=True)
    return (paths.CACHE / f"{name}.lock").open("w")


@contextlib.contextmanager
def exclusive(name):
    """Hold the lock; wait, and say so, while another command holds it."""
    with _open(name) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(f"waiting for another command that is busy with: {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def shared(name):
    """Take the lock together with others; it lasts until the returned file is closed."""
    handle = _open(name)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def last_holder(handle):
    """Whether nobody else holds the shared lock; if so it is now held exclusively."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
