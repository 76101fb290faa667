from __future__ import annotations

import os

import pytest

from lab.folder import Folder
from lab.process import Process
from lab.record import Firewall, Network, Record
from spec.errors import LabError


def full() -> Record:
    me = Process.of(os.getpid())
    assert me
    return Record(
        engine="own",
        processes={"dockerd": me},
        firewall=Firewall(forward_policy="ACCEPT", ip_forward="0"),
        network=Network(id="abc", subnet="10.77.0.0/24"),
        privileged=False,
        simulator="127.0.0.1:8989",
    )


def test_it_comes_back_as_it_was_written(folder: Folder) -> None:
    full().save(folder)
    assert Record.load(folder) == full()


def test_it_is_private_as_it_tells_of_the_machine(folder: Folder) -> None:
    full().save(folder)
    assert (folder.root / "record.json").stat().st_mode & 0o777 == 0o600


def test_none_is_an_empty_one(folder: Folder) -> None:
    assert Record.load(folder) == Record()


@pytest.mark.parametrize("text", ["{", '{"engine": 3}', '{"unknown": 1}'])
def test_a_damaged_one_is_never_taken_for_an_empty_one(folder: Folder, text: str) -> None:
    (folder.root / "record.json").write_text(text)
    with pytest.raises(LabError, match="is damaged"):
        Record.load(folder)


def test_a_part_is_alive_while_its_very_process_is() -> None:
    record = full()
    assert record.alive("dockerd")
    assert not record.alive("simulator")
    record.processes["dockerd"] = record.processes["dockerd"].model_copy(update={"began": 1})
    assert not record.alive("dockerd")
