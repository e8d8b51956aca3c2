"""The Debian mirrors that this machine already trusts, and packages taken from them into a folder.

Nothing is installed: apt verifies a private package list with the machine's own keys and
downloads into a folder of ours.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev import commands, disk
from dev.errors import Trouble
from dev.progress import DownloadBar, note

ETC_APT = Path("/etc/apt")


@dataclass(frozen=True)
class Source:
    """One archive of the machine's configuration."""

    uri: str
    suites: tuple
    components: tuple
    signed_by: str = ""


def _deb822(text):
    for paragraph in re.split(r"\n\s*\n", text):
        fields, name = {}, None
        for line in paragraph.splitlines():
            if line.lstrip().startswith("#"):
                continue
            if line[:1].isspace() and name:
                fields[name] += "\n" + line.strip()
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" not in fields.get("types", "").split():
            continue
        if fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        signed_by = fields.get("signed-by", "")
        for uri in fields.get("uris", "").split():
            yield Source(
                uri,
                tuple(fields.get("suites", "").split()),
                tuple(fields.get("components", "").split()),
                # A key may be given inline, over several lines: then apt's own keys must do.
                "" if "\n" in signed_by else signed_by,
            )


def _one_line(text):
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*([^#]*)", line)
        if match:
            options, uri, suite, components = match.groups()
            signed_by = re.search(r"signed-by=(\S+)", options or "")
            yield Source(
                uri,
                (suite,),
                tuple(components.split()),
                signed_by.group(1) if signed_by else "",
            )


def machine_sources(etc=ETC_APT):
    """The archives in the machine's apt configuration, both file forms."""
    files = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]
    sources = []
    for file in files:
        if not file.is_file():
            continue
        text = file.read_text(errors="replace")
        if file.suffix == ".sources":
            sources += _deb822(text)
        elif file.suffix == ".list":
            sources += _one_line(text)
    return sources


def is_debian(os_release=Path("/etc/os-release")):
    try:
        return bool(re.search(r'^ID="?debian"?$', os_release.read_text(), re.MULTILINE))
    except OSError:
        return False


def debian_archive(sources):
    """The archive that carries this Debian's main suite, from which `sid` can be asked too."""
    for source in sources:
        plain = [suite for suite in source.suites if re.fullmatch(r"[a-z]+", suite)]
        if "main" in source.components and plain and "security" not in source.uri:
            return source
    return None


class PrivateApt:
    """apt-get with lists, archives and configuration of its own below `folder`."""

    def __init__(self, folder, source):
        self.folder = folder
        for part in ("lists/partial", "archives/partial", "debs"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        signed_by = f"Signed-By: {source.signed_by}\n" if source.signed_by else ""
        sources = folder / "sid.sources"
        sources.write_text(
            f"Types: deb\nURIs: {source.uri}\nSuites: sid\nComponents: main\n{signed_by}"
        )
        self.options = [
            f"-oDir::Etc::sourcelist={sources}",
            "-oDir::Etc::sourceparts=-",
            f"-oDir::State::Lists={folder / 'lists'}",
            f"-oDir::Cache={folder}",
            f"-oDir::Cache::archives={folder / 'archives'}",
            "-oAcquire::Languages=none",
            "-oAcquire::Retries=2",
            # The sandbox user of apt could not write into a private folder.
            "-oAPT::Sandbox::User=root",
        ]

    def update(self):
        commands.run_logged(
            ["apt-get", *self.options, "--error-on=any", "-q", "update"],
            "apt-update",
            "The package list of Debian's suite unstable could not be fetched.",
        )

    def _sizes(self, packages):
        printed = subprocess.run(
            ["apt-get", *self.options, "download", "--print-uris", *packages],
            cwd=self.folder / "debs",
            capture_output=True,
            text=True,
            check=False,
        )
        if printed.returncode:
            raise Trouble(f"Debian's suite unstable lacks a package of {' '.join(packages)}.")
        return [int(size) for size in re.findall(r"^'\S+' \S+ (\d+)", printed.stdout, re.MULTILINE)]

    def download(self, packages):
        """Fetch packages, show a bar, return their files."""
        debs = self.folder / "debs"
        total = sum(self._sizes(packages))
        disk.require_free(debs, total + disk.GB // 5, "Downloading Odoo")
        with DownloadBar(lambda: disk.folder_size(debs), total):
            commands.run_logged(
                ["apt-get", *self.options, "-q", "download", *packages],
                "apt-download",
                "The Debian packages of Odoo could not be downloaded.",
                cwd=debs,
            )
        note(f"{len(packages)} packages, signatures checked by apt")
        return sorted(debs.glob("*.deb"))


def available():
    return is_debian() and bool(shutil.which("apt-get")) and bool(shutil.which("dpkg-deb"))
