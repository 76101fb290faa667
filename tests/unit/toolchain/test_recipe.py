"""One build from its own side: the go commands in order, the log as it grows, and what an interrupt leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event, Timer

import pytest

from lab.toolchain import cache
from lab.toolchain.component import COMPONENTS, Component, Graft
from lab.toolchain.recipe import TAIL, Recipe
from spec.errors import LabError

from .conftest import Machine


def recipe(machine: Machine, component: Component, log: Path, stopping: Event | None = None) -> Recipe:
    folder = machine.root / "scratch"
    folder.mkdir()
    return Recipe(component, folder, log.open("w"), machine.environ, stopping or Event())


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "tiny.log"


def test_the_source_is_copied_and_left_as_it_was(machine: Machine, tiny: Component, log: Path) -> None:
    before = {path: path.read_bytes() for path in tiny.source.iterdir()}
    machine.go("echo changed >> main.go")
    made = recipe(machine, tiny, log).make()
    assert (made / "tinybin").is_file()
    assert {path: path.read_bytes() for path in tiny.source.iterdir()} == before


def test_every_command_is_in_the_log_before_what_it_says(machine: Machine, tiny: Component, log: Path) -> None:
    machine.go("echo compiling >&2")
    recipe(machine, tiny, log).make()
    command, said = log.read_text().splitlines()
    assert command.startswith("$ go build -trimpath -ldflags -s -w -o ")
    assert said == "compiling"


def test_only_the_end_of_a_long_log_is_shown(machine: Machine, tiny: Component, log: Path) -> None:
    machine.go("seq 100 >&2; exit 1")
    with pytest.raises(LabError) as caught:
        recipe(machine, tiny, log).make()
    assert caught.value.found.splitlines()[1:] == [f"    {number}" for number in range(101 - TAIL, 101)]
    assert caught.value.where == "building tinybin"


def test_what_a_failed_command_printed_is_kept_too(machine: Machine, tiny: Component, log: Path) -> None:
    machine.go("echo on standard output; exit 1")
    with pytest.raises(LabError, match="on standard output"):
        recipe(machine, tiny, log).make()


def test_a_build_is_stopped_when_asked(machine: Machine, tiny: Component, log: Path) -> None:
    machine.go("exec sleep 60")
    stopping = Event()
    Timer(0.2, stopping.set).start()
    with pytest.raises(LabError, match="the go command failed"):
        recipe(machine, tiny, log, stopping).make()


def test_a_module_that_cannot_be_had_ends_the_build_before_it_begins(
    machine: Machine, tiny: Component, log: Path
) -> None:
    machine.command("go", '#!/bin/sh\necho "$@" >> "$HOME/go.calls"\n[ "$1" != mod ] || exit 1\n')
    component = replace(tiny, graft=Graft("example.com/up", "up.mod", "upstream", "_extra"))
    with pytest.raises(LabError, match="the go command failed"):
        recipe(machine, component, log).make()
    assert machine.go_calls("build") == []


@pytest.mark.parametrize("name", ["main_test.go", "inner/deep_test.go"])
def test_a_components_own_tests_build_nothing_anew(machine: Machine, tiny: Component, name: str) -> None:
    before = cache.content_hash(tiny)
    (tiny.source / name).parent.mkdir(exist_ok=True)
    (tiny.source / name).write_text("package main\n")
    assert cache.content_hash(tiny) == before
    assert machine.root.exists()


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.name)
def test_flags_are_arguments_of_their_own(machine: Machine, component: Component, log: Path) -> None:
    flags = recipe(machine, component, log)._flags()
    assert flags[0] == "-ldflags"
    assert flags[1].startswith("-s -w")
    assert ("-tags" in flags) is bool(component.tags)
    assert (f"-X {component.stamp}" in flags[1]) is bool(component.stamp)
