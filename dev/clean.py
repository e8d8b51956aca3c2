"""`make clean`: removes everything the other commands made."""

import shutil

from dev import paths, postgres
from dev.progress import note, step


def run():
    step("Removing what was made here")
    postgres.remove()
    if paths.CACHE.exists():
        note(str(paths.CACHE))
        shutil.rmtree(paths.CACHE)
    for folder in sorted(paths.ROOT.rglob("__pycache__")):
        shutil.rmtree(folder, ignore_errors=True)
    return 0
