"""The seam itself, with an ssh of our own on the PATH in place of the real one."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from providers.swarm.clock import Clock, StoppedError
from providers.swarm.connection import Connection
from providers.swarm.ssh import Ssh, StrangerError, UnreachableError
from spec.errors import EngineError
from tests.unit.providers.world import KEY

M1 = Connection("10.0.0.11", KEY, name="m1", port=2222, user="ops")


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


def command(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o700)


def test_the_host_key_is_what_keyscan_shows(commands: Path) -> None:
    command(commands, "ssh-keyscan", f"echo '# banner'; echo '[10.0.0.11]:2222 {KEY}'")
    assert Ssh(Clock()).host_key("10.0.0.11", 2222) == KEY


def test_no_host_key_means_nobody_answers_yet(commands: Path) -> None:
    command(commands, "ssh-keyscan", "exit 1")
    with pytest.raises(UnreachableError, match="no ssh server answers yet"):
        Ssh(Clock()).host_key("10.0.0.11", 2222)


def test_a_command_goes_to_the_right_place_and_comes_back_with_its_code(commands: Path) -> None:
    command(commands, "ssh", 'while [ "$1" != -T ]; do shift; done; echo "$*"; exit 3')
    ran = Ssh(Clock()).run(M1, "uptime", 5)
    assert (ran.code, ran.output) == (3, "-T -p 2222 -l ops -- 10.0.0.11 uptime\n")


def test_another_host_key_is_told_apart_from_silence(commands: Path) -> None:
    command(commands, "ssh", "echo 'Host key verification failed.' >&2; exit 255")
    with pytest.raises(StrangerError):
        Ssh(Clock()).run(M1, "true", 5)
    with pytest.raises(StrangerError), Ssh(Clock()).docker(M1):
        pass


def test_a_command_that_takes_too_long_is_ended(commands: Path) -> None:
    command(commands, "ssh", "exec sleep 60")
    with pytest.raises(UnreachableError, match="no answer within 0 seconds"):
        Ssh(Clock()).run(M1, "true", 0.1)


def test_a_cancelled_command_is_ended_at_once(commands: Path) -> None:
    command(commands, "ssh", "exec sleep 60")
    clock = Clock()
    threading.Timer(0.3, clock.stop).start()
    began = time.monotonic()
    with pytest.raises(StoppedError):
        Ssh(clock).run(M1, "true", 60)
    assert time.monotonic() - began < 5


TUNNEL = """for each; do case "$each" in *:/var/run/docker.sock) f="${each%%:*}";; esac; done
stat -c "%a %n" "$(dirname "$f")" > SEEN
exec PYTHON -c '
import socket, sys, time
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
time.sleep(0.3)  # as ssh under load: the file is there, nobody listens yet
server.listen()
while True: server.accept()[0].close()
' "$f"
"""


def test_the_tunnel_ends_in_a_private_folder_that_goes_with_it(commands: Path) -> None:
    seen = commands / "seen"
    command(commands, "ssh", TUNNEL.replace("SEEN", str(seen)).replace("PYTHON", sys.executable))
    with pytest.raises(UnreachableError, match="does not answer") as failed, Ssh(Clock()).docker(M1):
        pass
    assert "refused" not in failed.value.found
    mode, folder = seen.read_text().split()
    assert mode == "700"
    assert not Path(folder).exists()


def test_bytes_go_to_a_command_and_come_back_as_they_are(commands: Path) -> None:
    command(commands, "ssh", "cat")
    assert Ssh(Clock()).pipe(M1, "cat", b"\x00\xff\r\n", 5) == b"\x00\xff\r\n"


def test_a_piped_command_that_fails_says_why(commands: Path) -> None:
    command(commands, "ssh", "echo 'tar: no space left' >&2; exit 2")
    with pytest.raises(EngineError, match="m1: a command there failed: tar: no space left"):
        Ssh(Clock()).pipe(M1, "tar", b"", 5)
    command(commands, "ssh", "echo 'Host key verification failed.' >&2; exit 255")
    with pytest.raises(StrangerError):
        Ssh(Clock()).pipe(M1, "tar", b"", 5)
    command(commands, "ssh", "exec sleep 60")
    with pytest.raises(UnreachableError, match="no answer within 0 seconds"):
        Ssh(Clock()).pipe(M1, "tar", b"", 0.2)


def test_waiting_for_a_turn_can_be_cancelled() -> None:
    clock, lock = Clock(), threading.Lock()
    clock.stop()
    with lock, pytest.raises(StoppedError), clock.holding(lock):
        pass
