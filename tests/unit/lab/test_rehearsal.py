from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
from docker.errors import APIError

from lab import credentials, process, rehearsal
from lab.folder import Folder
from lab.network import Addresses
from lab.process import Process
from lab.record import Record
from lab.toolchain import Toolchain
from spec.errors import LabError


@pytest.fixture
def bystander(tmp_path: Path) -> Iterator[Process]:
    started = process.start(["sleep", "60"], tmp_path / "log")
    yield started
    started.stop()


def test_down_of_a_lab_that_never_was_does_nothing(tmp_path: Path, lines: list[str]) -> None:
    rehearsal.down(lines.append, Folder(tmp_path))
    assert lines == ["lab: nothing to remove"]
    assert list(tmp_path.iterdir()) == []


def test_down_of_one_that_started_nothing_removes_its_folder(folder: Folder, lines: list[str]) -> None:
    credentials.ensure(folder, print)
    rehearsal.down(lines.append, folder)
    assert not folder.root.exists()
    assert lines == ["lab: down"]


def test_down_keeps_what_the_stack_file_is_encrypted_with(folder: Folder) -> None:
    keys = credentials.ensure(folder, print)
    folder.stack_file.parent.mkdir(parents=True)
    folder.stack_file.touch()
    rehearsal.down(folder=folder)
    assert {path.name for path in folder.root.iterdir()} == {path.name for path in keys.lasting}


def test_down_refuses_while_another_lab_command_runs(folder: Folder) -> None:
    with folder.locked(), pytest.raises(LabError, match="another `longshore lab` command"):
        rehearsal.down(folder=folder)


def test_down_never_ends_a_process_that_only_has_a_number_of_ours(
    folder: Folder, bystander: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = bystander.model_copy(update={"began": bystander.began - 1})
    Record(engine="own", processes={"dockerd": ours, "containerd": ours, "simulator": ours}).save(folder)
    monkeypatch.setattr(rehearsal, "_remove_parts", lambda *_: None)
    rehearsal.down(folder=folder)
    assert bystander.alive()
    assert not folder.root.exists()


def test_down_of_a_damaged_record_removes_nothing(folder: Folder) -> None:
    (folder.root / "record.json").write_text("{")
    with pytest.raises(LabError, match="is damaged"):
        rehearsal.down(folder=folder)
    assert (folder.root / "record.json").exists()


def test_down_without_someone_elses_engine_says_so_and_forgets_nothing(folder: Folder) -> None:
    Record(engine="running").save(folder)
    with pytest.raises(LabError, match="does not answer"):
        rehearsal.down(folder=folder)
    assert Record.load(folder).engine == "running"


PARTS = ("resolve", "docker_engine.ensure", "base_image.ensure", "machine_image.can_be_privileged", "network.ensure")
LATER = ("registry.ensure", "sample_images.ensure", "simulator.ensure", "stacks.write", "stacks.ensure")


class Calls(list[str]):
    """Stands in for every part, in the order in which they are asked; `fails` names one that is interrupted."""

    fails = ""

    def stand_in(self, name: str, answer: Any) -> Any:
        def call(*_: Any, **__: Any) -> Any:
            self.append(name)
            if name == self.fails:
                raise KeyboardInterrupt
            return answer

        return call


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    answers = {
        "resolve": Toolchain([], Path("/pulumi"), Path("/vcsim"), {}),
        "docker_engine.ensure": False,
        "docker_engine.client": None,
        "network.ensure": Addresses(IPv4Network("10.77.0.0/24")),
        "certificates.ca_file": Path(__file__),
        "machine_image.machine_arguments": ["node:1"],
    }
    made = Calls()
    for name in (*PARTS, *LATER, *answers, "simulator.wake_machines"):
        monkeypatch.setattr(f"lab.rehearsal.{name}", made.stand_in(name, answers.get(name, False)))
    return made


def asked_for(calls: Calls) -> tuple[str, ...]:
    return tuple(name for name in calls if name in PARTS + LATER)


def test_up_asks_each_part_in_the_order_they_need(folder: Folder, calls: Calls, lines: list[str]) -> None:
    rehearsal.up(lines.append, folder)
    assert asked_for(calls) == PARTS + LATER
    assert lines == ["lab: up"]


@pytest.mark.parametrize("part", PARTS + LATER)
def test_up_that_was_interrupted_anywhere_can_be_run_again(folder: Folder, calls: Calls, part: str) -> None:
    calls.fails = part
    with pytest.raises(KeyboardInterrupt):
        rehearsal.up(folder=folder)
    calls.fails = ""
    calls.clear()
    rehearsal.up(folder=folder)
    assert asked_for(calls) == PARTS + LATER


@pytest.mark.parametrize("fresh", [True, False])
def test_machines_are_woken_only_after_the_engine_was_started(
    folder: Folder, calls: Calls, fresh: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.rehearsal.docker_engine.ensure", lambda *_: fresh)
    rehearsal.up(folder=folder)
    assert ("simulator.wake_machines" in calls) is fresh


def test_what_the_engine_refuses_is_a_lab_error(folder: Folder, calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise APIError("no space left on device")

    monkeypatch.setattr("lab.rehearsal.network.ensure", refuse)
    with pytest.raises(LabError, match="its Docker Engine refuses: no space left on device"):
        rehearsal.up(folder=folder)
    assert "stacks.ensure" not in calls
