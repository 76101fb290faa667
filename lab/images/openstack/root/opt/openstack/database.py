"""MariaDB, which keeps every service's records; run as a program, it makes their tables, when the image is built."""

import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import settings

DATA = Path("/var/lib/openstack/database")
SOCKET = Path("/run/mysqld/mysqld.sock")
DATABASES = ("keystone", "placement", "glance", "nova_api", "nova", "nova_cell0", "neutron", "cinder")
URL = f"mysql+pymysql://root@localhost/{{}}?unix_socket={SOCKET}"
CELL = f"cell_v2 create_cell --name lab --transport-url fake:/// --database_connection '{URL.format('nova')}'"
STEPS = {
    "keystone": ("keystone.cmd.manage", "db_sync"),
    "placement": ("placement.cmd.manage", "db sync"),
    "glance": ("glance.cmd.manage", "db sync"),
    "neutron": ("neutron.db.migration.cli", "upgrade heads"),
    "cinder": ("cinder.cmd.manage", "db sync"),
    "nova": (
        "nova.cmd.manage",
        "api_db sync",
        f"cell_v2 map_cell0 --database_connection '{URL.format('nova_cell0')}'",
        CELL,
        "db sync",
    ),
}
"""Each service's own command for its tables, and what it is told, in that order."""


def start(log):
    """Start the server and wait until it answers."""
    SOCKET.parent.mkdir(exist_ok=True)
    SOCKET.unlink(missing_ok=True)
    server = subprocess.Popen(["mariadbd"], stdout=log, stderr=log)
    while not SOCKET.exists():
        if server.poll() is not None:
            raise SystemExit("openstack: mariadbd ended at once")
        time.sleep(0.1)
    return server


@contextmanager
def running():
    """The server, for a while."""
    server = start(None)
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def make():
    """Make the databases, each by its service's own migrations, several at once."""
    DATA.mkdir(parents=True, mode=0o700)
    subprocess.run(["mariadb-install-db", "--skip-test-db"], check=True, stdout=subprocess.DEVNULL)
    with running():
        create = "".join(f"CREATE DATABASE {name} CHARACTER SET utf8mb3;" for name in DATABASES)
        subprocess.run(["mariadb"], input=create, text=True, check=True)
        jobs = {service: subprocess.Popen(["sh", "-ec", script(service)]) for service in STEPS}
        failed = [service for service, job in jobs.items() if job.wait()]
    if failed:
        raise SystemExit(f"openstack: the tables of {', '.join(failed)} can't be made")


def script(service):
    """The commands that make one service's tables."""
    module, *steps = STEPS[service]
    command = (
        f"python3 -W ignore -c 'from {module} import main; main()' --config-file {settings.SETTINGS}/{service}.conf"
    )
    return "\n".join(f"{command} {step} > /dev/null" for step in steps)


if __name__ == "__main__":
    settings.write("127.0.0.1", "")
    make()
