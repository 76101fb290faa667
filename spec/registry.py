"""Who the stack is at an image registry, and which registry it takes its images from instead of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from spec.base import Spec
from spec.problems import Problem
from spec.secret import Secret

if TYPE_CHECKING:
    from spec.stack import ServicesPart

HUB = "docker.io"
Place = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(/[a-z0-9]+([._-][a-z0-9]+)*)*$", examples=["r.example.com/m"]
    ),
]
"""A registry, `host` or `host:port`, with a path below it or not."""


class LoginSpec(Spec):
    """A login at a registry. Swarm hands it to every node that pulls an image from there."""

    user: str = Field(min_length=1)
    """The user; `AWS` for Amazon's registries."""
    password: Secret | None = None
    """Its password or access token, or give `command`."""
    command: tuple[str, ...] = ()
    """A command that prints a short-lived password, such as `[aws, ecr, get-login-password]`; run at each preview and
    update in the project's folder, without a shell."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.password is None) == (not self.command):
            raise ValueError("needs exactly one of `password` and `command`")
        return self


class MirrorSpec(Spec):
    """Every image comes from another registry, by digest; `longshore images mirror` copied it there."""

    registry: Place
    """The registry, and a path in it where images are kept."""


def short_names_get_no_login(spec: ServicesPart) -> Iterator[Problem]:
    """The Docker provider finds a login by the host in an image's name, which short names lack.

    (terraform-provider-docker, `fromRegistryAuth`)
    """
    if HUB not in spec.registries or spec.mirror:
        return
    for name, service in spec.services.items():
        first, slash, _ = service.image.partition("/")
        if not (slash and (set(first) & set(".:") or first == "localhost")):
            full = service.image if slash else f"library/{service.image}"
            found = f"`{service.image}` names no registry, so the login at {HUB} would not be used"
            yield Problem(f"services.{name}.image", found, f"write it in full: {HUB}/{full}")
