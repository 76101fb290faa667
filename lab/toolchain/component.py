"""The pieces that the lab needs of Pulumi and vCenter, and how each is built where it can't be downloaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Graft:
    """A Go module whose internals are needed: its copy is laid at `folder`, and `addition` put inside it."""

    module: str
    modfile: str
    folder: str
    addition: str


@dataclass(frozen=True)
class Companion:
    """A file that a Go module carries and the binary wants beside itself."""

    module: str
    path: str


@dataclass(frozen=True)
class Component:
    """One binary of the toolchain, from the Go module in the folder of its name. Memory is GiB, for its build."""

    name: str
    binary: str
    version: str
    package: str = "."
    memory: int = 4
    tags: str = ""
    stamp: str = ""
    graft: Graft | None = None
    companion: Companion | None = None
    home: Path = field(default=HERE, repr=False)

    @property
    def source(self) -> Path:
        """The folder of its Go module."""
        return self.home / self.name


PULUMI = Component(
    "pulumi",
    "pulumi",
    "3.274.1-lab",
    package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    stamp="github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.274.1-lab",
)
LANGUAGE = Component(
    "language-python",
    "pulumi-language-python",
    "3.274.1-lab",
    memory=2,
    companion=Companion("github.com/pulumi/pulumi/sdk/v3", "python/cmd/pulumi-language-python-exec"),
)
VSPHERE = Component("vsphere", "pulumi-resource-vsphere", "1.26.0-lab")
DOCKER = Component(
    "docker",
    "pulumi-resource-docker",
    "4.6.0-lab",
    tags="no_compose",
    graft=Graft(
        module="github.com/terraform-providers/terraform-provider-docker",
        modfile="upstream.mod",
        folder="upstream",
        addition="_reexport",
    ),
)
VCSIM = Component("vcsim", "vcsim", "0.55.1-lab", memory=2)

OPENSTACK = Component("openstack", "pulumi-resource-openstack", "3.4.0-lab")

COMPONENTS = (PULUMI, LANGUAGE, VSPHERE, DOCKER, VCSIM)
"""What every lab needs."""
OPTIONAL = (OPENSTACK,)
"""What is built only for a stack that needs it."""
