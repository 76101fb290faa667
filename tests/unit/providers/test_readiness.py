"""The gate's phases, and the shell that runs on the machine: given to a real sh, with commands of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from providers.swarm.connection import Connection
from providers.swarm.readiness import CLOUD_INIT, LOGS, STORAGE_DRIVERS, Gate, ask, shortfall
from providers.swarm.ssh import Ran, UnreachableError
from spec.errors import EngineError
from tests.unit.providers.world import KEY, World

GOOD = {"OSType": "linux", "Driver": "overlay2"}
M1 = Connection("10.0.0.11", name="m1")


TOOLS = ("id", "timeout", "grep", "tail")


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A machine with few tools, and a folder for commands of our own, which holds no link to a real one."""
    for folder in ("tools", "own"):
        (tmp_path / folder).mkdir()
    for name in TOOLS:
        (tmp_path / "tools" / name).symlink_to(shutil.which(name) or pytest.fail(f"no {name}"))
    return tmp_path / "own"


def command(folder: Path, name: str, script: str) -> None:
    with (folder / name).open("x") as file:
        file.write(f"#!/bin/sh\n{script}\n")
        os.fchmod(file.fileno(), 0o755)


def shell(folder: Path, script: str) -> tuple[int, str]:
    env = {"PATH": f"{folder}:{folder.parent / 'tools'}"}
    done = subprocess.run(["/bin/sh", "-c", script], env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_machine_without_cloud_init_is_not_waited_for(commands: Path) -> None:
    assert shell(commands, CLOUD_INIT)[0] == 0


@pytest.mark.parametrize("code", [0, 1, 2])
def test_cloud_inits_own_verdict_comes_back(commands: Path, code: int) -> None:
    command(commands, "cloud-init", f'[ "$*" = "status --wait" ] && exit {code}; exit 99')
    assert shell(commands, CLOUD_INIT)[0] == code


def test_a_cloud_init_that_goes_on_ends_the_slice(commands: Path) -> None:
    command(commands, "cloud-init", "exec /bin/sleep 60")
    assert shell(commands, CLOUD_INIT.replace("timeout 20", "timeout 0.2"))[0] == 124


def test_the_last_words_hold_the_reason_without_the_noise_of_keys(commands: Path) -> None:
    command(commands, "cloud-init", "echo 'status: error'")
    command(
        commands, "cat", "printf 'E: no package docker.io\\n-----BEGIN SSH HOST KEY\\nssh-rsa AAAA\\nci-info: |x|\\n'"
    )
    command(commands, "sudo", 'shift; exec "$@"')
    command(commands, "journalctl", "echo 'dockerd failed' >&2")
    said = shell(commands, LOGS)[1].splitlines()
    assert {"status: error", "E: no package docker.io", "dockerd failed"} <= set(said)
    assert not [line for line in said if "ssh-rsa" in line or "ci-info" in line or "-----" in line]


@pytest.mark.parametrize("driver", sorted(STORAGE_DRIVERS))
def test_every_driver_that_holds_layers_will_do(driver: str) -> None:
    assert shortfall(GOOD | {"Driver": driver}, {"ApiVersion": "1.41"}) is None


@pytest.mark.parametrize(
    ("info", "version", "lacks"),
    [
        (GOOD, {"ApiVersion": "1.40"}, "its API is 1.40, at least 1.41"),
        (GOOD, {"ApiVersion": "1.9"}, "its API is 1.9"),
        (GOOD, {}, "its API is 0.0"),
        ({"Driver": "overlay2"}, {"ApiVersion": "1.41"}, "it runs None containers"),
        ({"OSType": "linux"}, {"ApiVersion": "1.41"}, "its storage driver is None"),
        (GOOD | {"Driver": "devicemapper"}, {"ApiVersion": "2.0"}, "'devicemapper'"),
    ],
)
def test_what_an_engine_lacks_is_said(info: dict[str, Any], version: dict[str, Any], lacks: str) -> None:
    assert lacks in str(shortfall(info, version))


def test_an_engine_that_will_not_do_is_the_templates_fault() -> None:
    world = World("m1")
    world["m1"].info = {"Driver": "vfs"}
    with pytest.raises(EngineError, match=r"m1: this Docker Engine won't do(.|\n)*mend the machine's template"):
        ask(world.call, Connection("10.0.0.11", KEY, name="m1"))


class Booting(World):
    """A machine whose host key is made anew between the first contacts, and whose engine comes late."""

    def __init__(self, keys: list[str], engine_after: float = 0) -> None:
        super().__init__("m1")
        self.keys, self.engine_after = keys, engine_after
        self["m1"].answers = {"true": [Ran(0, "")], CLOUD_INIT: [Ran(0, "")], LOGS: [Ran(0, "last words")]}

    def host_key(self, host: str, port: int) -> str:
        seen = super().host_key(host, port)
        if self.keys:
            self["m1"].key = self.keys.pop(0)
        return seen

    def docker(self, connection: Connection, seconds: int = 30) -> Any:
        if self.clock.now() < self.engine_after:
            raise UnreachableError(connection.where, "the Docker Engine does not answer")
        return super().docker(connection, seconds)


def test_a_key_made_anew_while_booting_is_pinned_as_it_is_at_last() -> None:
    world = Booting([f"{KEY}A", f"{KEY}B"])
    ready = Gate(world.call, M1, 60).pass_through()
    assert ready.connection.host_key == f"{KEY}B"
    assert any("its host key is being made" in line for line in world.listener.lines)


def test_an_engine_that_comes_late_is_waited_for() -> None:
    world = Booting([], engine_after=30)
    assert Gate(world.call, M1, 60).pass_through().info["Name"] == "m1"
    assert 30 <= world.clock.now() < 35


def test_an_engine_that_never_comes_is_told_with_the_machines_last_words() -> None:
    world = Booting([], engine_after=1000)
    with pytest.raises(EngineError) as caught:
        Gate(world.call, M1, 60).pass_through()
    assert "in vain for the Docker Engine: the Docker Engine does not answer\n  | last words" in caught.value.found
    assert world.clock.now() < 70


def test_last_words_that_cannot_be_had_are_told_too() -> None:
    world = Booting([])
    world["m1"].answers[CLOUD_INIT] = [Ran(1, "")]
    del world["m1"].answers[LOGS]
    plain_run = world.run

    def run(connection: Connection, command: str, seconds: float) -> Ran:
        if command == LOGS:
            raise UnreachableError("m1", "it was switched off")
        return plain_run(connection, command, seconds)

    world.run = run  # type: ignore[method-assign]
    with pytest.raises(EngineError, match=r"cloud-init failed\n  \| its logs can't be read: it was switched off"):
        Gate(world.call, M1, 60).pass_through()


def test_a_machine_that_never_showed_a_key_has_no_last_words() -> None:
    world = World("m1")
    world["m1"].on = False
    with pytest.raises(EngineError) as caught:
        Gate(world.call, M1, 5).pass_through()
    assert "\n" not in caught.value.found
