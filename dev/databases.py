"""Databases and their file stores: made from templates, copied, dropped."""

import contextlib
import shutil

import psycopg2
from psycopg2 import sql

from dev import paths
from dev.errors import Trouble

MINIMUM_VERSION = 130000


class Databases:
    """The databases of one server that belong to this repository."""

    def __init__(self, server):
        self.server = server

    @contextlib.contextmanager
    def cursor(self, database="postgres"):
        """An autocommit cursor."""
        try:
            connection = psycopg2.connect(
                host=self.server.host,
                port=self.server.port,
                user=self.server.user,
                password=self.server.password or None,
                dbname=database,
                connect_timeout=15,
            )
        except psycopg2.OperationalError as error:
            reason = " ".join(str(error).split())
            raise Trouble(
                f"PostgreSQL on {self.server.host} cannot be used ({reason}): check PGHOST, PGUSER "
                "and DATABASE_URL, or unset them to use an embedded server."
            ) from error
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def check(self):
        """Stop when this server cannot carry the addon."""
        with self.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            check_version(int(cursor.fetchone()[0]))
            cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'btree_gist'")
            check_btree_gist(cursor.fetchone()[0])
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user")
            if not cursor.fetchone()[0]:
                raise Trouble(
                    f"The PostgreSQL role {self.server.user} may not create databases: run "
                    f"`ALTER ROLE {self.server.user} CREATEDB` as a superuser, or name another."
                )

    def names(self, prefix):
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
            )
            return [name for (name,) in cursor.fetchall()]

    def exists(self, name):
        return name in self.names(name)

    def create(self, name, template=None):
        """A new database, empty or a copy of `template` with its file store."""
        self.drop(name)
        with self.cursor() as cursor:
            if template is None:
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                        sql.Identifier(name)
                    )
                )
                return
            self._disconnect(cursor, template)
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        if filestore(template).exists():
            shutil.copytree(filestore(template), filestore(name))

    def drop(self, name):
        with self.cursor() as cursor:
            cursor.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        shutil.rmtree(filestore(name), ignore_errors=True)

    def rename(self, old, new):
        with self.cursor() as cursor:
            self._disconnect(cursor, old)
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(old), sql.Identifier(new)
                )
            )
        shutil.rmtree(filestore(new), ignore_errors=True)
        if filestore(old).exists():
            filestore(old).rename(filestore(new))

    @staticmethod
    def _disconnect(cursor, name):
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )

    def build(self, name, builder):
        """Return `name`, made by `builder(temporary name)` unless it is there whole already."""
        if self.exists(name) and _stamp(name).exists():
            return name
        temporary = f"{name}_building"
        _stamp(name).unlink(missing_ok=True)
        self.drop(name)
        builder(temporary)
        self.rename(temporary, name)
        _stamp(name).parent.mkdir(parents=True, exist_ok=True)
        _stamp(name).touch()
        return name

    def read_parameter(self, name, key):
        """A value of `ir_config_parameter`, None without it."""
        with self.cursor(name) as cursor:
            cursor.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [key])
            row = cursor.fetchone()
        return row[0] if row else None

    def write_parameter(self, name, key, value):
        with self.cursor(name) as cursor:
            cursor.execute(
                "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) "
                "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
                [key, value],
            )


def check_version(number):
    """Stop on a server older than PostgreSQL 13."""
    if number < MINIMUM_VERSION:
        raise Trouble(
            f"This PostgreSQL server is version {number // 10000}, but 13 or later is needed: set "
            "PGHOST or DATABASE_URL to a newer one, or unset them to use an embedded server."
        )


def check_btree_gist(available):
    """Stop on a server without the extension that the segregation constraints need."""
    if not available:
        raise Trouble(
            "This PostgreSQL server lacks the extension btree_gist: install PostgreSQL's contrib "
            "package on it (for example `postgresql-contrib`) and run this again."
        )


def filestore(name):
    return paths.ODOO_DATA / "filestore" / name


def _stamp(name):
    return paths.CACHE / "databases" / f"{name}.complete"
