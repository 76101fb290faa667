"""What has to hold after an update before a release counts as verified in an environment."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from spec.base import Duration, Name, Spec

Port = Annotated[int, Field(ge=1, le=65535)]


class HttpCheck(Spec):
    """A page that answers: by its URL, or by a service's published port, on every node that answers for it."""

    url: str | None = Field(default=None, pattern=r"^https?://[^\s]+$")
    """The page; or give `service`."""
    service: Name | None = None
    """A service with a published port."""
    port: Port | None = None
    """Which published port; the first TCP one when left out."""
    path: str = Field(default="/", pattern=r"^/")
    """The page, with `service`."""
    status: int = Field(default=200, ge=100, le=599)
    """The status it answers with."""
    contains: str = ""
    """A text that the answer holds."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.url is None) == (self.service is None):
            raise ValueError("needs exactly one of `url` and `service`")
        return self


class TcpCheck(Spec):
    """A port that somebody listens on: `host` and `port`, or a service's published port."""

    host: str | None = None
    """A name or address; or give `service`."""
    service: Name | None = None
    """A service with a published port."""
    port: Port | None = None
    """The port; a service's first TCP one when left out."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.host is None) == (self.service is None):
            raise ValueError("needs exactly one of `host` and `service`")
        if self.host is not None and self.port is None:
            raise ValueError("needs `port` with `host`")
        return self


class VerifySpec(Spec):
    """The checks after an update. All of them hold within `within`, or the release is not verified."""

    http: tuple[HttpCheck, ...] = ()
    """Pages that answer."""
    tcp: tuple[TcpCheck, ...] = ()
    """Ports that are open."""
    swarm: bool = True
    """Every node is ready, and every service runs as many tasks as it should, of its newest version."""
    digests: bool = True
    """Every running task's image has the release's digest."""
    within: Duration = "5m"
    """How long they may take to hold."""
