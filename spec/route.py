"""Routes: which requests that reach the ingress go to a service."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from spec.base import Duration, Spec

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
Host = Annotated[str, Field(pattern=rf"^(\*\.)?{_LABEL}(\.{_LABEL})*$", max_length=253)]
"""A host name in lower case; `*.` before it stands for one label (RFC 4592 names only whole labels, too)."""
UrlPath = Annotated[str, Field(pattern=r"^/([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?$")]
"""A path of unreserved characters (RFC 3986), without a slash at its end."""


class RouteSpec(Spec):
    """Requests for a host and below a path. The ingress asks the service's tasks that pass their health check."""

    host: Host | None = None
    """The host name, such as `shop.example.com` or `*.example.com`; any when left out."""
    path: UrlPath = "/"
    """The path and everything below it: `/api` has `/api/jobs`, but not `/apis`. The longest path that fits wins."""
    port: int = Field(ge=1, le=65535)
    """The port inside the service's containers. It needn't be published."""
    strip_path: bool = False
    """Whether the service sees the request without `path`."""
    timeout: Duration = "1m"
    """How long a task may take until its answer begins; another one is asked then, if the request may be repeated."""

    @property
    def match(self) -> tuple[str, str]:
        """What no two routes may share: host and path, as requests are compared with them."""
        return self.host or "", self.path.lower()

    @property
    def specificity(self) -> tuple[int, int, str, str]:
        """Sorts routes, the most specific first: a whole host, then a wildcard, then any; the longer path first."""
        rank = 2 if self.host is None else 1 if self.host.startswith("*.") else 0
        return rank, -len(self.path), self.host or "", self.path
