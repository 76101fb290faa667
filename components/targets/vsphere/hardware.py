"""What a machine must have in common with what it is cloned from, or it doesn't boot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spec.base import GIB
from spec.template import LibraryItem, VmTemplate


@dataclass(frozen=True)
class Hardware:
    """A template's or library item's identity and hardware. `disk_gib` is its disk's size."""

    id: str
    label: str
    guest_id: str
    firmware: str | None
    secure_boot: bool
    scsi_type: str
    disk_gib: int
    thin: bool | None
    scrubbed: bool | None


def of_template(choice: VmTemplate, found: Any) -> Hardware:
    """Return a VM template's hardware, as vCenter tells it."""
    disk = found.disks[0]
    return Hardware(
        id=found.id,
        label=f"{choice.name} ({found.id})",
        guest_id=found.guest_id,
        firmware=found.firmware,
        secure_boot=bool(found.efi_secure_boot_enabled),
        scsi_type=found.scsi_type,
        disk_gib=disk.size,
        thin=disk.thin_provisioned,
        scrubbed=disk.eagerly_scrub,
    )


def of_item(choice: LibraryItem, item_id: str) -> Hardware:
    """Return a library item's hardware, as it is declared: vCenter tells nothing of what is in an OVF."""
    return Hardware(
        id=item_id,
        label=f"{choice.library}/{choice.item} ({item_id})",
        guest_id=choice.guest_id,
        firmware=choice.firmware,
        secure_boot=choice.secure_boot,
        scsi_type=choice.scsi_type,
        disk_gib=choice.disk // GIB,
        thin=None,
        scrubbed=None,
    )
