"""Where Odoo 19 comes from: ODOO_HOME, the cache, Debian's package, or a clone of Odoo's own."""

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev import apt_mirror, commands, disk, locks, paths, stamps
from dev.errors import Trouble
from dev.progress import note, step

SERIES = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
# Odoo's package only links to these; unpacked next to it, its links lead somewhere.
DEBIAN_PACKAGES = (
    "odoo-19",
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
DEBIAN_ROOT = "usr/lib/python3/dist-packages"
# Non-free, so left out of Debian's package, while the list of assets still names it.
MISSING_IN_DEBIAN = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Odoo:
    """A usable Odoo 19: the folder for PYTHONPATH, its addons folders, what it is."""

    root: Path
    addons: tuple
    version: str

    @property
    def key(self):
        """Short name of this Odoo for what is derived from it."""
        return hashlib.sha1(f"{self.root} {self.version}".encode()).hexdigest()[:10]


def series_of(root):
    """The series in `odoo/release.py` ("19.0"), None if it is not an Odoo."""
    try:
        text = (root / "odoo" / "release.py").read_text()
    except OSError:
        return None
    match = re.search(r"^version_info\s*=\s*\(([^,]+),([^,]+),", text, re.MULTILINE)
    return ".".join(part.strip().strip("'\"") for part in match.groups()) if match else None


def inspect(root, version):
    """The Odoo below `root`, None when it is not whole."""
    addons = []
    for folder in (root / "odoo" / "addons", root / "addons"):
        names = {path.parent.name for path in folder.glob("*/__manifest__.py")}
        if names & {"base", "stock"}:
            addons.append(folder)
    manifests = {path.parent.name for folder in addons for path in folder.glob("*/__manifest__.py")}
    if not {"base", "web", "stock", "product_expiry"} <= manifests:
        return None
    return Odoo(root, tuple(addons), version)


def from_home(home):
    """The Odoo the user points at: a checkout, or the folder an installed `odoo` lies in."""
    home = Path(home).expanduser().resolve()
    for root in (home, home / DEBIAN_ROOT, home.parent):
        series = series_of(root)
        if series is None:
            continue
        if series != SERIES:
            raise Trouble(f"ODOO_HOME={home} is Odoo {series}; this addon needs Odoo {SERIES}.")
        odoo = inspect(root, _version(root))
        if odoo:
            return odoo
    raise Trouble(
        f"ODOO_HOME={home} holds no Odoo {SERIES} with its addons: point it at a checkout of "
        "Odoo's repository, or unset it to have Odoo fetched."
    )


def _version(root):
    head = subprocess.run(
        ["git", "-C", str(root), "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    if head.returncode == 0 and (root / ".git").exists():
        return head.stdout.strip()
    stamp = (root / "odoo" / "release.py").stat()
    return f"{SERIES} of {int(stamp.st_mtime)}"


def cached(folder):
    """The Odoo of an earlier run, None when there is none or it is not whole."""
    stamp = stamps.read(folder)
    if not stamp or stamp.get("key") != SERIES:
        return None
    return inspect(folder / stamp.get("root", ""), stamp.get("version", ""))


def _unpack_debian(apt, target):
    for deb in apt.download(DEBIAN_PACKAGES):
        if deb.name.startswith("odoo-19_"):
            note(f"unpacking {deb.name} (1.2 GB)")
            version = deb.name.split("_")[1].replace("%3a", ":")
        commands.run_logged(
            ["dpkg-deb", "-x", deb, target], "unpack", f"{deb.name} could not be unpacked."
        )
    placeholder = target / DEBIAN_ROOT / MISSING_IN_DEBIAN
    if not placeholder.exists():
        placeholder.parent.mkdir(parents=True, exist_ok=True)
        placeholder.write_text("/* not in the Debian package */\n")
    return {"root": DEBIAN_ROOT, "version": f"Debian {version}"}


def fetch_debian(target):
    """Debian's package of Odoo 19, taken from the machine's own mirror, unpacked into `target`."""
    source = apt_mirror.debian_archive(apt_mirror.machine_sources())
    if not source:
        raise Trouble("The machine's apt sources name no Debian archive.")
    private = target.with_name("apt-private")
    shutil.rmtree(private, ignore_errors=True)
    try:
        apt = apt_mirror.PrivateApt(private, source)
        note("reading the package list of Debian's suite unstable (11 MB)")
        apt.update()
        return _unpack_debian(apt, target)
    finally:
        shutil.rmtree(private, ignore_errors=True)


def fetch_git(target, repository=REPOSITORY):
    """A shallow clone; git shows its own progress."""
    log = commands.log_path("git-clone")
    command = ["git", "clone", "--branch", SERIES, "--depth", "1", "--progress", repository]
    with log.open("wb") as output:
        # On a terminal git draws its own progress.
        live = os.isatty(2)
        code = subprocess.run(
            [*command, str(target)],
            stdout=output,
            stderr=None if live else output,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
            check=False,
        ).returncode
    if code:
        raise Trouble(f"Odoo's repository could not be cloned. {commands.last_words(log)}")
    head = subprocess.run(
        ["git", "-C", str(target), "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {"root": "", "version": head.stdout.strip()}


def _fetch(target):
    disk.require_free(target, 3 * disk.GB, "Fetching Odoo 19 and building its environment")
    troubles = []
    ways = [fetch_git]
    if apt_mirror.available():
        ways.insert(0, fetch_debian)
    for way in ways:
        try:
            return way(target)
        except Trouble as trouble:
            note(str(trouble))
            troubles.append(trouble)
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
    raise Trouble(
        "Odoo 19 could not be fetched: connect this machine to the network, or set ODOO_HOME to a "
        "folder that holds Odoo 19."
    )


def find():
    """The Odoo to use, fetched if need be."""
    home = os.environ.get("ODOO_HOME")
    if home:
        return from_home(home)
    folder = paths.CACHE / "odoo"
    with locks.exclusive("odoo"):
        odoo = cached(folder)
        if not odoo:
            step("Getting Odoo 19 (once; about 130 MB from Debian, else a clone)")
            shutil.rmtree(folder, ignore_errors=True)
            stamps.build(folder, SERIES, _fetch)
            odoo = cached(folder)
    if not odoo:
        raise Trouble(
            f"What was fetched is not a whole Odoo {SERIES}: run `make clean`, try again."
        )
    return odoo
