"""`make clean`: removes everything the other commands made."""

import shutil

from dev import paths, postgres
from dev.progress import note, step


def run():
    step("Removing what was made here")
    postgres.remove()
    for folder in (paths.CACHE, paths.ROOT / "dist", paths.ROOT / "build"):
        if folder.exists():
            note(str(folder))
            shutil.rmtree(folder)
    for folder in paths.ROOT.glob("*.egg-info"):
        shutil.rmtree(folder)
    return 0
