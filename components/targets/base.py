"""The seam between a cluster and the place its machines come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi

from components.names import NodeIdentity


@dataclass(frozen=True)
class Machine:
    """A machine that was asked for: what the target calls it, and its address once it has booted.

    `identity` differs from that of the machine it replaces, also where a target gives out an `id` again.
    """

    id: pulumi.Output[str]
    identity: pulumi.Output[str]
    address: pulumi.Output[str]
    private: str | None = None
    """How other nodes reach it, where that isn't `address`."""


class MachineTarget(Protocol):
    """A place that machines come from."""

    def machine(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> Machine:
        """Make the Docker-ready machine of `node`."""
        ...

    def place(self, placed: Sequence[tuple[NodeIdentity, Machine]], opts: pulumi.ResourceOptions) -> None:
        """Ask for the machines to be kept apart, or together, as their pools say."""
        ...
