"""The ingress: a proxy on chosen nodes, through which requests from outside reach services."""

from __future__ import annotations

from pydantic import Field

from spec.base import Duration, Spec
from spec.service import ImageReference, LimitsSpec
from spec.tls import TlsSpec

INGRESS = "ingress"
"""The name of its service and of its config."""


class IngressPorts(Spec):
    """Ports of the nodes that run the ingress."""

    http: int = Field(default=80, ge=1, le=65535)
    """For HTTP; with `tls`, requests there are sent on to HTTPS."""
    https: int = Field(default=443, ge=1, le=65535)
    """For HTTPS; closed without `tls`."""
    metrics: int | None = Field(default=None, ge=1, le=65535)
    """For the operators' Prometheus, at `/metrics`; closed when left out."""


class IngressSpec(Spec):
    """A reverse proxy (Caddy), one task on every node that fits. Services name their `routes`."""

    image: ImageReference
    """An image with `caddy` (2.6 or later) and `wget`, such as Docker Hub's `caddy`."""
    constraints: tuple[str, ...] = ()
    """Which nodes run it, such as `node.labels.edge == yes`; all when left out."""
    ports: IngressPorts = IngressPorts()
    tls: TlsSpec | None = None
    """Where certificates come from; plain HTTP when left out."""
    try_for: Duration = "20s"
    """How long it looks for a task that answers, before a request fails. GET, HEAD and OPTIONS are repeated; any other
    request only when no task has seen it yet."""
    stop_grace: Duration = "30s"
    """How long it may take to finish requests when it is stopped."""
    limits: LimitsSpec = LimitsSpec.model_validate({"memory": "256 MiB"})
    """What one task may use at most."""

    def published(self) -> dict[str, int]:
        """Return every port that is open on its nodes, by its key under `ports`."""
        https = {"https": self.ports.https} if self.tls else {}
        metrics = {"metrics": self.ports.metrics} if self.ports.metrics else {}
        return {"http": self.ports.http, **https, **metrics}
