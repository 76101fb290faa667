"""The boot command of a data disk, run against a disk image: real file systems, a pretended mount."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from components import names
from components.cloud_init import userdata
from components.data_disk import boot_command
from spec.storage import DataDisk
from tests.specs import stack

PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"


class Node:
    """A machine's root in a folder, with a disk that is a file."""

    def __init__(self, folder: Path) -> None:
        self.root, self.disk = folder, folder / "pci-0000:03:00.0-scsi-0:0:1:0"
        self.fstab, self.calls, self.bin = folder / "fstab", folder / "calls", folder / "bin"
        self.fstab.touch()
        self.calls.touch()
        self.bin.mkdir()
        self.pretend("mountpoint", "exit 1")
        self.pretend("mount", f'echo "mount $*" >>{self.calls}')
        self.pretend("systemctl", f'echo "systemctl $*" >>{self.calls}')
        self.pretend("sleep", "exit 0")

    def pretend(self, command: str, body: str) -> None:
        file = self.bin / command
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)

    def blank(self) -> None:
        with self.disk.open("wb") as file:
            file.truncate(32 * 1024**2)

    def boot(self) -> subprocess.CompletedProcess[str]:
        shell, flag, script = boot_command(DataDisk.model_validate({"size": "1 GiB", "mount": f"{self.root}/data"}))
        script = script.replace("/dev/disk/by-path", str(self.root)).replace("/etc/fstab", str(self.fstab))
        environment = {"PATH": f"{self.bin}:{PATH}"}
        return subprocess.run([shell, flag, script], env=environment, capture_output=True, text=True, check=False)

    def uuid(self) -> str:
        command = ["blkid", "-p", "-s", "UUID", "-o", "value", str(self.disk)]
        return subprocess.run(command, env={"PATH": PATH}, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


def test_a_blank_disk_gets_a_file_system_and_is_mounted_before_docker(node: Node) -> None:
    node.blank()
    assert node.boot().returncode == 0
    [line] = node.fstab.read_text().splitlines()
    assert line.startswith(f"UUID={node.uuid()} {node.root}/data auto ")
    assert "x-systemd.required-by=docker.service" in line
    assert f"mount {node.root}/data" in node.calls.read_text()


def test_a_disk_with_a_file_system_is_never_formatted_again(node: Node) -> None:
    node.blank()
    node.boot()
    before, first = node.disk.read_bytes(), node.uuid()
    node.fstab.write_text("")
    assert node.boot().returncode == 0
    assert node.disk.read_bytes() == before
    assert node.uuid() == first


def test_every_boot_leaves_one_line_in_fstab(node: Node) -> None:
    node.blank()
    node.boot()
    node.boot()
    assert len(node.fstab.read_text().splitlines()) == 1


def test_a_disk_that_is_mounted_is_left_alone(node: Node) -> None:
    node.blank()
    before = node.disk.read_bytes()
    node.pretend("mountpoint", "exit 0")
    assert node.boot().returncode == 0
    assert node.disk.read_bytes() == before
    assert node.calls.read_text() == node.fstab.read_text() == ""


def test_a_partitioned_disk_is_refused_and_untouched(node: Node) -> None:
    node.blank()
    with node.disk.open("r+b") as file:
        file.seek(446)
        file.write(bytes([0, 0, 2, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 16, 0, 0]) + bytes(48) + b"\x55\xaa")
    before = node.disk.read_bytes()
    done = node.boot()
    assert done.returncode == 1
    assert "holds something else than a file system" in done.stderr
    assert node.disk.read_bytes() == before
    assert "mount" not in node.calls.read_text().replace("systemctl", "")


@pytest.mark.parametrize(
    ("command", "said"),
    [("wipefs", "can't be read"), ("mkfs.ext4", "can't be formatted"), ("mount", "can't be mounted")],
)
def test_without_its_disk_a_node_runs_no_docker(node: Node, command: str, said: str) -> None:
    node.blank()
    node.pretend(command, "exit 1")
    done = node.boot()
    assert done.returncode == 1
    assert said in done.stderr
    assert "systemctl mask --runtime --now docker.service docker.socket" in node.calls.read_text()


def test_a_missing_disk_is_named_by_its_place(node: Node) -> None:
    done = node.boot()
    assert done.returncode == 1
    assert "no data disk at SCSI 0:1" in done.stderr


def test_only_nodes_with_a_data_disk_look_for_one() -> None:
    spec = stack({"cluster.pools.workers.data_disk": "10 GiB"})
    texts = {node.name: userdata(node, spec.engine) for node in names.nodes(spec.cluster)}
    assert {name for name, text in texts.items() if "bootcmd" in text} == {"shop-workers-1", "shop-workers-2"}


def test_the_mount_cannot_break_out_of_the_command() -> None:
    with pytest.raises(ValueError, match="mount"):
        DataDisk.model_validate({"size": "1 GiB", "mount": "/data; reboot"})
