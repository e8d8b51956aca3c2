"""Odoo, PostgreSQL and the template databases, ready for use."""

import hashlib
import os
import sys
from dataclasses import dataclass

from dev import addon, locks, odoo_run, odoo_source, paths, postgres, system_packages, venv
from dev.progress import note, step


def enter_environment(arguments, *needs):
    """Go on inside the virtual environment; made first, with the system's programs."""
    system_packages.require(system_packages.VENV, *needs)
    interpreter = venv.ensure()
    if os.path.realpath(sys.prefix) != os.path.realpath(venv.folder()):
        os.chdir(paths.ROOT)
        sys.stdout.flush()
        os.execv(interpreter, [str(interpreter), "-m", "dev", *arguments])


@dataclass
class Workbench:
    """What the commands work with."""

    odoo: odoo_source.Odoo
    server: postgres.Server
    databases: object

    def base_template(self):
        """A database with the modules the addon builds on."""
        modules = addon.base_modules()
        name = f"{paths.DB_PREFIX}base_{self._key(' '.join(modules))}"
        with locks.exclusive("base-template"):
            return self.databases.build(name, lambda new: self._make_base(name, new, modules))

    def addon_template(self):
        """A database with the addon installed, nothing else in it."""
        base = self.base_template()
        name = f"{paths.DB_PREFIX}addon_{self._key(base + addon.content_key())}"
        with locks.exclusive("addon-template"):
            return self.databases.build(name, lambda new: self._make_addon(name, new, base))

    def _key(self, text):
        return hashlib.sha1(f"{self.odoo.key} {text}".encode()).hexdigest()[:8]

    def _make_base(self, name, new, modules):
        step(f"Building a template database with {', '.join(modules)} (once, about a minute)")
        self._drop_others(f"{paths.DB_PREFIX}base_", name)
        self.databases.create(new)
        self._install(new, "template", *modules)

    def _make_addon(self, name, new, base):
        step(f"Installing {paths.ADDON_NAME} into a copy of the template database")
        self._drop_others(f"{paths.DB_PREFIX}addon_", name)
        self.databases.create(new, base)
        self._install(new, "install", paths.ADDON_NAME)

    def _drop_others(self, prefix, name):
        for other in self.databases.names(prefix):
            if other != name:
                self.databases.drop(other)

    def _install(self, database, log_name, *modules):
        odoo_run.run_once(
            self.odoo,
            self.server,
            log_name,
            f"{', '.join(modules)} could not be installed.",
            "-d",
            database,
            "-i",
            ",".join(modules),
        )


def prepare():
    """Odoo, a running server, and the configuration that joins them."""
    from dev.databases import Databases  # needs psycopg2, which the environment brings

    odoo = odoo_source.find()
    server = postgres.ensure()
    databases = Databases(server)
    databases.check()
    odoo_run.write_conf(odoo, server)
    note(f"Odoo {odoo.version}, PostgreSQL on {server.host}")
    return Workbench(odoo, server, databases)
