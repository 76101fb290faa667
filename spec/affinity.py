"""Which machines DRS keeps apart, and which hosts it keeps them on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from spec.base import MAP, TEXT, Spec, shape


class AntiAffinity(Spec):
    """What a pool's machines don't share."""

    hosts: bool = True
    """Whether DRS runs them on different ESXi hosts."""
    mandatory: bool = False
    """Whether DRS refuses rather than break that. Needs a host more than machines, or maintenance mode is blocked."""
    datastores: bool = False
    """Whether Storage DRS puts them on different datastores of the target's datastore cluster."""


AntiAffinityChoice = Annotated[
    Annotated[Literal["none", "hosts"], Tag(TEXT)] | Annotated[AntiAffinity, Tag(MAP)],
    Discriminator(shape),
]
"""`hosts`, `none`, or in full."""


class HostGroup(Spec):
    """A DRS host group, which the platform's administrators keep."""

    name: str = Field(min_length=1)
    """The group's name."""
    mandatory: bool = False
    """Whether machines must run there, rather than should."""


HostGroupChoice = Annotated[
    Annotated[str, Field(min_length=1), Tag(TEXT)] | Annotated[HostGroup, Tag(MAP)],
    Discriminator(shape),
]
"""A host group by its name, or in full."""


def host_group(value: str | HostGroup | None) -> HostGroup | None:
    """Return the choice in full, if there is one."""
    return HostGroup(name=value) if isinstance(value, str) else value
