"""What a node does with its data disk when it boots: pure functions from spec to cloud-init."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from spec.storage import DataDisk

UNIT = 1
"""The disk's place on the first SCSI controller; the system disk has 0."""

SCRIPT = """\
set -eu
target={mount}
mountpoint -q "$target" && exit 0
refuse() {{
  echo "longshore: $1; Docker stays off, so that nothing is written to the wrong disk" >&2
  systemctl mask --runtime --now docker.service docker.socket
  exit 1
}}
for _ in $(seq {seconds}); do
  disk=$(ls {pattern} 2>/dev/null | head -n 1)
  [ -z "$disk" ] || break
  sleep 1
done
[ -n "$disk" ] || refuse "no data disk at {place}"
found=$(wipefs --no-act --noheadings "$disk") || refuse "the data disk can't be read"
[ -n "$found" ] || mkfs.ext4 -q "$disk" </dev/null || refuse "the data disk can't be formatted"
uuid=$(blkid -p -u filesystem -s UUID -o value "$disk") || true
[ -n "$uuid" ] || refuse "the data disk holds something else than a file system"
mkdir -p "$target"
options=nofail,x-systemd.before=docker.service,x-systemd.required-by=docker.service
grep -q "^UUID=$uuid " /etc/fstab || echo "UUID=$uuid $target auto $options 0 2" >>/etc/fstab
systemctl daemon-reload
mount "$target" || refuse "the data disk can't be mounted"
"""


@dataclass(frozen=True)
class Device:
    """How a node finds its data disk: the shell patterns of its device, what they are called, and for how long."""

    pattern: str
    place: str
    seconds: int = 30


SCSI = Device(f"/dev/disk/by-path/*-scsi-0:0:{UNIT}:0", f"SCSI 0:{UNIT}")
"""How vSphere's machines find it: by its place on the controller."""


def boot_command(disk: DataDisk, device: Device = SCSI) -> list[str]:
    """Return the command that mounts the disk before Docker starts.

    It makes a file system only when `wipefs` finds no signature at all: of no file system, partition table, LVM or
    RAID (util-linux, wipefs(8)). `mkfs.ext4` without `-F` asks before it overwrites one, and gets no answer.
    A disk that was mounted already is left alone. Without its disk a node doesn't run Docker, so it never gets ready.
    """
    return ["sh", "-c", SCRIPT.format(mount=shlex.quote(disk.mount), **vars(device))]
