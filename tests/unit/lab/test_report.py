from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab import report
from lab.folder import Folder
from lab.record import Record
from spec.errors import LabError


def test_a_lab_that_never_was_is_down_in_every_part(tmp_path: Path) -> None:
    parts = report.status(Folder(tmp_path))
    assert {part.state for part in parts} == {"down"}
    assert [part.name for part in parts] == ["engine", "network", "registry", "machines", "simulator", "stack file"]
    assert not (tmp_path / ".lab").exists()


def test_a_dead_engine_takes_its_parts_with_it(folder: Folder) -> None:
    Record(engine="own", simulator="127.0.0.1:8989").save(folder)
    parts = {part.name: part for part in report.status(folder)}
    assert {part.state for part in parts.values()} == {"down"}
    assert parts["engine"].detail == f"{folder.docker_host}, our own"


@pytest.mark.parametrize(("part", "file"), [("engine", "dockerd"), ("simulator", "simulator")])
def test_a_log_is_its_last_lines(folder: Folder, part: str, file: str) -> None:
    assert report.log(part, folder) == ""
    folder.log(file).write_text("one\ntwo\n")
    assert report.log(part, folder) == "one\ntwo"


def test_an_unknown_part_is_told_with_the_known_ones(folder: Folder) -> None:
    with pytest.raises(LabError, match=r"no such part(.|\n)*engine, simulator, registry"):
        report.log("../passphrase", folder)


def test_the_registrys_log_needs_an_engine(folder: Folder) -> None:
    with pytest.raises(LabError, match="does not answer"):
        report.log("registry", folder)


def test_a_lab_that_runs_names_its_machines(engine: Any, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = {"labels": {f"longshore.machine={folder.name}"}}
    for name in ("lab-workers-1", "lab-managers-1"):
        engine.containers.add(name, **labels)
    engine.containers.add(f"{folder.name}-registry")
    monkeypatch.setattr("lab.report.docker_engine.answers", lambda _socket: True)
    monkeypatch.setattr("lab.report.docker_engine.client", lambda _folder: engine)
    parts = {part.name: part for part in report.status(folder)}
    assert parts["machines"].detail == "lab-managers-1, lab-workers-1"
    assert (parts["engine"].state, parts["registry"].state) == ("up", "up")
    assert "openstack" not in parts
    engine.containers.add(f"{folder.name}-openstack")
    [openstack] = [part for part in report.status(folder) if part.name == "openstack"]
    assert (openstack.state, openstack.detail) == ("up", f"{folder.name}-openstack")
    assert report.log("registry", folder) == f"{folder.name}-registry: the last 1000 lines"
