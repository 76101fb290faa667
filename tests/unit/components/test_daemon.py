"""`daemon.json` and the way the engine gets onto a node, the scripts run by a real shell."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from components import install, names, vmxnet3
from components.cloud_init import userdata
from components.daemon import daemon
from spec.engine import InstallSpec
from tests.specs import stack

FULL = {
    "engine.data_root": "/srv/docker",
    "engine.mirrors": ["https://mirror.test"],
    "engine.runtimes": {"kata": {"path": "/opt/kata", "args": ["--x"]}, "crun": {"path": "/usr/bin/crun"}},
    "engine.default_runtime": "crun",
    "engine.userns_remap": "default",
    "engine.inter_container": True,
    "engine.no_new_privileges": False,
    "engine.userland_proxy": True,
    "engine.address_pools": [{"base": "10.210.0.0/16", "size": 26}, {"base": "10.211.0.0/16", "size": 24}],
    "engine.ulimits": {"nofile": {"soft": 1, "hard": -1}},
}


def cloud_config(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    spec = stack(changes)
    parsed: dict[str, Any] = YAML(typ="safe").load(userdata(next(names.nodes(spec.cluster)), spec.engine))
    return parsed


def written(changes: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    return {each["path"]: each for each in cloud_config(changes)["write_files"]}


def test_what_is_asked_for_is_written_as_docker_wants_it() -> None:
    found = daemon(stack(FULL).engine)
    assert found["default-address-pools"] == [
        {"base": "10.210.0.0/16", "size": 26},
        {"base": "10.211.0.0/16", "size": 24},
    ]
    assert found["default-ulimits"] == {"nofile": {"Name": "nofile", "Soft": 1, "Hard": -1}}
    assert found["runtimes"] == {
        "kata": {"path": "/opt/kata", "runtimeArgs": ["--x"]},
        "crun": {"path": "/usr/bin/crun"},
    }
    assert (found["data-root"], found["registry-mirrors"]) == ("/srv/docker", ["https://mirror.test"])
    assert (found["default-runtime"], found["userns-remap"]) == ("crun", "default")
    assert (found["icc"], found["no-new-privileges"], found["userland-proxy"]) == (True, False, True)


def test_what_is_not_asked_for_is_left_to_docker() -> None:
    found = daemon(stack().engine)
    assert not found.keys() & {"data-root", "registry-mirrors", "runtimes", "default-runtime", "userns-remap", "hosts"}
    assert found["live-restore"] is False


def test_daemon_json_on_the_node_is_exactly_that() -> None:
    assert json.loads(written(FULL)["/etc/docker/daemon.json"]["content"]) == daemon(stack(FULL).engine)


def test_an_engine_in_the_image_is_not_installed() -> None:
    assert install.SCRIPT_PATH not in written()
    assert not [each for each in cloud_config()["runcmd"] if "apt-get" in str(each)]


def test_the_distributions_packages_are_installed_before_the_engine_starts() -> None:
    chosen = {"source": "distribution", "packages": ["docker.io=1.0", "x"]}
    texts = [" ".join(command) for command in cloud_config({"engine.install": chosen})["runcmd"]]
    (installs,) = [index for index, text in enumerate(texts) if text.endswith("-y install docker.io=1.0 x")]
    assert installs < texts.index("systemctl enable docker") < texts.index("systemctl restart docker")


def test_dockers_repository_is_used_with_the_pinned_key() -> None:
    spec = InstallSpec(source="docker")
    (command,) = install.commands(spec)
    assert command[:3] == [install.SCRIPT_PATH, spec.repository, spec.key_fingerprint]
    assert command[-3:] == ["docker-ce", "docker-ce-cli", "containerd.io"]
    assert written({"engine.install": {"source": "docker"}})[install.SCRIPT_PATH]["permissions"] == "0755"


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, list[str]]:
    """A repository folder whose key file holds two keys, and their fingerprints."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet"]
    for name in ("docker@test", "stranger@test"):
        subprocess.run([*gpg, "--passphrase", "", "--quick-generate-key", name, "ed25519"], check=True)
    listed = subprocess.run([*gpg, "--list-keys", "--with-colons"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(":") for line in listed.splitlines()]
    prints = [row[9] for before, row in itertools.pairwise(rows) if before[0] == "pub" and row[0] == "fpr"]
    (tmp_path / "repository").mkdir()
    with (tmp_path / "repository" / "gpg").open("wb") as file:
        subprocess.run([*gpg, "--export", "--armor"], stdout=file, check=True)
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True)
    return tmp_path / "repository", prints


def run_install(tmp_path: Path, repository: Path, fingerprint: str) -> tuple[int, str, str]:
    """Run the script with an apt-get that only tells what it was asked; return code, keyring's keys, complaint."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tmp_path / "temporary").mkdir()
    (tools / "apt-get").write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/asked\n')
    (tools / "apt-get").chmod(0o755)
    script, keyring = tmp_path / "script", tmp_path / "docker.gpg"
    script.write_text(install.SCRIPT)
    done = subprocess.run(
        ["sh", script, f"file://{repository}", fingerprint, keyring, tmp_path / "docker.list", "docker-ce=5"],
        env={"PATH": f"{tools}:{os.environ['PATH']}", "TMPDIR": str(tmp_path / "temporary")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    shown = ["gpg", "--batch", "--quiet", "--show-keys", "--with-colons", str(keyring)]
    kept = subprocess.run(shown, capture_output=True, text=True, check=False).stdout if keyring.exists() else ""
    return done.returncode, kept, done.stderr


def test_only_the_pinned_key_is_trusted(tmp_path: Path, keys: tuple[Path, list[str]]) -> None:
    repository, (docker, stranger) = keys
    code, kept, complaint = run_install(tmp_path, repository, docker)
    assert code == 0, complaint
    assert docker in kept
    assert stranger not in kept
    assert f"signed-by={tmp_path}/docker.gpg] file://{repository} " in (tmp_path / "docker.list").read_text()
    assert (tmp_path / "asked").read_text() == "-q update\n-q -y install docker-ce=5\n"


def test_a_repository_without_the_pinned_key_installs_nothing(tmp_path: Path, keys: tuple[Path, list[str]]) -> None:
    repository, _ = keys
    code, kept, complaint = run_install(tmp_path, repository, InstallSpec().key_fingerprint)
    assert code != 0
    assert kept == ""
    assert InstallSpec().key_fingerprint in complaint
    assert not (tmp_path / "asked").exists()


@pytest.mark.parametrize("content", [None, b"", b"<html>moved</html>"])
def test_a_repository_without_any_key_installs_nothing(tmp_path: Path, content: bytes | None) -> None:
    (tmp_path / "repository").mkdir()
    if content is not None:
        (tmp_path / "repository" / "gpg").write_bytes(content)
    code, kept, complaint = run_install(tmp_path, tmp_path / "repository", InstallSpec().key_fingerprint)
    assert code != 0
    assert kept == ""
    assert complaint
    assert not (tmp_path / "asked").exists()
    assert not (tmp_path / "docker.list").exists()


def test_the_script_cleans_up_after_itself(tmp_path: Path, keys: tuple[Path, list[str]]) -> None:
    repository, (docker, _) = keys
    assert run_install(tmp_path, repository, docker)[0] == 0
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.fixture
def sys_folder(tmp_path: Path) -> Path:
    for nic, driver in (("eth0", "vmxnet3"), ("eth1", "e1000"), ("eth2", "vmxnet3")):
        (tmp_path / "drivers" / driver).mkdir(parents=True, exist_ok=True)
        (tmp_path / "class/net" / nic / "device").mkdir(parents=True)
        (tmp_path / "class/net" / nic / "device/driver").symlink_to(tmp_path / "drivers" / driver)
    (tmp_path / "class/net/lo").mkdir()
    return tmp_path


def run_vmxnet3(folder: Path, ethtool: str) -> int:
    (folder / "ethtool").write_text(f"#!/bin/sh\n{ethtool}\n")
    (folder / "ethtool").chmod(0o755)
    command = ["sh", "-c", vmxnet3.SCRIPT, "longshore-vmxnet3", str(folder)]
    return subprocess.run(command, env={"PATH": f"{folder}:/usr/bin:/bin"}, capture_output=True, check=False).returncode


def test_only_vmxnet3_loses_its_checksum_offload(sys_folder: Path) -> None:
    assert run_vmxnet3(sys_folder, f'echo "$*" >>{sys_folder}/asked') == 0
    asked = (sys_folder / "asked").read_text().splitlines()
    assert asked == ["-K eth0 tx-checksum-ip-generic off", "-K eth2 tx-checksum-ip-generic off"]


def test_a_card_that_can_not_be_set_fails_the_unit(sys_folder: Path) -> None:
    assert run_vmxnet3(sys_folder, "exit 1") != 0


def test_the_remedy_is_left_out_where_that_is_asked_for() -> None:
    assert vmxnet3.UNIT_PATH in written()
    changes = {"engine.vmxnet3_checksum_offload": True}
    assert vmxnet3.UNIT_PATH not in written(changes)
    assert vmxnet3.UNIT not in str(cloud_config(changes)["runcmd"])


def test_every_script_is_one_that_a_plain_shell_understands() -> None:
    for script in (install.SCRIPT, vmxnet3.SCRIPT):
        done = subprocess.run(["sh", "-n"], input=script, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
