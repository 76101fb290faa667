"""Starts OpenStack's services, tells when all serve, and ends, with the log's end, when one of them does."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import database
import seed
import settings

LOGS = Path("/var/log/openstack")
STATE = Path("/var/lib/openstack")
PROGRAMS = {
    "identity": (5000, 8778),
    "network": (9696,),
    "compute": (8774,),
    "volumes": (8776,),
    "image": (9292,),
}
"""The ports of each service, by its program's name."""


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    address = os.environ["ADDRESS"]
    admin, user = (Path(f"/run/secrets/{who}-password").read_text().strip() for who in ("admin", "user"))
    prepare(address, admin)
    running = {"database": database.start(open_log("database"))}
    bootstrap(admin)
    # Nova ends when it finds no keystone.
    for programs in (("identity",), PROGRAMS):
        start(programs, running)
        wait_for(address, programs, running)
    seed.seed(address, admin, user)
    print("openstack: ready", flush=True)
    watch(running)


def prepare(address, password):
    """Settings, folders and keystone's keys."""
    for folder in ("images", "nova", "neutron", "cinder", "fernet-keys", "credential-keys"):
        (STATE / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    LOGS.mkdir(exist_ok=True)
    settings.write(address, password)
    for keys in ("fernet-keys", "credential-keys"):
        for number in "01":
            (STATE / keys / number).write_bytes(base64.urlsafe_b64encode(os.urandom(32)))


def bootstrap(password):
    """Make keystone's first user; the password goes by the environment, where nobody else can read it."""
    command = ["keystone-manage", "--config-file", "/run/openstack/keystone.conf", "bootstrap"]
    log = open_log("bootstrap")
    if subprocess.run(
        command, stdout=log, stderr=log, env={**os.environ, "OS_BOOTSTRAP_PASSWORD": password}
    ).returncode:
        fail("bootstrap")


def start(programs, running):
    """Start those that don't run yet."""
    for program in programs:
        if program not in running:
            command = [sys.executable, "-W", "ignore", f"/opt/openstack/{program}.py"]
            log = open_log(program)
            running[program] = subprocess.Popen(command, stdout=log, stderr=log)


def wait_for(address, programs, running):
    """Wait until all of them listen, as long as everything runs."""
    for program in programs:
        for port in PROGRAMS[program]:
            while not listens(address, port):
                check(running)
                time.sleep(0.2)
    print(f"openstack: {', '.join(programs)}: up", flush=True)


def listens(address, port):
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def watch(running):
    while True:
        check(running)
        time.sleep(1)


def check(running):
    for name, process in running.items():
        if process.poll() is not None:
            fail(name)


def fail(name):
    lines = (LOGS / f"{name}.log").read_text(errors="replace").splitlines()[-30:]
    print(f"openstack: {name} ended:", *lines, sep="\n", flush=True)
    sys.exit(1)


def open_log(name):
    LOGS.mkdir(exist_ok=True)
    return (LOGS / f"{name}.log").open("ab")


if __name__ == "__main__":
    main()
