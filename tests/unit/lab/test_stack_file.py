from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest
from ruamel.yaml import YAML

from lab import stack_file
from spec.errors import LabError
from spec.load import check_file

OLD, NEW = "a" * 64, "b" * 64
IMAGES = ("shop-cache:1.0", "shop-worker:1.0", "shop-web:1.0", "shop-web:1.1", "shop-ingress:2.6")
CA = "-----BEGIN CERTIFICATE-----\nMIIB\nAAAA\n-----END CERTIFICATE-----"


def values(second: int = 77, digest: str = OLD, port: int = 8989) -> dict[str, Any]:
    registry = f"10.{second}.0.2:5000"
    return {
        "simulator": f"127.0.0.1:{port}",
        "user": "longshore@vsphere.local",
        "subnet": f"10.{second}.0.0/24",
        "gateway": f"10.{second}.0.1",
        "name": "lab",
        "layer": "",
        "counts": {"managers": 3, "workers": 2},
        "managers": f"10.{second}.0.11",
        "workers": f"10.{second}.0.21",
        "registry": registry,
        "arguments": ["--hostname={name}", "--device-cgroup-rule='a *:* rwm'", f"node:{digest[:4]}"],
        "images": {name: f"{registry}/{name}@sha256:{digest}" for name in IMAGES},
        "ca": CA,
        "key_file": ".lab/id_ed25519",
        "public_key": "ssh-ed25519 AAAA longshore",
    }


def config(text: str) -> Any:
    return YAML(typ="safe").load(text)["config"]


def renew(text: str, **changes: Any) -> str:
    fresh = values(**changes)
    return stack_file.renewed(text, stack_file.render(fresh), fresh["images"])


def edited(*edits: tuple[str, str]) -> str:
    text = stack_file.render(values())
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


def test_a_new_file_passes_the_spec_once_its_secrets_are_sealed(tmp_path: Path) -> None:
    text = edited(
        ("    allow_unverified_ssl: true", "    password: {secure: v1:x}\n    allow_unverified_ssl: true"),
        ("  longshore:services:", "  longshore:secrets:\n    cache-password: {secure: v1:y}\n  longshore:services:"),
    )
    (tmp_path / "Pulumi.lab.yaml").write_text(text)
    spec = check_file(tmp_path / "Pulumi.lab.yaml")
    assert (spec.cluster.count("manager"), spec.cluster.count("worker")) == (3, 2)
    assert set(spec.services) == {"web", "worker", "cache"}


def test_the_machine_arguments_come_back_as_they_went_in() -> None:
    run = config(stack_file.render(values()))["longshore:target"]["extra_config"]["RUN.container"]
    assert json.loads(run) == values()["arguments"]


def test_the_certificate_comes_back_whole() -> None:
    registries = config(stack_file.render(values()))["longshore:engine"]["registries"]
    assert registries["10.77.0.2:5000"]["ca"].strip() == CA


def test_a_value_that_is_missing_is_no_empty_line() -> None:
    with pytest.raises(jinja2.UndefinedError, match="subnet"):
        stack_file.render({key: value for key, value in values().items() if key != "subnet"})


def test_nothing_new_leaves_the_file_byte_for_byte() -> None:
    text = stack_file.render(values()).replace("count: 2", "count:   3  # mine")
    assert renew(text) == text


def test_every_owned_line_is_renewed() -> None:
    text = renew(stack_file.render(values()), second=78, digest=NEW, port=9000)
    assert config(text) == config(stack_file.render(values(second=78, digest=NEW, port=9000)))
    assert "10.77." not in text


@pytest.mark.parametrize(
    ("edit", "kept"),
    [
        (("count: 2", "count: 4"), lambda c: c["longshore:cluster"]["pools"]["workers"]["count"] == 4),
        (("datastore: LocalDS_0", "datastore: fast"), lambda c: c["longshore:target"]["datastore"] == "fast"),
        (("    shop: {}", "    shop: {encrypted: true}"), lambda c: c["longshore:networks"]["shop"]["encrypted"]),
        (("debian-12-docker", "debian-12-docker-v2"), lambda c: c["longshore:target"]["template"].endswith("v2")),
        (("      workers:", "      gpu:"), lambda c: "workers" not in c["longshore:cluster"]["pools"]),
        (("    name: lab", "    overlay_prefix: 25"), lambda c: c["longshore:cluster"]["overlay_prefix"] == 25),
    ],
)  # fmt: skip
def test_what_the_user_changed_stays(edit: tuple[str, str], kept: Callable[[Any], bool]) -> None:
    renewed = config(renew(edited(edit), second=78))
    assert kept(renewed)
    assert renewed["longshore:target"]["network"]["gateway"] == "10.78.0.1"


def test_the_users_comments_stay() -> None:
    assert "# ten of them, see ticket 7" in renew(
        edited(("count: 2", "count: 2  # ten of them, see ticket 7")), second=78
    )


def test_the_users_choice_of_a_version_stays_and_gets_its_present_digest() -> None:
    text = edited((f"shop-web:1.0@sha256:{OLD}", f"shop-web:1.1@sha256:{OLD}"))
    image = config(renew(text, second=78, digest=NEW))["longshore:services"]["web"]["image"]
    assert image == f"10.78.0.2:5000/shop-web:1.1@sha256:{NEW}"


@pytest.mark.parametrize("image", ["nginx:1.27", "10.77.0.2:5000/mine:2", "10.77.0.2:5000/shop-web:9.9"])
def test_an_image_that_the_lab_does_not_build_stays(image: str) -> None:
    text = edited((f"10.77.0.2:5000/shop-web:1.0@sha256:{OLD}", image))
    assert config(renew(text, digest=NEW))["longshore:services"]["web"]["image"] == image


def test_sealed_secrets_stay() -> None:
    text = edited(
        ("    allow_unverified_ssl: true", "    password:\n      secure: v1:x\n    allow_unverified_ssl: true")
    )
    renewed = renew("encryptionsalt: v1:s\n" + text, second=78)
    assert renewed.startswith("encryptionsalt: v1:s\n")
    assert config(renewed)["longshore:target"]["password"] == {"secure": "v1:x"}


@pytest.mark.parametrize(
    ("text", "found"), [("a: [", "is not YAML"), ("- a", "is not a mapping"), ("", "is not a mapping")]
)
def test_a_file_that_is_no_stack_file_is_refused_and_left_alone(tmp_path: Path, text: str, found: str) -> None:
    file = tmp_path / "Pulumi.lab.yaml"
    file.write_text(text)
    with pytest.raises(LabError, match=found):
        stack_file.write(file, values())
    assert file.read_text() == text


def test_a_file_of_another_shape_is_not_forced_into_ours() -> None:
    text = "config:\n  longshore:target: mine\n"
    assert renew(text) == text


def test_writing_tells_whether_anything_changed(tmp_path: Path) -> None:
    file = tmp_path / "stacks" / "Pulumi.lab.yaml"
    assert [stack_file.write(file, values(port=port)) for port in (1, 1, 2, 2)] == [True, False, True, False]
    assert [path.name for path in file.parent.iterdir()] == ["Pulumi.lab.yaml"]
