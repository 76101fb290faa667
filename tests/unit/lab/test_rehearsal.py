from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import credentials, process, rehearsal
from lab.folder import Folder
from lab.process import Process
from lab.record import Record
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
