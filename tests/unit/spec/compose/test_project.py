"""What surrounds the services: networks, volumes, configs and secrets, and the stack file they become part of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from spec.errors import SpecError
from spec.load import check_file
from spec.stack import StackSpec
from tests.specs import values
from tests.unit.spec.compose.files import refusal, service, taken

WEB = "services: {web: {image: r.test/web}}\n"


def test_services_that_name_no_network_share_one(tmp_path: Path) -> None:
    told = taken(
        tmp_path, "services: {a: {image: x}, b: {image: y}, c: {image: z, networks: [own]}}\nnetworks: {own: }"
    )
    assert told.sections["networks"] == {"own": {}, "default": {}}
    assert [each["networks"] for each in told.sections["services"].values()] == [["default"], ["default"], ["own"]]


def test_a_network_that_nobody_joins_is_not_made(tmp_path: Path) -> None:
    assert "spare" not in taken(tmp_path, WEB + "networks: {spare: {}}").sections["networks"]


def test_a_networks_settings_are_taken(tmp_path: Path) -> None:
    told = """
        services: {web: {image: x, networks: [back]}}
        networks:
          back:
            driver: overlay
            attachable: true
            driver_opts: {encrypted: ""}
            ipam: {config: [{subnet: 10.9.0.0/24}]}
        """
    back = taken(tmp_path, told).sections["networks"]["back"]
    assert back == {"subnet": "10.9.0.0/24", "attachable": True, "encrypted": True}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("{external: true}", "a network of another stack"),
        ("{driver: macvlan}", "only overlay networks span nodes"),
        ("{internal: true}", "networks.back.internal"),
    ],
)
def test_a_network_that_swarm_cannot_give_is_refused(tmp_path: Path, told: str, says: str) -> None:
    assert says in refusal(tmp_path, f"services: {{web: {{image: x, networks: [back]}}}}\nnetworks: {{back: {told}}}")


def test_a_volume_of_an_nfs_server_keeps_its_options(tmp_path: Path) -> None:
    told = """
        services: {web: {image: x, volumes: ["data:/data"]}}
        volumes: {data: {driver: local, driver_opts: {type: nfs, o: "addr=nas.test,rw", device: ":/export"}}}
        """
    [mount] = taken(tmp_path, told).sections["services"]["web"]["mounts"]
    assert mount["options"] == {"type": "nfs", "o": "addr=nas.test,rw", "device": ":/export"}
    assert mount["driver"] == "local"


def test_configs_come_from_files_beside_the_compose_file(tmp_path: Path) -> None:
    told = "configs: {a: {file: ./conf/a.conf}, b: {content: 'x=${X}'}, c: {environment: X}, d: {external: true}}\n"
    assert taken(tmp_path, WEB + told, X="1").sections["configs"] == {
        "a": {"file": "conf/a.conf"}, "b": {"content": "x=1"}, "c": {"content": "1"},
    }  # fmt: skip


def test_secrets_come_from_files_beside_the_compose_file_and_from_the_environment(tmp_path: Path) -> None:
    told = "secrets: {a: {file: ./keys/a}, b: {environment: PW}, c: {external: true}}\n"
    found = taken(tmp_path, WEB + told, PW="hunter2").sections["secrets"]
    assert found == {"a": {"file": "keys/a"}, "b": {"env": "PW"}}


def test_a_secret_without_a_content_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, WEB + "secrets: {pw: {name: x}}")
    assert "secrets.pw: has no content" in said
    assert "longshore:secrets.pw" in said


def test_an_external_secret_is_the_stack_files(tmp_path: Path) -> None:
    told = "services: {web: {image: x, secrets: [pw]}}\nsecrets: {pw: {external: true}}"
    assert "secrets" not in taken(tmp_path, told).sections


def stack_file(folder: Path, changes: dict[str, Any]) -> Path:
    sealed = {"target.password": {"secure": "v1:a"}, "secrets.cache-password": {"secure": "v1:a"}}
    config = {f"longshore:{key}": value for key, value in values(sealed | changes).items()}
    (folder / "stacks").mkdir()
    file = folder / "stacks" / "Pulumi.dev.yaml"
    with file.open("w") as stream:
        YAML().dump({"config": config}, stream)
    return file


def loaded(folder: Path, compose: str, changes: dict[str, Any] | None = None) -> tuple[StackSpec, list[str]]:
    (folder / "app.yaml").write_text(compose)
    warnings: list[str] = []
    file = stack_file(folder, {"compose": {"files": ["app.yaml"], "variables": {"TAG": "7"}}, **(changes or {})})
    return check_file(file, warn=warnings.append), warnings


def test_a_stack_has_the_services_of_both(tmp_path: Path) -> None:
    spec, warnings = loaded(tmp_path, "services: {api: {image: 'r.test/api:${TAG}', tty: true}}")
    assert set(spec.services) == {"web", "api"}
    assert spec.services["api"].image == "r.test/api:7"
    assert "default" in spec.networks
    assert warnings == ["app.yaml:1: services.api.tty: is left out\n  -> a task needs no terminal"]


def test_a_service_declared_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"stacks/Pulumi\.dev\.yaml: services\.web: is declared in app\.yaml too"):
        loaded(tmp_path, WEB)


def test_the_rules_hold_for_what_compose_says_too(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"services\.api\.secrets\.0: `pw` is not declared"):
        loaded(tmp_path, "services: {api: {image: x, secrets: [pw]}}\nsecrets: {pw: {external: true}}")


def test_a_missing_compose_file_is_named(tmp_path: Path) -> None:
    file = stack_file(tmp_path, {"compose": {"files": ["none.yaml"]}})
    with pytest.raises(SpecError, match=r"none\.yaml: can't be read"):
        check_file(file)


def test_a_wrong_reference_is_one_problem_among_all(tmp_path: Path) -> None:
    file = stack_file(tmp_path, {"compose": {"file": "app.yaml"}, "cluster.pools.managers.count": "many"})
    with pytest.raises(SpecError, match=r"compose\.file: unknown key") as caught:
        check_file(file)
    assert "cluster.pools.managers.count" in str(caught.value)


def test_what_is_taken_is_valid_as_a_stack_files_own(tmp_path: Path) -> None:
    assert service(tmp_path, "ports: ['80:80']")["ports"][0]["mode"] == "ingress"
