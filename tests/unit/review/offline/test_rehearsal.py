"""A program of somebody else's, run in a process with an empty environment."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from review.offline import rehearsal
from review.offline.rehearsal import Rehearsal, rehearse
from tests.conftest import ROOT

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "rehearsed"}


def project(folder: Path, program: str, config: str = "config: {}\n") -> Path:
    (folder / "stacks").mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "stacks" / "Pulumi.prod.yaml").write_text(config)
    (folder / "__main__.py").write_text(program)
    return folder


def test_what_a_program_registers(tmp_path: Path) -> None:
    program = """
import pulumi, pulumi_docker as docker
own = {"protect": True, "ignore_changes": ["labels"], "delete_before_replace": True, "replacement_trigger": 3}
net = docker.Network("net")
docker.Volume("data", name=pulumi.get_stack(), driver=net.name, opts=pulumi.ResourceOptions(**own))
"""
    found = rehearse(project(tmp_path, program), "prod")
    assert (found.error, found.project) == ("", "shop")
    net, volume = found.resources
    assert volume.urn == "urn:pulumi:prod::shop::docker:index/volume:Volume::data"
    assert volume.inputs == {"name": "prod", "driver": "net"}
    assert (volume.protect, volume.delete_before_replace, volume.ignore_changes) == (True, True, ("labels",))
    assert volume.dependencies == (net.urn,)
    assert volume.trigger == 3


def test_the_programs_own_modules_come_before_ours(tmp_path: Path) -> None:
    folder = project(tmp_path, "import pulumi_docker, spec\npulumi_docker.Volume(spec.NAME)\n")
    (folder / "spec.py").write_text('NAME = "theirs"\n')
    assert [each.urn.rpartition("::")[2] for each in rehearse(folder, "prod").resources] == ["theirs"]


def test_a_secret_is_a_word_that_stands_for_it_and_still_secret(tmp_path: Path) -> None:
    config = "config:\n  shop:key: {secure: v1:CANARY}\n  shop:deep: {list: [{secure: v1:CANARY}], plain: x}\n"
    program = """
import pulumi, pulumi_docker as docker
config = pulumi.Config()
docker.Secret("key", data=config.require_secret("key"))
docker.Volume("plain", name=config.require_object("deep")["plain"])
"""
    secret, plain = rehearse(project(tmp_path, program, config), "prod").resources
    assert secret.inputs == {"data": SECRET}
    assert plain.inputs == {"name": "x"}


def test_no_store_is_asked_for_a_secret(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    config = f"""config:
  longshore:secrets:
    a: {{command: [touch, "{ran}"]}}
    b: {{file: absent}}
    c: {{env: ABSENT}}
    d: {{generate: {{length: 20}}}}
    e: {{secure: v1:CANARY}}
"""
    program = """
import json, pulumi, pulumi_docker as docker
docker.Volume("v", name=json.dumps(pulumi.Config("longshore").require_object("secrets")))
"""
    (volume,) = rehearse(project(tmp_path, program, config), "prod").resources
    seen = json.loads(volume.inputs["name"])
    assert seen == {**dict.fromkeys("abce", "rehearsed"), "d": {"generate": {"length": 20}}}
    assert not ran.exists()


def test_nothing_of_our_environment_reaches_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PULUMI_ACCESS_TOKEN", "GITHUB_TOKEN", "ANYTHING"):
        monkeypatch.setenv(name, "canary")
    program = 'import os, json, pulumi_docker as d\nd.Volume("v", name=json.dumps(dict(os.environ)))\n'
    (volume,) = rehearse(project(tmp_path, program), "prod").resources
    seen = json.loads(volume.inputs["name"])
    assert "canary" not in seen.values()
    assert set(seen) <= {"PATH", "HOME", "LANG", "LC_CTYPE", "GRPC_ENABLE_FORK_SUPPORT", "LONGSHORE_REHEARSAL"} | {
        name for name in seen if name.startswith("PULUMI_")
    }
    assert not Path(seen["HOME"]).exists()


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ('raise RuntimeError("no such pool")', "no such pool"),
        ("import sys; sys.exit('gave up')", "gave up"),
        ("import os; os._exit(7)", "left no result"),
        ("def broken(:", "invalid syntax"),
        ("import no_such_module", "No module named 'no_such_module'"),
    ],
)
def test_what_a_program_fails_with_is_told(tmp_path: Path, program: str, says: str) -> None:
    found = rehearse(project(tmp_path, program), "prod")
    assert says in found.error
    assert "Traceback" not in found.error


@pytest.mark.parametrize("result", ["[]", "{", '{"resources": [{"urn": 5}]}', '{"resources": 1}'])
def test_a_result_that_a_program_forged_is_refused_or_read_as_data(tmp_path: Path, result: str) -> None:
    program = f"import sys, os, pathlib\npathlib.Path(sys.argv[3]).write_text({result!r})\nos._exit(0)\n"
    assert rehearse(project(tmp_path, program), "prod").error == "the program left no result that can be read"


def test_a_result_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "LARGEST", 10)
    assert rehearse(project(tmp_path, ""), "prod").error == "the program left no result that can be read"


def test_a_program_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "SECONDS", 1)
    found = rehearse(project(tmp_path, "import time\nwhile True: time.sleep(9)\n"), "prod")
    assert found.error == "the program did not end within 1 s"


def test_a_stack_without_a_file_has_nothing(tmp_path: Path) -> None:
    assert rehearse(project(tmp_path, "raise RuntimeError"), "other") == Rehearsal()


def test_our_own_program_can_be_rehearsed(tmp_path: Path) -> None:
    for name in ("components", "spec", "providers", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__main__.py", "Pulumi.yaml"):
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / "stacks").mkdir()
    shutil.copy2(ROOT / "stacks" / "Pulumi.example-vsphere.yaml", tmp_path / "stacks" / "Pulumi.prod.yaml")
    found = rehearse(tmp_path, "prod")
    assert found.error == ""
    machines = [each for each in found.resources if each.type == "vsphere:index/virtualMachine:VirtualMachine"]
    names = sorted(each.urn.rpartition("::")[2] for each in machines)
    assert names == [*(f"prod-managers-{n}" for n in (1, 2, 3)), *(f"prod-workers-{n}" for n in (1, 2, 3, 4))]
