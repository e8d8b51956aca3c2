"""Running Odoo: its configuration file, its environment, its processes."""

import os
import socket
import subprocess

from dev import commands, paths, venv
from dev.errors import Trouble

HOST = "127.0.0.1"
ONCE = ("--stop-after-init", "--no-http", "--max-cron-threads=0")


def write_conf(odoo, server):
    """The configuration every Odoo process of ours reads."""
    addons_path = ",".join(str(folder) for folder in (*odoo.addons, paths.ROOT))
    lines = [
        "[options]",
        f"addons_path = {addons_path}",
        f"data_dir = {paths.ODOO_DATA}",
        f"db_host = {server.host}",
        f"db_port = {server.port}",
        f"db_user = {server.user}",
        "db_maxconn = 32",
        f"http_interface = {HOST}",
        "without_demo = True",
        "list_db = False",
        f"screenshots = {paths.LOGS / 'screenshots'}",
    ]
    if server.password:
        lines.append(f"db_password = {server.password}")
    paths.ODOO_DATA.mkdir(parents=True, exist_ok=True)
    paths.ODOO_CONF.touch(mode=0o600)
    paths.ODOO_CONF.write_text("\n".join(lines) + "\n")


def environment(odoo, server, **more):
    """The variables of an Odoo process."""
    return {
        **os.environ,
        **server.environment(),
        "PYTHONPATH": os.pathsep.join([str(odoo.root), str(paths.ROOT)]),
        "PYTHONWARNINGS": "ignore",
        "ODOO_RC": str(paths.ODOO_CONF),
        **more,
    }


def command(*arguments):
    return [str(venv.python()), "-m", "odoo", *arguments]


def run_once(odoo, server, name, trouble, *arguments):
    """Odoo with `--stop-after-init`; an error in its log counts as a failure."""
    return commands.run_logged(
        command("-c", paths.ODOO_CONF, *arguments, *ONCE),
        name,
        trouble,
        env=environment(odoo, server),
        cwd=paths.CACHE,
    )


def free_port():
    """A port nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def require_port(port):
    """Stop when the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Trouble(
                f"Port {port} of {HOST} cannot be used ({error.strerror}): stop the program that "
                f"uses it, or choose another, for example `make demo PORT={port + 1}`."
            ) from error


def answers(port):
    """Whether something listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def start(odoo, server, *arguments, output):
    """An Odoo process that keeps running."""
    return subprocess.Popen(
        command("-c", str(paths.ODOO_CONF), *arguments),
        env=environment(odoo, server),
        cwd=paths.CACHE,
        stdout=output,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
