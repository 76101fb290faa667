from __future__ import annotations

import re

import pytest

from lab.toolchain.component import COMPONENTS, DOCKER, LANGUAGE, PULUMI, VCSIM, VSPHERE, Component


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: c.name)
def test_each_has_a_module_with_locked_sums(component: Component) -> None:
    assert (component.source / "go.mod").read_text().startswith("module longshore.dev/")
    assert (component.source / "go.sum").stat().st_size > 0


@pytest.mark.parametrize("component", [LANGUAGE, VSPHERE, DOCKER], ids=lambda c: c.name)
def test_the_table_tells_the_version_that_the_binary_tells(component: Component) -> None:
    found = re.search(r'^const version = "(.+)"$', (component.source / "main.go").read_text(), re.MULTILINE)
    assert found is not None
    assert found.group(1) == component.version


@pytest.mark.parametrize(
    ("component", "module"),
    [
        (PULUMI, "github.com/pulumi/pulumi/pkg/v3"),
        (LANGUAGE, "github.com/pulumi/pulumi/sdk/v3"),
        (VSPHERE, "github.com/hashicorp/terraform-provider-vsphere"),
        (VCSIM, "github.com/vmware/govmomi"),
    ],
    ids=lambda value: value.name if isinstance(value, Component) else "",
)
def test_a_versions_number_is_that_of_the_wrapped_module(component: Component, module: str) -> None:
    pinned = re.search(rf"{re.escape(module)} v([^\s]+)", (component.source / "go.mod").read_text(), re.MULTILINE)
    assert pinned is not None
    assert component.version == f"{pinned.group(1)}-lab"


def test_the_cli_is_stamped_with_its_version() -> None:
    assert PULUMI.stamp.endswith(f"=v{PULUMI.version}")


def test_what_docker_grafts_is_there() -> None:
    assert DOCKER.graft is not None
    assert DOCKER.graft.module in (DOCKER.source / DOCKER.graft.modfile).read_text()
    assert (DOCKER.source / DOCKER.graft.addition / "provider.go").is_file()
    assert f"=> ./{DOCKER.graft.folder}" in (DOCKER.source / "go.mod").read_text()
