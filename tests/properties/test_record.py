"""The lab's record survives a crash at any write: it is the old one or the new one, never half of one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.folder import Folder, write_private
from lab.process import Process
from lab.record import Firewall, Network, Record
from tests.conftest import ROOT

TEXTS = st.text(max_size=20)
PROCESSES = st.builds(Process, pid=st.integers(1, 2**22), began=st.integers(0, 2**60), boot=TEXTS)
RECORDS = st.builds(
    Record,
    engine=st.sampled_from(["", "own", "running"]),
    processes=st.dictionaries(st.sampled_from(["containerd", "dockerd", "simulator"]), PROCESSES),
    firewall=st.none() | st.builds(Firewall, forward_policy=TEXTS, ip_forward=TEXTS),
    network=st.none() | st.builds(Network, id=TEXTS, subnet=TEXTS),
    privileged=st.none() | st.booleans(),
    simulator=TEXTS,
)


class Crash(Exception):  # noqa: N818  it stands for no error of ours
    """The machine stops here."""


def fresh() -> tuple[tempfile.TemporaryDirectory[str], Folder]:
    place = tempfile.TemporaryDirectory()
    folder = Folder(Path(place.name))
    folder.make()
    return place, folder


@given(RECORDS)
def test_any_record_comes_back_as_it_was_written(record: Record) -> None:
    place, folder = fresh()
    with place:
        record.save(folder)
        assert Record.load(folder) == record


def crashing(step: str) -> Any:
    """Patch one step of a write so that the machine stops there; `half` stops in the middle of the text."""
    if step == "half":
        fdopen = os.fdopen

        def torn(descriptor: int, mode: str) -> Any:
            file = fdopen(descriptor, mode)

            def write(data: bytes) -> None:
                type(file).write(file, data[: len(data) // 2])
                file.flush()
                raise Crash

            return mock.MagicMock(__enter__=lambda _: mock.MagicMock(write=write), __exit__=lambda *_: file.close())

        return mock.patch("os.fdopen", torn)
    return mock.patch(step, side_effect=Crash)


@pytest.mark.parametrize("step", ["pathlib.Path.unlink", "os.open", "os.fdopen", "half", "pathlib.Path.replace"])
@settings(max_examples=20, deadline=None)
@given(before=RECORDS, after=RECORDS)
def test_a_crash_at_any_step_leaves_the_record_of_before(step: str, before: Record, after: Record) -> None:
    place, folder = fresh()
    with place:
        before.save(folder)
        with crashing(step), pytest.raises(Crash):
            after.save(folder)
        assert Record.load(folder) == before
        after.save(folder)
        assert Record.load(folder) == after
        assert [path.name for path in folder.root.glob("record*")] == ["record.json"]


WRITER = """
import sys
from pathlib import Path
from lab.folder import Folder
from lab.record import Record
folder = Folder(Path(sys.argv[1]))
print("go", flush=True)
number = 0
while True:
    number += 1
    Record(simulator=f"{number}" * 2000).save(folder)
"""


def test_a_writer_that_is_killed_leaves_a_whole_record(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.make()
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", WRITER, tmp_path], cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == b"go\n"
            writer.send_signal(signal.SIGKILL)
        text = Record.load(folder).simulator
        assert text == text[: len(text) // 2000] * 2000


@given(st.binary(max_size=200))
def test_a_private_file_holds_every_byte(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "secret"
        write_private(file, content)
        assert file.read_bytes() == content
        assert file.stat().st_mode & 0o777 == 0o600
