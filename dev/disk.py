"""Room on the disk, asked before something large is fetched or built."""

import shutil

from dev.errors import Trouble

GB = 1_000_000_000


def require_free(folder, needed, purpose):
    """Stop when the disk that holds `folder` has less than `needed` bytes left."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(
            f"{purpose} needs {needed / GB:.1f} GB of free disk space, but {folder} has "
            f"{free / GB:.1f} GB: make room, or move the repository to a larger disk."
        )


def folder_size(folder):
    """Bytes of the files below a folder that may be changing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                total += path.stat().st_size
        except OSError:
            continue  # it was renamed or removed meanwhile
    return total
