from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from lab import simulator
from lab.credentials import Credentials
from lab.folder import Folder, write_private
from lab.record import Record
from spec.errors import LabError

SERVES = """#!/bin/sh
echo "args: $*"
echo "{\\"listen\\": \\"$2\\", \\"pid\\": $$}"
exec sleep 60
"""


class Containers:
    """An engine with the containers of two labs."""

    def __init__(self, folder: Folder) -> None:
        self.containers = self
        self.label = f"longshore.machine={folder.name}"
        self.removed: list[dict[str, Any]] = []
        self.started = 0

    def list(self, *, all: bool, filters: dict[str, str]) -> list[Any]:  # noqa: A002
        return [self] if all and filters["label"] == self.label else []

    def start(self) -> None:
        self.started += 1

    def remove(self, **options: Any) -> None:
        self.removed.append(options)


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    path = tmp_path / "vcsim"
    path.write_text(SERVES)
    path.chmod(0o755)
    return path


def test_the_password_is_in_its_file_only(folder: Folder, binary: Path) -> None:
    write_private(Credentials(folder).vcenter_password, "hunter2")
    line = simulator.command(binary, "127.0.0.1:1", Credentials(folder).vcenter_password)
    assert "hunter2" not in " ".join(line)
    assert str(Credentials(folder).vcenter_password) in line


def test_what_it_says_it_serves_is_found_among_other_lines() -> None:
    assert simulator.listening('time: x\n{"listen": "127.0.0.1:5", "pid": 3}\n') == "127.0.0.1:5"
    assert simulator.listening("time: x\n") is None


def test_it_starts_once_and_stops_by_its_record(folder: Folder, binary: Path) -> None:
    engine: Any = Containers(folder)
    record = Record.load(folder)
    first = simulator.ensure(binary, engine, folder, record, print)
    process = record.processes["simulator"]
    assert simulator.ensure(binary, engine, folder, record, print) == first
    assert record.processes["simulator"] == process == Record.load(folder).processes["simulator"]
    simulator.stop(record, folder)
    assert not process.alive()
    assert "simulator" not in Record.load(folder).processes


def test_a_new_one_forgets_the_machines_and_the_state_of_the_old(
    folder: Folder, binary: Path, lines: list[str]
) -> None:
    engine: Any = Containers(folder)
    (folder.state / "lab.json").touch()
    record = Record.load(folder)
    simulator.ensure(binary, engine, folder, record, lines.append)
    simulator.stop(record, folder)
    assert engine.removed == [{"force": True, "v": True}]
    assert list(folder.state.iterdir()) == []
    assert "starting from nothing" in lines[0]


def test_machines_that_a_crash_has_ended_are_started(folder: Folder) -> None:
    engine: Any = Containers(folder)
    simulator.wake_machines(engine, folder)
    assert (engine.started, engine.removed) == (1, [])


def test_it_comes_back_at_the_address_that_the_stack_file_has(folder: Folder, binary: Path) -> None:
    engine: Any = Containers(folder)
    record = Record.load(folder)
    addresses = []
    for _ in range(2):
        addresses.append(simulator.ensure(binary, engine, folder, record, print))
        simulator.stop(record, folder)
    assert addresses[0] == addresses[1]


def test_a_port_that_is_taken_is_changed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert simulator._free(address) != address


def test_one_that_ends_at_once_shows_its_last_lines(folder: Folder, binary: Path) -> None:
    binary.write_text("#!/bin/sh\nsleep 0.2; echo 'vcsim: no such file'\n")
    engine: Any = Containers(folder)
    with pytest.raises(LabError, match=r"does not start:\nvcsim: no such file"):
        simulator.ensure(binary, engine, folder, Record.load(folder), print)
