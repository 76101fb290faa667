"""The remedy for VMXNET3's spoilt VXLAN checksums: a unit that turns their offload off before the engine starts.

moby/moby#41775, vmware/photon#1321: packets between containers on different hosts arrive with a wrong inner checksum
and are dropped. Only network cards with that driver are touched.
"""

from __future__ import annotations

SCRIPT_PATH = "/usr/local/sbin/longshore-vmxnet3"
UNIT = "longshore-vmxnet3.service"
UNIT_PATH = f"/etc/systemd/system/{UNIT}"
SCRIPT = r"""#!/bin/sh
set -eu
for nic in "${1:-/sys}"/class/net/*; do
    [ "$(basename "$(readlink "$nic/device/driver" || true)")" = vmxnet3 ] || continue
    ethtool -K "${nic##*/}" tx-checksum-ip-generic off
done
"""
UNIT_TEXT = f"""[Unit]
Description=VXLAN checksums are not left to VMXNET3
Before=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart={SCRIPT_PATH}

[Install]
WantedBy=multi-user.target
"""


def files() -> dict[str, str]:
    """Return the files to write, by path."""
    return {SCRIPT_PATH: SCRIPT, UNIT_PATH: UNIT_TEXT}


def commands() -> list[list[str]]:
    """Return what makes the unit work now and at every boot."""
    return [["systemctl", "daemon-reload"], ["systemctl", "enable", "--now", UNIT]]
