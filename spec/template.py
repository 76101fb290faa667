"""What machines are cloned from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from spec.base import MAP, TEXT, DiskSize, Spec, shape


class VmTemplate(Spec):
    """A VM template. Its guest id, firmware, secure boot, SCSI type and disk are copied to each machine."""

    name: str = Field(min_length=1)
    """The template's name."""
    folder: str | None = None
    """The VM folder it is in; needed where several templates have that name."""


class LibraryItem(Spec):
    """An OVF or VM template in a content library. vCenter tells no hardware of it, so that is declared here."""

    library: str = Field(min_length=1)
    """The content library's name."""
    item: str = Field(min_length=1)
    """The item's name."""
    type: Literal["ovf", "vm-template"] = "ovf"
    """The item's type, as vCenter shows it."""
    disk: DiskSize
    """The size of its disk. A smaller one would make vCenter overwrite it (terraform-provider-vsphere#1780)."""
    guest_id: str = Field(min_length=1, examples=["debian12_64Guest"])
    """Its guest operating system, as vSphere identifies it."""
    firmware: Literal["bios", "efi"]
    """Its firmware; a machine with another one doesn't boot."""
    secure_boot: bool = False
    """Whether its firmware checks signatures."""
    scsi_type: Literal["pvscsi", "lsilogic", "lsilogic-sas", "buslogic"] = "pvscsi"
    """The controller of its boot disk; a machine with another one doesn't boot."""


ITEM = "[library item]"


def _template(value: object) -> str:
    from_library = "library" in value if isinstance(value, dict) else isinstance(value, LibraryItem)
    return ITEM if from_library else shape(value)


Template = Annotated[
    Annotated[str, Field(min_length=1), Tag(TEXT)]
    | Annotated[VmTemplate, Tag(MAP)]
    | Annotated[LibraryItem, Tag(ITEM)],
    Discriminator(_template),
]
"""A template by its name, `{name: …, folder: …}`, or a content library item: `{library: …, item: …, …}`."""


def template(value: str | VmTemplate | LibraryItem) -> VmTemplate | LibraryItem:
    """Return the choice in full; a name alone is a VM template's."""
    return VmTemplate(name=value) if isinstance(value, str) else value
