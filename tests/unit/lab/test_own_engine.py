"""An engine of our own: started in order, written down before anything else, and gone without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import docker_engine
from lab.folder import Folder
from lab.record import Firewall, Record
from spec.errors import LabError
from tests.unit.lab.daemons import Daemons

FOUND = Firewall(forward_policy="DROP", ip_forward="0")


@pytest.fixture
def daemons(tmp_path: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemons]:
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.1:2375")
    yield Daemons(tmp_path, folder, monkeypatch)
    for process in Record.load(folder).processes.values():
        process.stop()


def test_it_is_started_once_with_both_its_parts(folder: Folder, daemons: Daemons, lines: list[str]) -> None:
    record = Record()
    assert docker_engine.ensure(folder, record, lines.append) is True
    assert list(record.processes) == ["containerd", "dockerd"]
    assert all(process.alive() for process in record.processes.values())
    assert lines[0] == "Docker Engine: starting our own ..."
    before = dict(record.processes)
    assert docker_engine.ensure(folder, record, lines.append) is False
    assert record.processes == before
    assert daemons.asked == ["the lab's Docker Engine"]


def test_everything_is_on_record_even_if_we_are_killed_now(folder: Folder, daemons: Daemons) -> None:
    record = Record()
    docker_engine.ensure(folder, record, print)
    kept = Record.load(folder)
    assert kept == record
    assert (kept.engine, kept.firewall) == ("own", FOUND)
    assert daemons.restored == []


def test_what_was_found_in_the_firewall_first_is_what_is_kept(folder: Folder, daemons: Daemons) -> None:
    earlier = Firewall(forward_policy="ACCEPT", ip_forward="1")
    record = Record(engine="own", firewall=earlier)
    docker_engine.revive(folder, record, print)
    assert record.firewall == earlier
    assert daemons.asked == []


def test_a_part_that_lives_is_kept_when_the_other_has_died(folder: Folder, daemons: Daemons) -> None:
    record = Record()
    docker_engine.ensure(folder, record, print)
    containerd = record.processes["containerd"]
    record.processes["dockerd"].stop()
    folder.socket.unlink()
    docker_engine.revive(folder, record, print)
    assert record.processes["containerd"] == containerd
    assert record.processes["dockerd"].alive()
    assert daemons.restored == []


def test_one_that_ends_at_once_is_told_with_its_last_words(folder: Folder, daemons: Daemons) -> None:
    daemons.command("dockerd", "sleep 0.2; echo 'failed to start: overlay not supported'; exit 1\n")
    with pytest.raises(LabError, match=r"does not start:\nfailed to start: overlay not supported") as caught:
        docker_engine.ensure(folder, Record(), print)
    assert caught.value.fix == f"see {folder.log('dockerd')}"
    assert Record.load(folder).engine == "own"


def test_it_goes_with_all_it_left_and_the_firewall_is_as_it_was(folder: Folder, daemons: Daemons) -> None:
    record = Record()
    docker_engine.ensure(folder, record, print)
    started = dict(record.processes)
    docker_engine.stop(folder, record, print)
    assert not any(process.alive() for process in started.values())
    assert not (folder.root / "engine").exists()
    assert not folder.runtime.exists()
    assert daemons.restored == [FOUND]
    assert Record.load(folder) == Record()


def test_the_firewall_is_another_engines_while_there_is_one(
    folder: Folder, daemons: Daemons, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Record()
    docker_engine.ensure(folder, record, print)
    monkeypatch.setattr("lab.docker_engine.firewall.other_engine", lambda: True)
    docker_engine.stop(folder, record, print)
    assert daemons.restored == []
    assert record.firewall is None


def test_stopping_again_after_an_interrupt_finishes_it(folder: Folder, daemons: Daemons) -> None:
    record = Record()
    docker_engine.ensure(folder, record, print)
    record.processes.pop("dockerd").stop()
    record.save(folder)
    docker_engine.stop(folder, Record.load(folder), print)
    assert Record.load(folder).processes == {}
    assert daemons.restored == [FOUND]


class Running:
    """`docker.DockerClient` of an engine that runs anyway."""

    info_of: dict[str, object] = {"OSType": "linux"}

    def __init__(self, base_url: str, version: str) -> None:
        assert version == "auto"
        self.base_url = base_url

    def info(self) -> dict[str, object]:
        return self.info_of


@pytest.fixture
def running(tmp_path: Path, daemons: Daemons, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An engine that runs anyway, at the place where engines are."""
    assert daemons
    socket = tmp_path / "docker.sock"
    socket.touch()
    monkeypatch.setattr(docker_engine, "_DEFAULT_HOST", f"unix://{socket}")
    monkeypatch.setattr(docker_engine, "answers", lambda each: each.exists())
    monkeypatch.setattr("lab.docker_engine.docker.DockerClient", Running)
    return socket


@pytest.mark.parametrize("host", [None, "", "unix://{socket}", "unix://{own}"])
def test_one_that_runs_anyway_is_used(
    folder: Folder, running: Path, host: str | None, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.delenv("DOCKER_HOST")
    if host is not None:
        monkeypatch.setenv("DOCKER_HOST", host.format(socket=running, own=folder.socket))
    record = Record()
    assert docker_engine.ensure(folder, record, lines.append) is True
    assert folder.socket.readlink() == running
    assert (record.engine, record.processes) == ("running", {})
    assert lines == [f"Docker Engine: the one at {running}"]


@pytest.mark.usefixtures("running")
def test_one_elsewhere_is_not_used(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://root@192.0.2.1")
    record = Record()
    docker_engine.ensure(folder, record, print)
    assert record.engine == "own"


def test_one_that_cannot_carry_nodes_is_told_and_passed_over(
    folder: Folder, running: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.delenv("DOCKER_HOST")
    monkeypatch.setattr(Running, "info_of", {"OSType": "linux", "SecurityOptions": ["name=rootless"]})
    record = Record()
    docker_engine.ensure(folder, record, lines.append)
    assert record.engine == "own"
    assert lines[0].startswith(f"Docker Engine: not the one at {running}: it is rootless")


def test_ours_is_not_left_for_another_that_came_later(folder: Folder, running: Path) -> None:
    assert running.exists()
    record = Record(engine="own", firewall=FOUND)
    docker_engine.ensure(folder, record, print)
    assert record.engine == "own"
    assert not folder.socket.is_symlink()
