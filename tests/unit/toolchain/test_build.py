from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from lab.toolchain import build, cache
from lab.toolchain.component import Companion, Component, Graft
from spec.errors import LabError

from .conftest import Machine


def make(machine: Machine, *components: Component) -> list[str]:
    lines: list[str] = []
    build.build(components, machine.cache, machine.environ, lines.append)
    return lines


def scratch(machine: Machine) -> list[Path]:
    return [path for path in machine.cache.glob(".*") if path.is_dir()]


def test_a_missing_component_is_built_and_told(machine: Machine, tiny: Component) -> None:
    lines = make(machine, tiny)
    assert (cache.entry(machine.cache, tiny) / "tinybin").read_text() == "binary\n"
    assert "1 to build" in lines[0]
    assert "toolchain: building tiny" in lines
    assert lines[-1].startswith("toolchain: built tiny in ")
    assert lines[-1].endswith("(1 of 1)")
    assert not scratch(machine)


def test_a_built_component_is_left_alone(machine: Machine, tiny: Component) -> None:
    make(machine, tiny)
    assert make(machine, tiny) == []
    assert len(machine.go_calls("build")) == 1


def test_a_source_change_builds_anew_and_keeps_the_old_entry(machine: Machine, tiny: Component) -> None:
    make(machine, tiny)
    old = cache.entry(machine.cache, tiny)
    (tiny.source / "main.go").write_text("package main // changed\n")
    make(machine, tiny)
    assert cache.entry(machine.cache, tiny) != old
    assert (old / "tinybin").exists()
    assert cache.is_built(machine.cache, tiny)


def test_a_failure_shows_the_end_of_the_log_and_where_it_is(machine: Machine, tiny: Component) -> None:
    machine.go("for i in $(seq 40); do echo line $i >&2; done; exit 1")
    with pytest.raises(LabError) as caught:
        make(machine, tiny)
    assert "building tinybin" in caught.value.where
    assert "line 40" in caught.value.found
    assert "line 9\n" not in caught.value.found
    log = cache.entry(machine.cache, tiny).with_suffix(".log")
    assert str(log) in caught.value.fix
    assert "line 1\n" in log.read_text()


def test_a_failure_leaves_nothing_half_made_and_can_be_run_again(machine: Machine, tiny: Component) -> None:
    machine.go('echo half > "$out"; exit 1')
    with pytest.raises(LabError):
        make(machine, tiny)
    assert not cache.entry(machine.cache, tiny).exists()
    assert not scratch(machine)
    machine.go()
    make(machine, tiny)
    assert cache.is_built(machine.cache, tiny)


def test_an_interrupt_ends_the_compiler_and_leaves_nothing(
    machine: Machine, tiny: Component, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "HEARTBEAT", 0.3)
    machine.go('echo half > "$out"; sleep 60 & echo $! > "$HOME/child"; wait')

    def interrupt(line: str) -> None:
        if line.startswith("toolchain: building tiny ") and (machine.home / "child").exists():
            raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        build.build([tiny], machine.cache, machine.environ, interrupt)
    assert time.monotonic() - start < 20
    assert not cache.entry(machine.cache, tiny).exists()
    assert not scratch(machine)
    assert not runs(int((machine.home / "child").read_text()))


def runs(pid: int) -> bool:
    """Whether the process is there and more than an unreaped remnant."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()


def test_what_a_killed_build_left_is_removed(machine: Machine, tiny: Component) -> None:
    left = machine.cache / f".{cache.entry(machine.cache, tiny).name}-abc"
    (left / "work").mkdir(parents=True)
    make(machine, tiny)
    assert not scratch(machine)


def test_an_entry_that_lost_its_binary_is_built_again(machine: Machine, tiny: Component) -> None:
    make(machine, tiny)
    binary = cache.entry(machine.cache, tiny) / "tinybin"
    binary.rename(binary.with_name("moved"))
    make(machine, tiny)
    assert binary.exists()


def test_a_cache_that_cannot_be_written_is_no_traceback(machine: Machine, tiny: Component) -> None:
    machine.cache.parent.parent.mkdir()
    machine.cache.parent.write_text("a file in the way")
    with pytest.raises(LabError) as caught:
        make(machine, tiny)
    assert str(machine.cache) in caught.value.fix


def test_two_builds_at_once_share_one(machine: Machine, tiny: Component) -> None:
    machine.go("sleep 0.3")
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(make, machine, tiny) for _ in range(2)]:
            done.result()
    assert len(machine.go_calls("build")) == 1
    assert cache.is_built(machine.cache, tiny)


def test_the_first_failure_stops_the_other_builds(machine: Machine, tiny: Component) -> None:
    other = replace(tiny, name="slow")
    other.source.mkdir()
    (other.source / "go.mod").write_text("module slow\n\ngo 1.25\n")
    machine.go("grep -q slow go.mod && exec sleep 60; echo broken >&2; exit 1")
    start = time.monotonic()
    with pytest.raises(LabError, match="broken"):
        make(machine, other, tiny)
    assert time.monotonic() - start < 20


def test_stamp_and_tags_reach_the_compiler(machine: Machine, tiny: Component) -> None:
    make(machine, replace(tiny, stamp="p.Version=v1", tags="no_compose", package="p/cmd"))
    (call,) = machine.go_calls("build")
    assert "-ldflags -s -w -X p.Version=v1" in call
    assert "-tags no_compose" in call
    assert "-trimpath" in call
    assert call.endswith(" p/cmd")


def test_a_companion_is_laid_beside_the_binary(machine: Machine, tiny: Component) -> None:
    machine.command("script", "#!/bin/sh\n", machine.home / "module" / "python").chmod(0o444)
    component = replace(tiny, companion=Companion("example.com/sdk", "python/script"))
    make(machine, component)
    laid = cache.entry(machine.cache, component) / "script"
    assert os.access(laid, os.X_OK)
    assert machine.go_calls("mod") == ["mod download example.com/sdk"]


def test_a_graft_copies_the_module_and_adds_to_it(machine: Machine, tiny: Component) -> None:
    inner = machine.command("inner.go", "package inner\n", machine.home / "module" / "internal")
    inner.chmod(0o444)
    inner.parent.chmod(0o555)
    (tiny.source / "_extra").mkdir()
    (tiny.source / "_extra" / "extra.go").write_text("package extra\n")
    component = replace(tiny, graft=Graft("example.com/up", "up.mod", "upstream", "_extra"))
    not_writable = 'find upstream ! -perm -200 >> "$HOME/seen"'
    machine.go(f'cat upstream/internal/inner.go upstream/extra/extra.go > "$HOME/seen"; {not_writable}')
    make(machine, component)
    assert (machine.home / "seen").read_text() == "package inner\npackage extra\n"
    assert machine.go_calls("list") == ["list -modfile=up.mod -m -f {{.Dir}} example.com/up"]
    assert not scratch(machine)


def test_nothing_is_built_on_a_machine_that_lacks_something(machine: Machine, tiny: Component) -> None:
    (machine.bin / "go").unlink()
    environ = machine.environ | {"PATH": str(machine.bin)}
    with pytest.raises(LabError, match="no go command on PATH") as caught:
        build.build([tiny], machine.cache, environ, print)
    assert "go.dev/dl" in caught.value.fix
    assert not machine.cache.exists()


@pytest.mark.parametrize(("memory", "cores", "expected"), [(100, 2, 2), (100, 8, 5), (7, 8, 1), (9, 8, 2), (1, 1, 1)])
def test_memory_and_cores_decide_how_many_run_at_once(
    memory: float, cores: int, expected: int, tiny: Component, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "available_memory", lambda: memory)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert build.workers([replace(tiny, memory=4)] * 6) == expected


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0s"), (59.4, "59s"), (59.6, "1m00s"), (185, "3m05s")])
def test_elapsed(seconds: float, text: str) -> None:
    assert build.elapsed(seconds) == text
