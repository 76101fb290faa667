from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from docker.errors import APIError

from lab.folder import Folder
from lab.machine_image import CAPABILITIES, can_be_privileged, machine_arguments
from lab.record import Record


@pytest.mark.parametrize("privileged", [True, False])
def test_the_image_is_last_and_the_machine_is_filled_in_later(folder: Folder, privileged: bool) -> None:
    arguments = machine_arguments(folder, "node:1", privileged=privileged)
    assert arguments[-1] == "node:1"
    assert {"--hostname={name}", "--ip={address}", f"--network={folder.name}"} <= set(arguments)


def test_privileged_needs_no_capabilities(folder: Folder) -> None:
    arguments = machine_arguments(folder, "node:1", privileged=True)
    assert "--privileged" in arguments
    assert not any(argument.startswith("--cap-add") for argument in arguments)


def test_unprivileged_names_every_capability_but_the_one_that_hosts_lack(folder: Folder) -> None:
    arguments = machine_arguments(folder, "node:1", privileged=False)
    added = {argument.removeprefix("--cap-add=") for argument in arguments if argument.startswith("--cap-add=")}
    assert added == set(CAPABILITIES)
    assert "SYS_RESOURCE" not in added


@pytest.mark.parametrize("privileged", [True, False])
def test_a_shell_reads_back_one_word_for_each_argument(folder: Folder, privileged: bool) -> None:
    """The simulator joins the arguments with spaces and gives that line to bash."""
    arguments = machine_arguments(folder, "node:1", privileged=privileged)
    line = " ".join(json.loads(json.dumps(arguments)))
    words = subprocess.run(["bash", "-c", f"printf '%s\\n' {line}"], capture_output=True, text=True, check=True).stdout
    assert words.splitlines() == [argument.replace("'", "") for argument in arguments]


class Engine:
    """Starts containers, or refuses to; `asked` has the options of each, `left` those not removed."""

    def __init__(self, refuses: bool) -> None:
        self.refuses = refuses
        self.asked: list[dict[str, Any]] = []
        self.left = 0
        self.containers = self

    def create(self, _image: str, _command: list[str], **options: Any) -> Engine:
        self.asked.append(options)
        self.left += 1
        return self

    def start(self) -> None:
        if self.refuses:
            raise APIError("operation not permitted")

    def remove(self, *, force: bool, v: bool) -> None:
        assert force
        assert v
        self.left -= 1


@pytest.mark.parametrize("refuses", [True, False])
def test_privileges_are_tried_once_and_remembered(folder: Folder, refuses: bool) -> None:
    engine: Any = Engine(refuses)
    for _ in range(2):
        assert can_be_privileged(engine, folder, Record.load(folder), "node:1") is not refuses
    assert len(engine.asked) == 1
    assert engine.asked[0]["privileged"]
    assert engine.left == 0
