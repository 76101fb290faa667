"""What a container mounts besides configs and secrets: volumes, NFS shares, memory, folders of the node."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spec.base import Quantity, Spec

ContainerPath = Annotated[str, Field(pattern=r"^/[^\x00:]*$", examples=["/var/lib/app"])]
VolumeName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]+$", examples=["app_data"])]
"""What Docker takes as a volume's name (moby, volume/service)."""
CREDENTIALS = ("password", "passwd", "pass", "credentials", "secret", "token")


class _Mount(Spec):
    target: ContainerPath
    """Where in the container."""
    read_only: bool = False


class VolumeMount(_Mount):
    """A volume of the node's own; each node has its own one of that name."""

    kind: Literal["volume"]
    source: VolumeName
    """The volume's name."""
    driver: str | None = None
    """Another volume driver than the engine's own."""
    options: dict[str, str] = {}
    """The driver's options. They can be read by everyone who can inspect: no credentials."""
    copy_image_data: bool = Field(default=True)
    """Fill a new volume with what the image has at the target."""

    @model_validator(mode="after")
    def _no_credentials(self) -> Self:
        said = " ".join(f"{key}={value}" for key, value in self.options.items()).lower()
        if any(f"{word}=" in said for word in CREDENTIALS):
            raise ValueError("its options hold a credential, which everyone who can inspect the service would read")
        return self


class NfsShare(Spec):
    """A folder of an NFS server, the same on every node."""

    server: str
    """The server's name or address."""
    path: ContainerPath
    """The exported folder."""
    version: Literal["4", "4.0", "4.1", "4.2", "3"] = "4"
    options: str = "soft,timeo=180,retrans=3"
    """More mount options (nfs(5))."""


class NfsMount(_Mount, NfsShare):
    """A folder of an NFS server; mounted when a task starts on a node."""

    kind: Literal["nfs"]


class TmpfsMount(_Mount):
    """Memory, gone with the container."""

    kind: Literal["tmpfs"]
    size: Quantity | None = None
    """At most this much."""
    mode: str = Field(default="1777", pattern=r"^0?[01]?[0-7]{3}$")
    """Its mode in octal."""


class BindMount(_Mount):
    """A file or folder of the node, which must be there already on each node that runs a task."""

    kind: Literal["bind"]
    source: ContainerPath
    """The path on the node."""
    propagation: Literal["private", "rprivate", "shared", "rshared", "slave", "rslave"] | None = None


MountSpec = Annotated[VolumeMount | NfsMount | TmpfsMount | BindMount, Field(discriminator="kind")]
