"""Folders that are either whole or absent.

A folder counts as made only when its stamp says so, and the stamp is written last. A run that
was killed half-way leaves no stamp (or another one), so the next run builds the folder again.
"""

import json
import shutil
from pathlib import Path

STAMP = ".complete.json"


def read(folder):
    """The stamp of a whole folder, None if there is none or it cannot be read."""
    try:
        stamp = json.loads((Path(folder) / STAMP).read_text())
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None


def is_current(folder, key):
    stamp = read(folder)
    return bool(stamp) and stamp.get("key") == key


def write(folder, key, **details):
    (Path(folder) / STAMP).write_text(json.dumps({"key": key, **details}))


def build(folder, key, builder):
    """Return `folder`, made by `builder(temporary folder)` unless it is whole already."""
    folder = Path(folder)
    if is_current(folder, key):
        return folder
    temporary = folder.with_name(folder.name + ".building")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    details = builder(temporary) or {}
    write(temporary, key, **details)
    if folder.exists():
        shutil.rmtree(folder)
    temporary.rename(folder)
    return folder
