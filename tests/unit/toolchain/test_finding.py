"""What an examination says, and where on PATH a command is looked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lab.toolchain import needs, official
from lab.toolchain.component import COMPONENTS, PULUMI, VCSIM, VSPHERE
from lab.toolchain.doctor import state
from lab.toolchain.finding import Finding
from lab.toolchain.official import Official
from lab.toolchain.resolution import assemble

from .conftest import Machine


@pytest.mark.parametrize(
    ("ok", "fix", "detail"),
    [(True, "install it", "go1.26"), (False, "install it", "go1.26: install it"), (False, "", "go1.26")],
)
def test_the_way_out_is_told_only_where_it_is_needed(ok: bool, fix: str, detail: str) -> None:
    assert Finding("Go", ok=ok, found="go1.26", fix=fix).detail == detail


def test_the_first_command_outside_the_cache_counts(machine: Machine, tmp_path: Path) -> None:
    first = machine.command("tool", "", tmp_path / "first")
    machine.command("tool", "", tmp_path / "second")
    own = machine.command("tool", "", machine.cache / "tool-1")
    path = f"{own.parent}::{tmp_path}/absent:{first.parent}:{tmp_path}/second"
    assert official.on_path("tool", machine.cache, {"PATH": path}) == first
    assert official.on_path("tool", machine.cache, {"PATH": str(own.parent)}) is None
    assert official.on_path("tool", machine.cache, {}) is None


def test_a_way_into_the_cache_by_a_link_is_no_way_around_it(machine: Machine, tmp_path: Path) -> None:
    machine.command("tool", "", machine.cache / "tool-1")
    (tmp_path / "link").symlink_to(machine.cache / "tool-1")
    assert official.on_path("tool", machine.cache, {"PATH": str(tmp_path / "link")}) is None


@pytest.mark.parametrize(
    ("script", "said"),
    [("echo ' two  words '", "two words"), ("echo lost; exit 1", ""), ("printf 'a\\nb\\n'", "a b")],
)
def test_what_a_command_says_is_one_line_or_nothing(machine: Machine, script: str, said: str) -> None:
    command = machine.command("tool", f"#!/bin/sh\n{script}\n")
    assert official.run([str(command)], machine.environ, 10) == said


def test_a_command_is_never_asked_about_updates(machine: Machine) -> None:
    command = machine.command("tool", '#!/bin/sh\necho "$PULUMI_SKIP_UPDATE_CHECK"\n')
    assert official.run([str(command)], machine.environ, 10) == "true"


def test_room_is_looked_for_where_the_cache_will_be(machine: Machine) -> None:
    assert needs.disk_need(machine.cache).found.endswith(f"free at {machine.root}")
    machine.cache.mkdir(parents=True)
    assert needs.disk_need(machine.cache).found.endswith(f"free at {machine.cache}")


def test_a_go_that_says_nothing_of_itself_will_not_do(machine: Machine) -> None:
    machine.command("go", "#!/bin/sh\necho 'go: cannot find GOROOT' >&2\nexit 2\n")
    finding = needs.go_need((1, 25), machine.environ)
    assert not finding.ok
    assert "cannot find GOROOT" in finding.found


def test_a_module_without_a_go_line_asks_for_nothing(machine: Machine) -> None:
    (machine.sources / "vcsim").mkdir()
    (machine.sources / "vcsim" / "go.mod").write_text("module x\n")
    assert needs.go_directive(replace(VCSIM, home=machine.sources)) == (0,)


def test_a_component_is_official_built_or_still_to_come(machine: Machine) -> None:
    path = Path("/opt/pulumi")
    assert state(PULUMI, Official(path, "3.300.0"), machine.cache) == "official 3.300.0 (/opt/pulumi)"
    assert "not found; `longshore lab up` will get it" in state(VSPHERE, None, machine.cache)
    assert VSPHERE.version in state(VSPHERE, None, machine.cache)


def test_only_what_was_built_goes_on_path(machine: Machine) -> None:
    found = {component: Official(Path(f"/opt/{component.binary}"), "1") for component in COMPONENTS[:-1]}
    toolchain = assemble(COMPONENTS, machine.cache, found)
    assert [folder.name.rpartition("-")[0] for folder in toolchain.bin_dirs] == ["vcsim"]
    assert toolchain.pulumi == Path("/opt/pulumi")
    assert set(toolchain.origin) == {component.name for component in COMPONENTS}
