from __future__ import annotations

import os
from pathlib import Path

import pytest

from lab import docker_engine
from lab.folder import Folder
from lab.process import Process
from lab.record import Record
from spec.errors import LabError


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        ({"OSType": "linux", "SecurityOptions": ["name=seccomp"], "OperatingSystem": "Debian"}, ""),
        ({"OSType": "linux", "SecurityOptions": None}, ""),
        ({"OSType": "windows"}, "does not run Linux containers"),
        ({"OSType": "linux", "SecurityOptions": ["name=rootless"]}, "is rootless"),
        ({"OSType": "linux", "OperatingSystem": "Docker Desktop"}, "is Docker Desktop"),
    ],
)
def test_an_engine_that_can_not_carry_nodes_is_told_apart(info: dict[str, object], reason: str) -> None:
    found = docker_engine.unusable(info)
    assert reason in found
    assert bool(reason) == bool(found)


def test_no_socket_does_not_answer(tmp_path: Path) -> None:
    assert not docker_engine.answers(tmp_path / "docker.sock")


def test_a_socket_that_no_one_serves_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "docker.sock").touch()
    assert not docker_engine.answers(tmp_path / "docker.sock")


def test_a_client_of_a_lab_that_is_down_is_a_lab_error(folder: Folder) -> None:
    with pytest.raises(LabError, match=r"does not answer(.|\n)*run `longshore lab up`"):
        docker_engine.client(folder)


def test_starting_one_without_root_says_what_to_do(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match=r"needs root(.|\n)*start Docker, or run as root"):
        docker_engine.revive(folder, Record(engine="own"), print)


def test_an_engine_that_is_not_ours_is_only_let_go(folder: Folder, lines: list[str]) -> None:
    me = Process.of(os.getpid())
    assert me
    record = Record(engine="running", processes={"other": me})
    folder.socket.symlink_to("/var/run/docker.sock")
    docker_engine.stop(folder, record, lines.append)
    assert not folder.socket.is_symlink()
    assert Record.load(folder).engine == ""
    assert lines == []


def test_our_own_engine_shares_nothing_with_another(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Folder, "runtime", folder.root / "run")
    commands = docker_engine._containerd(folder) + docker_engine._dockerd(folder)
    places = [word for word in commands if word.startswith(("/", "unix:///"))]
    assert len(places) == 9
    assert all(str(folder.root) in place for place in places)
    assert commands[commands.index("--bridge") + 1] == "none"
