"""PostgreSQL: the user's own server, or one of ours with a data folder and a unix socket.

Ours listens on no network port and is no system service: the first command that needs it starts
it, the last one that uses it stops it.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from dev import commands, disk, locks, paths, stamps, system_packages
from dev.errors import Trouble
from dev.progress import note, step

PORT = 5432
ROLE = "odoo"
# The path of a unix socket may have 107 bytes.
LONGEST_FOLDER = 107 - len(f"/socket/.s.PGSQL.{PORT}.lock")
LOCATION = "postgres-location"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # the folder above lets only its owner (and root) pass
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # A crash may lose the last moments of a demo, never its consistency.
    "synchronous_commit": "off",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL."""

    host: str
    port: int
    user: str
    password: str = ""
    embedded: bool = False

    def environment(self):
        """The variables that libpq and Odoo read."""
        values = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        if self.password:
            values["PGPASSWORD"] = self.password
        return values


def from_environment(environ):
    """The server that DATABASE_URL or PGHOST names, None without them."""
    url = environ.get("DATABASE_URL")
    if url:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql"):
            raise Trouble(
                "DATABASE_URL is not of the form postgresql://USER:PASSWORD@HOST:PORT/: correct or "
                "unset it."
            )
        query = dict(urllib.parse.parse_qsl(parts.query))
        return Server(
            query.get("host") or parts.hostname or "localhost",
            parts.port or PORT,
            urllib.parse.unquote(parts.username or environ.get("PGUSER") or ROLE),
            urllib.parse.unquote(parts.password or environ.get("PGPASSWORD") or ""),
        )
    if environ.get("PGHOST"):
        return Server(
            environ["PGHOST"],
            int(environ.get("PGPORT") or PORT),
            environ.get("PGUSER") or ROLE,
            environ.get("PGPASSWORD", ""),
        )
    return None


def as_server_user(command):
    """PostgreSQL refuses to run as root: then it runs as the user `postgres`."""
    command = [str(part) for part in command]
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _reachable(folder):
    """Whether the user that runs the server may enter the folder."""
    probe = subprocess.run(
        as_server_user(["test", "-x", folder]), capture_output=True, cwd="/", check=False
    )
    return probe.returncode == 0


def _place():
    """The folder of the cluster: in the cache, or outside where the server could not live there."""
    location = paths.CACHE / LOCATION
    if location.exists():
        folder = Path(location.read_text().strip())
        if folder.exists():
            return folder
    paths.CACHE.mkdir(parents=True, exist_ok=True)
    folder = paths.CACHE / "postgres"
    if len(os.fsencode(str(folder))) > LONGEST_FOLDER or not _reachable(paths.CACHE):
        folder = Path(tempfile.mkdtemp(prefix=f"{paths.ADDON_NAME}-", dir="/var/tmp"))
        note(f"PostgreSQL keeps its files in {folder} (`make clean` removes it too)")
    folder.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o700)
    location.write_text(str(folder))
    return folder


def _programs(data):
    version = data / "PG_VERSION"
    major = int(version.read_text()) if version.exists() else None
    return system_packages.postgres_programs(major)


def _initialise(folder, data):
    step("Creating a PostgreSQL cluster of its own (once)")
    disk.require_free(folder, disk.GB, "The database cluster")
    programs = _programs(data)
    subprocess.run(as_server_user(["rm", "-rf", data]), check=True, cwd="/")
    options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
    commands.run_logged(
        as_server_user([programs / "initdb", *options, "-D", data]),
        "initdb",
        "PostgreSQL's initdb failed.",
        cwd="/",
    )
    _start(folder, data)
    connection = ("-h", folder / "socket", "-p", PORT, "-U", "postgres", "-d", "postgres")
    # Like on a real site: the role owns its databases and is no superuser.
    commands.run_logged(
        as_server_user(
            [programs / "psql", *connection, "-c", f"CREATE ROLE {ROLE} LOGIN CREATEDB"]
        ),
        "createrole",
        "PostgreSQL's first role could not be created.",
        cwd="/",
    )


def _start(folder, data):
    socket = folder / "socket"
    subprocess.run(as_server_user(["mkdir", "-p", "-m", "700", socket]), check=True, cwd="/")
    settings = " ".join(
        f"-c {name}='{value}'"
        for name, value in {**SETTINGS, "unix_socket_directories": socket, "port": PORT}.items()
    )
    log = folder / "server.log"
    options = ("-D", data, "-l", log, "-w", "-t", 120)
    try:
        commands.run_logged(
            as_server_user([_programs(data) / "pg_ctl", *options, "-o", settings, "start"]),
            "pg_ctl",
            "PostgreSQL could not be started.",
            cwd="/",
        )
    except Trouble as trouble:
        tail = log.read_text(errors="replace").splitlines()[-1:] if log.exists() else []
        raise Trouble(f"{trouble} {' '.join(tail)}") from trouble


def _running(data):
    status = subprocess.run(
        as_server_user([_programs(data) / "pg_ctl", "-D", data, "status"]),
        capture_output=True,
        cwd="/",
        check=False,
    )
    return status.returncode == 0


def stop(folder):
    """Stop the cluster in this folder if it runs."""
    data = folder / "data"
    if not (data / "PG_VERSION").exists() or not _running(data):
        return
    subprocess.run(
        as_server_user([_programs(data) / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"]),
        capture_output=True,
        cwd="/",
        check=False,
    )


def _release(handle, folder):
    if locks.last_holder(handle):
        stop(folder)
    handle.close()


def _embedded():
    system_packages.require(system_packages.POSTGRES)
    with locks.exclusive("postgres-start"):
        folder = _place()
        data = folder / "data"
        key = f"cluster of role {ROLE}"
        handle = locks.shared("postgres-users")
        if not stamps.is_current(paths.CACHE / "postgres-made", key) or not data.exists():
            _initialise(folder, data)
            (paths.CACHE / "postgres-made").mkdir(exist_ok=True)
            stamps.write(paths.CACHE / "postgres-made", key)
        elif not _running(data):
            _start(folder, data)
    atexit.register(_release, handle, folder)
    return Server(str(folder / "socket"), PORT, ROLE, embedded=True)


def _leave(*_):
    raise SystemExit(143)


def ensure():
    """A running server; the one we own is stopped when the last command that uses it ends."""
    server = from_environment(os.environ)
    if server is None:
        # Ended by a signal, the command still leaves through atexit.
        signal.signal(signal.SIGTERM, _leave)
        return _embedded()
    if server.user == "postgres":
        raise Trouble(
            "Odoo refuses to work as the database user `postgres`: name another role that may "
            "create databases, with PGUSER or in DATABASE_URL."
        )
    return server


def remove():
    """Stop our cluster and remove it, wherever it is."""
    location = paths.CACHE / LOCATION
    if not location.exists():
        return
    folder = Path(location.read_text().strip())
    ours = folder.parent == paths.CACHE or folder.name.startswith(f"{paths.ADDON_NAME}-")
    if not ours or not folder.exists():
        return
    stop(folder)
    shutil.rmtree(folder)
