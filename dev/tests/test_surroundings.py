"""What bad surroundings get: one sentence that says what to do."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from dev import databases, disk, odoo_run, odoo_source, paths, postgres, system_packages
from dev.errors import Trouble


def dev(*arguments, **environment):
    """Run a command in a process of its own, with a cache of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dev", *arguments],
        cwd=paths.ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


class FolderCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def assertTrouble(self, pattern, function, *arguments):
        """The sentence: one line, ends with a full stop, matches."""
        with self.assertRaisesRegex(Trouble, pattern) as caught:
            function(*arguments)
        message = str(caught.exception)
        self.assertNotIn("\n", message)
        self.assertTrue(message.endswith("."), message)


class TestPort(FolderCase):
    def test_a_taken_port_is_named_with_the_next_one(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            self.assertTrouble(rf"Port {port} .* PORT={port + 1}", odoo_run.require_port, port)
        odoo_run.require_port(port)

    def test_a_free_port_can_be_used(self):
        odoo_run.require_port(odoo_run.free_port())


class TestDisk(FolderCase):
    def test_too_little_room_is_refused_before_anything_is_fetched(self):
        needed = shutil.disk_usage(self.folder).free + 10 * disk.GB
        self.assertTrouble(
            "needs .* GB of free disk space", disk.require_free, self.folder, needed, "The demo"
        )
        disk.require_free(self.folder / "not" / "made", 1, "The demo")


class TestPython(FolderCase):
    def test_another_python_gets_a_sentence(self):
        script = (
            "import runpy, sys; sys.version_info = (3, 8, 1, 'final', 0);"
            "sys.argv = ['dev', 'test']; runpy.run_module('dev', run_name='__main__')"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=paths.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^This is Python 3\.8 .* 3\.11 or 3\.12: install")
        self.assertEqual(len(done.stderr.splitlines()), 1)


class TestPrograms(FolderCase):
    def servers(self, *majors):
        for major in majors:
            (self.folder / str(major) / "bin").mkdir(parents=True)
            (self.folder / str(major) / "bin" / "initdb").touch()
        return system_packages.postgres_versions(self.folder)

    def test_the_newest_server_is_taken(self):
        versions = self.servers(9, 13, 16)
        self.assertEqual(
            system_packages.postgres_programs(versions=versions), self.folder / "16" / "bin"
        )

    def test_a_server_before_13_is_refused(self):
        self.assertTrouble(
            "PostgreSQL 12 is installed, but 13",
            system_packages.postgres_programs,
            None,
            self.servers(12),
        )

    def test_a_cluster_of_a_removed_server_is_explained(self):
        self.assertTrouble(
            "made by PostgreSQL 14", system_packages.postgres_programs, 14, self.servers(16)
        )

    def test_without_the_right_to_install_one_message_lists_all_packages(self):
        lacking = [
            system_packages.Need("A server", lambda: False, ("server-package",)),
            system_packages.Need("A browser", lambda: False, ("browser-package",)),
        ]
        with mock.patch("os.geteuid", return_value=1000):
            self.assertTrouble(
                "lacks A server, A browser.*apt-get install server-package browser-package",
                system_packages.require,
                *lacking,
            )

    def test_an_optional_program_may_be_missing(self):
        need = system_packages.Need("A printer", lambda: False, ("printer-package",), True)
        with mock.patch("os.geteuid", return_value=1000), mock.patch("builtins.print"):
            system_packages.require(need)


class TestServer(FolderCase):
    def test_an_old_server_is_refused(self):
        self.assertTrouble("version 12, but 13", databases.check_version, 120022)
        databases.check_version(130000)

    def test_a_server_without_btree_gist_is_refused(self):
        self.assertTrouble("lacks the extension btree_gist", databases.check_btree_gist, 0)
        databases.check_btree_gist(1)

    def test_a_server_that_does_not_answer_is_explained(self):
        server = postgres.Server(str(self.folder), 5432, "odoo")
        self.assertTrouble("cannot be used", databases.Databases(server).check)

    def test_database_url_is_read(self):
        url = "postgresql://me:s%40crit@db.example:5433/postgres"
        server = postgres.from_environment({"DATABASE_URL": url})
        self.assertEqual(
            (server.host, server.port, server.user, server.password),
            ("db.example", 5433, "me", "s@crit"),
        )
        self.assertFalse(server.embedded)

    def test_pghost_is_read_and_without_either_the_server_is_ours(self):
        server = postgres.from_environment({"PGHOST": "/run/db", "PGUSER": "me"})
        self.assertEqual((server.host, server.port, server.user), ("/run/db", 5432, "me"))
        self.assertIsNone(postgres.from_environment({}))

    def test_a_database_url_of_something_else_is_refused(self):
        self.assertTrouble(
            "DATABASE_URL is not", postgres.from_environment, {"DATABASE_URL": "mysql://x/y"}
        )

    def test_the_role_postgres_is_refused(self):
        with mock.patch.dict(os.environ, {"PGHOST": "/run/db", "PGUSER": "postgres"}):
            self.assertTrouble("refuses to work as the database user", postgres.ensure)


class TestOdooSource(FolderCase):
    def make_odoo(self, series="19, 0", modules=("base", "web", "stock", "product_expiry")):
        (self.folder / "odoo").mkdir(exist_ok=True)
        (self.folder / "odoo" / "release.py").write_text(
            f"version_info = ({series}, 0, 'final', 0, '')\n"
        )
        for module in modules:
            place = self.folder / ("odoo/addons" if module == "base" else "addons") / module
            place.mkdir(parents=True, exist_ok=True)
            (place / "__manifest__.py").touch()
        return self.folder

    def test_a_checkout_is_taken_with_both_its_addons_folders(self):
        home = self.make_odoo()
        odoo = odoo_source.from_home(home)
        self.assertEqual(odoo.root, home.resolve())
        self.assertEqual(
            odoo.addons, (home.resolve() / "odoo" / "addons", home.resolve() / "addons")
        )

    def test_another_series_is_named(self):
        self.assertTrouble(
            "is Odoo 18.0; this addon needs Odoo 19.0",
            odoo_source.from_home,
            self.make_odoo("18, 0"),
        )

    def test_a_folder_without_odoo_is_refused(self):
        self.assertTrouble("holds no Odoo 19.0", odoo_source.from_home, self.folder)

    def test_a_checkout_that_lacks_addons_is_refused(self):
        home = self.make_odoo(modules=("base", "web"))
        self.assertTrouble("holds no Odoo 19.0", odoo_source.from_home, home)

    def test_a_clone_that_fails_is_trouble_with_the_reason(self):
        with mock.patch.object(paths, "LOGS", self.folder / "logs"):
            self.assertTrouble(
                "could not be cloned",
                odoo_source.fetch_git,
                self.folder / "clone",
                str(self.folder / "nowhere"),
            )

    def test_a_clone_of_the_series_is_taken(self):
        home = self.make_odoo()
        git = ["git", "-C", str(home), "-c", "user.name=a", "-c", "user.email=a@b.example"]
        for command in (["init", "-q", "-b", "19.0"], ["add", "."], ["commit", "-qm", "Odoo"]):
            subprocess.run([*git, *command], check=True)
        target = self.folder / "clone"
        with mock.patch.object(paths, "LOGS", self.folder / "logs"):
            details = odoo_source.fetch_git(target, f"file://{home}")
        self.assertRegex(details["version"], "^[0-9a-f]{40}$")
        self.assertIsNotNone(odoo_source.inspect(target / details["root"], "19.0"))

    def test_no_network_at_all_says_what_to_do(self):
        with (
            mock.patch.object(paths, "CACHE", self.folder),
            mock.patch.object(paths, "LOGS", self.folder / "logs"),
            mock.patch.object(odoo_source.apt_mirror, "available", return_value=False),
            mock.patch.object(odoo_source, "REPOSITORY", str(self.folder / "nowhere")),
            mock.patch.dict(os.environ),
            mock.patch("builtins.print"),
        ):
            os.environ.pop("ODOO_HOME", None)
            self.assertTrouble("connect this machine to the network", odoo_source.find)
        self.assertFalse((self.folder / "odoo").exists())


class TestCommandLine(FolderCase):
    def test_trouble_is_one_line_on_stderr_and_exit_code_1(self):
        done = dev("test", PGHOST=str(self.folder), PGUSER="postgres", ODOO_HOME=str(self.folder))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^ODOO_HOME=.* holds no Odoo 19\.0")
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_clean_on_an_empty_cache_is_no_error(self):
        done = dev("clean", LOT_DEV_CACHE=str(self.folder / "cache"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
