"""The mirror is the one the machine's own apt uses."""

import tempfile
import unittest
from pathlib import Path

from dev import apt_mirror

DEB822 = """\
# a comment
Types: deb deb-src
# another
URIs: https://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb
URIs: https://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
Enabled: no
URIs: https://off.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: https://inline.example/tool
Suites: stable
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
"""
ONE_LINE = """\
deb-src https://source.example/debian bookworm main
# deb https://off.example/debian bookworm main
deb [arch=amd64 signed-by=/etc/apt/key.asc] https://line.example/debian bookworm main # why
deb https://tool.example/apt tool-bookworm main
"""


class TestSources(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.etc = Path(folder.name)
        (self.etc / "sources.list.d").mkdir()

    def test_deb822_files_are_read(self):
        (self.etc / "sources.list.d" / "debian.sources").write_text(DEB822)
        sources = apt_mirror.machine_sources(self.etc)
        self.assertEqual(
            [source.uri for source in sources],
            [
                "https://mirror.example/debian",
                "https://mirror.example/debian-security",
                "https://inline.example/tool",
            ],
        )
        archive = apt_mirror.debian_archive(sources)
        self.assertEqual(archive.uri, "https://mirror.example/debian")
        self.assertEqual(archive.signed_by, "/usr/share/keyrings/debian.gpg")
        self.assertEqual(sources[2].signed_by, "")

    def test_one_line_files_are_read(self):
        (self.etc / "sources.list").write_text(ONE_LINE)
        archive = apt_mirror.debian_archive(apt_mirror.machine_sources(self.etc))
        self.assertEqual(archive.uri, "https://line.example/debian")
        self.assertEqual(archive.signed_by, "/etc/apt/key.asc")

    def test_a_machine_without_a_debian_archive_has_none(self):
        self.assertIsNone(apt_mirror.debian_archive(apt_mirror.machine_sources(self.etc)))

    def test_the_private_list_asks_that_mirror_for_unstable(self):
        source = apt_mirror.Source("https://mirror.example/debian", ("bookworm",), ("main",), "/k")
        apt = apt_mirror.PrivateApt(self.etc / "private", source)
        text = (apt.folder / "sid.sources").read_text()
        self.assertIn("URIs: https://mirror.example/debian\nSuites: sid\n", text)
        self.assertIn("Signed-By: /k\n", text)
        self.assertIn("-oDir::Etc::sourceparts=-", apt.options)
