"""The facts script itself, run by a real shell on a machine made of files and small commands."""

from __future__ import annotations

import subprocess
from pathlib import Path

from providers.swarm.facts import SCRIPT, parsed


def facts_of(tmp_path: Path, commands: dict[str, str]) -> str:
    """Run the script with only `commands` beside the usual tools; absolute paths lead into `tmp_path`."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in commands.items():
        (tools / name).write_text(f"#!/bin/sh\n{text}\n")
        (tools / name).chmod(0o755)
    script = SCRIPT
    for path in ("/run/", "/etc/docker", "/proc/", "/sys/"):
        script = script.replace(path, f"{tmp_path}{path}")
    environment = {"PATH": f"{tools}:/usr/bin:/bin"}
    return subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=False).stdout


def machine(root: Path) -> Path:
    nic = "sys/class/net/eth0/device"
    for folder in (
        "run",
        "etc/docker/certs.d/r.test",
        "proc/7",
        "proc/1",
        nic,
        "drivers/vmxnet3",
    ):
        (root / folder).mkdir(parents=True)
    (root / "run/docker.pid").write_text("7")
    (root / "proc/7/cmdline").write_bytes(b"dockerd\0-H\0fd://\0")
    (root / "proc/1/comm").write_text("systemd\n")
    (root / "etc/docker/daemon.json").write_text('{"icc": false}')
    (root / "etc/docker/certs.d/r.test/ca.crt").write_text("CA")
    (root / "etc/docker/certs.d/r.test/ca.crt").chmod(0o400)
    (root / nic / "driver").symlink_to(root / "drivers/vmxnet3")
    (root / "sys/class/net/lo").mkdir()
    return root


def test_everything_is_read_from_a_machine(tmp_path: Path) -> None:
    output = facts_of(
        machine(tmp_path),
        {
            "docker": f"echo {tmp_path}",
            "ethtool": 'test "$1 $2" = "-k eth0" && printf "tx-checksumming: on\\n\\ttx-checksum-ip-generic: off\\n"',
            "auditctl": "echo '-w /usr/bin/dockerd -k docker'",
            "systemctl": f"echo {tmp_path}/run/docker.pid",
        },
    )
    facts = parsed(output, {}, "m1")
    assert facts.arguments == ("dockerd", "-H", "fd://")
    assert facts.config == {"icc": False}
    assert facts.init == "systemd"
    assert facts.mount.startswith("/")
    assert [(nic.name, nic.driver, nic.checksums) for nic in facts.nics] == [("eth0", "vmxnet3", "off")]
    assert facts.audit_rules == 1
    assert facts.files[f"{tmp_path}/etc/docker/certs.d/r.test/ca.crt"] == "400 root:root"


def test_what_is_not_there_is_left_out(tmp_path: Path) -> None:
    facts = parsed(facts_of(tmp_path, {"docker": "exit 1"}), {}, "m1")
    assert (facts.config, facts.files, facts.nics, facts.audit_rules) == ({}, {}, (), 0)
    assert facts.arguments == ()


def test_without_ethtool_the_state_is_unknown(tmp_path: Path) -> None:
    nic = parsed(facts_of(machine(tmp_path), {"ethtool": "exit 127"}), {}, "m1").nics[0]
    assert nic.checksums == "unknown"
