"""The lab's stacks: one whole environment, the same in two layers beside it, and three for releases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lab import credentials, stacks
from lab.environment import STACKS, owns
from lab.folder import Folder
from release import environments
from spec.errors import SpecError
from spec.load import check_any, check_file
from spec.stack import ServicesSpec, StackSpec
from tests.unit.lab.test_stack_file import values

SEALED = {stacks.TARGET_PASSWORD: "v1:x", stacks.CACHE_PASSWORD: "v1:y"}
ENVIRONMENTS = {name: f"10.77.0.{91 + number}" for number, name in enumerate(stacks.RELEASED)}
LAB = values() | {"platform_managers": "10.77.0.71", "platform_workers": "10.77.0.81"} | ENVIRONMENTS


@pytest.fixture
def written(folder: Folder) -> Folder:
    """The files as `lab up` leaves them, secrets in."""
    stacks.write(folder, LAB, print)
    for each in stacks.STACKS:
        file = folder.file_of(each.name)
        content = YAML().load(file)
        for path in each.secrets:
            key, field = path.split(".")
            content["config"].setdefault(key, {})[field] = {"secure": SEALED[path]}
        YAML().dump(content, file)
    return folder


def spec(folder: Folder, name: str) -> StackSpec | ServicesSpec:
    return check_any(folder.file_of(name))


def test_the_environment_knows_all_of_them() -> None:
    assert tuple(each.name for each in stacks.STACKS) == STACKS


@pytest.mark.parametrize("name", STACKS)
def test_they_are_the_labs_before_they_exist(tmp_path: Path, name: str) -> None:
    assert owns(name, Folder(tmp_path))
    assert not owns(f"{name}-2", Folder(tmp_path))


def test_the_whole_one_has_no_layer(written: Folder) -> None:
    whole = spec(written, "lab")
    assert isinstance(whole, StackSpec)
    assert whole.layer is None
    assert (whole.cluster.count("manager"), whole.cluster.count("worker")) == (3, 2)
    assert whole.services["web"].replicas == 2


def test_the_platform_is_small_and_runs_nothing(written: Folder) -> None:
    platform = check_file(written.file_of("lab-platform"))
    assert platform.layer == "platform"
    assert [len(pool.node_addresses()) for pool in platform.cluster.pools.values()] == [1, 1]
    assert [platform.services, platform.networks, platform.configs, platform.secrets] == [{}, {}, {}, {}]


def test_the_services_name_their_platform_and_make_no_machine(written: Folder) -> None:
    services = spec(written, "lab-services")
    assert isinstance(services, ServicesSpec)
    assert services.platform == "lab-platform"
    assert set(services.services) == {"web", "worker", "cache"}
    with pytest.raises(SpecError, match="makes no machine"):
        check_file(written.file_of("lab-services"))


def test_all_that_make_machines_can_exist_at_once(written: Folder) -> None:
    made = [check_file(written.file_of(name)) for name in ("lab", "lab-platform", *stacks.RELEASED)]
    addresses = [a for each in made for pool in each.cluster.pools.values() for a in pool.node_addresses()]
    assert len(set(addresses)) == len(addresses) == 5 + 2 + 3
    assert len({each.cluster.name for each in made}) == len(made)


@pytest.mark.parametrize("name", stacks.RELEASED)
def test_an_environment_of_releases_is_one_manager_with_images_by_tag(written: Folder, name: str) -> None:
    found = check_file(written.file_of(name))
    assert list(found.cluster.pools) == ["managers"]
    assert {service: each.image for service, each in found.services.items()} == {
        "cache": "10.77.0.2:5000/shop-cache:1.0",
        "web": "10.77.0.2:5000/shop-web:1.0",
    }
    assert not any(each.constraints for each in found.services.values())


def test_a_restart_leaves_an_environments_images_by_tag(written: Folder) -> None:
    before = written.file_of("lab-dev").read_text()
    stacks.write(written, LAB, print)
    assert written.file_of("lab-dev").read_text() == before


def test_writing_again_says_nothing(folder: Folder, lines: list[str]) -> None:
    stacks.write(folder, LAB, lines.append)
    told = [f"stack file: stacks/Pulumi.{name}.yaml written" for name in STACKS]
    assert lines == [*told, "environments: stacks/environments.yaml written"]
    stacks.write(folder, LAB, lines.append)
    assert len(lines) == len(STACKS) + 1


def test_the_environments_are_the_stacks_of_releases_in_their_order(written: Folder) -> None:
    found = environments.load(written.project)
    assert [found.environments[name].all_stacks for name in found.order()] == [(each,) for each in stacks.RELEASED]


def test_environments_that_are_there_are_left_alone(folder: Folder) -> None:
    file = folder.project / "stacks" / "environments.yaml"
    file.parent.mkdir()
    file.write_text("environments: {}\n")
    stacks.write(folder, LAB, print)
    assert file.read_text() == "environments: {}\n"


def test_each_stack_gets_its_own_secrets_and_no_other(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = credentials.ensure(folder, print)
    asked: dict[str, Mapping[str, Path]] = {}

    def ensure(_folder: Folder, name: str, secrets: Mapping[str, Path], *_: Any) -> None:
        asked[name] = secrets

    monkeypatch.setattr("lab.stacks.stack.ensure", ensure)
    stacks.ensure(folder, keys, {}, print)
    both = {stacks.TARGET_PASSWORD: keys.vcenter_password, stacks.CACHE_PASSWORD: keys.cache_password}
    assert asked == {
        "lab": both,
        "lab-platform": {stacks.TARGET_PASSWORD: keys.vcenter_password},
        "lab-services": {stacks.CACHE_PASSWORD: keys.cache_password},
        **dict.fromkeys(stacks.RELEASED, both),
    }
