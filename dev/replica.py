"""A PostgreSQL primary and its streaming replica for a test, both gone when it ends."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

from dev import postgres, system_packages
from dev.errors import Trouble

# Each statement is written into the server's log, after the name of who sent it.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # the folder above lets only its owner (and root) pass
    "port": str(postgres.PORT),
    "max_connections": "40",
    "shared_buffers": "64MB",
    "fsync": "off",  # nothing of it is kept
    "log_statement": "all",
    "log_line_prefix": "<%a> ",
}
LIMIT = 60


class Cluster:
    """One server in a folder of its own; reached by a unix socket only."""

    def __init__(self, folder):
        self.folder, self.data, self.socket = folder, folder / "data", folder / "socket"
        self.log = folder / "server.log"
        self.programs = system_packages.postgres_programs()

    def run(self, program, *arguments):
        """One of PostgreSQL's programs, as the user that runs the server."""
        done = subprocess.run(
            postgres.as_server_user([self.programs / program, *arguments]),
            capture_output=True,
            text=True,
            cwd="/",
            timeout=LIMIT,
            check=False,
        )
        if done.returncode:
            raise Trouble(f"{program} failed: {done.stderr or done.stdout}")

    def start(self):
        settings = {**SETTINGS, "unix_socket_directories": self.socket}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        # pg_ctl would keep the pipe of a captured output open: the server inherits it.
        command = [self.programs / "pg_ctl", "-D", self.data, "-l", self.log, "-w", "-o", options]
        subprocess.run(
            postgres.as_server_user([*command, "start"]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            timeout=LIMIT,
            check=True,
        )

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def query(self, database, text):
        """The first value of the first row."""
        connection = psycopg2.connect(
            host=str(self.socket), port=postgres.PORT, user=postgres.ROLE, dbname=database
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(text)
                return cursor.fetchone()[0]
        finally:
            connection.close()

    def statements(self, offset=0):
        """What Odoo asked since the log had ``offset`` characters."""
        text = self.log.read_text(errors="replace")[offset:]
        entries = re.split(r"^(?=<)", text, flags=re.MULTILINE)
        return [
            entry.partition("statement: ")[2]
            for entry in entries
            if entry.startswith("<odoo-") and "statement: " in entry
        ]

    def log_length(self):
        return len(self.log.read_text(errors="replace"))


@contextlib.contextmanager
def pair(database):
    """A primary with a copy of ``database`` (of the server in the environment) and its replica."""
    root = Path(tempfile.mkdtemp(prefix="lot_fefo_3pl-replica-", dir="/var/tmp"))
    primary, replica = Cluster(root / "primary"), Cluster(root / "replica")
    try:
        for cluster in (primary, replica):
            for folder in (cluster.folder, cluster.socket):
                folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            for path in (root, *root.rglob("*")):
                shutil.chown(path, "postgres", "postgres")
        options = ("-A", "trust", "-U", postgres.ROLE, "-E", "UTF8", "--locale=C.UTF-8", "-N")
        primary.run("initdb", *options, "-D", primary.data)
        primary.start()
        _copy(database, primary)
        address = ("-h", primary.socket, "-p", postgres.PORT, "-U", postgres.ROLE)
        primary.run("pg_basebackup", *address, "-D", replica.data, "-R", "-c", "fast", "-N")
        replica.start()
        yield primary, replica
    finally:
        for cluster in (replica, primary):
            cluster.stop()
        shutil.rmtree(root)


def _copy(database, primary):
    target = ["-h", primary.socket, "-p", postgres.PORT, "-U", postgres.ROLE]
    primary.run("createdb", *target, "-T", "template0", database)
    psql = [primary.programs / "psql", *target, "-q", "-v", "ON_ERROR_STOP=1", "-d", database]
    dump = [primary.programs / "pg_dump", "--no-owner", "--no-privileges", database]
    environment = {**os.environ, "PGOPTIONS": "-c log_statement=none"}
    with (
        subprocess.Popen([str(part) for part in dump], stdout=subprocess.PIPE) as source,
        subprocess.Popen(
            [str(part) for part in psql],
            stdin=source.stdout,
            stdout=subprocess.DEVNULL,
            env=environment,
        ) as sink,
    ):
        source.stdout.close()
    if source.returncode or sink.returncode:
        raise Trouble(f"The database {database} could not be copied to the primary.")


def wait_until(is_true, what):
    """Return when ``is_true()``; stop the test when that takes too long."""
    end = time.monotonic() + LIMIT
    while not is_true():
        if time.monotonic() > end:
            raise Trouble(f"Waited {LIMIT} s in vain: {what}")
        time.sleep(0.1)
