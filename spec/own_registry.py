"""A registry of one's own: a service of the cluster that keeps images, or a copy of those that it fetches elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from spec.base import Spec
from spec.mount import MountSpec, NfsMount
from spec.problems import Problem
from spec.secret import Secret
from spec.service import ImageReference

if TYPE_CHECKING:
    from spec.stack import ServicesPart

NAME = "registry"
"""The service's name."""


class UpstreamSpec(Spec):
    """The registry whose images are fetched and kept."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+$", examples=["https://registry-1.docker.io"])]
    """Its address."""
    user: str | None = None
    """Who we are there; nobody when left out."""
    password: Secret | None = None
    """The user's password or access token."""


class OwnRegistrySpec(Spec):
    """A registry as a service of this cluster, with TLS."""

    image: ImageReference
    """Docker's registry (distribution), such as `docker.io/library/registry:2.8.3`."""
    program: str = "registry"
    """Its program in that image; `docker-registry` in Debian's package."""
    storage: MountSpec
    """Where images are kept: best an NFS share; else a volume, and `constraints` that name its node. Its `target` is
    `/var/lib/registry`, or any other folder."""
    certificate: str = Field(pattern=r"^-----BEGIN CERTIFICATE-----")
    """The server's certificate and those between it and the authority, in PEM form. Public."""
    key: Secret
    """The certificate's private key, in PEM form."""
    users: Secret | None = None
    """Who may log in: lines as `htpasswd -nbB USER PASSWORD` prints them. Everyone may do everything when left out."""
    published: int = Field(default=5000, ge=1, le=65535)
    """Its port on the node that it runs on."""
    constraints: tuple[str, ...] = ()
    """Where it may run, such as `node.hostname == prod-workers-1`."""
    mirror_of: UpstreamSpec | None = None
    """Fetch images from there when they are asked for, and keep them. Nothing can be pushed then."""
    read_only: bool = False
    """Refuse pushes, as garbage collection (`longshore images collect`) needs it."""


def the_registry_keeps_its_images(spec: ServicesPart) -> Iterator[Problem]:
    """A disk of a node is of use only while the registry runs on that node."""
    own = spec.registry
    if own and not isinstance(own.storage, NfsMount) and not own.constraints:
        found = f"kind {own.storage.kind} is one node's own, and nothing keeps the registry on that node"
        yield Problem("registry.storage", found, "name its node under registry.constraints, or use kind: nfs")
    if own and own.storage.read_only:
        yield Problem("registry.storage.read_only", "keeps the registry from writing", "leave it out")


def the_registry_has_its_name_and_port(spec: ServicesPart) -> Iterator[Problem]:
    """No other service is called so, or publishes its port."""
    if spec.registry is None:
        return
    if NAME in spec.services:
        yield Problem(f"services.{NAME}", "longshore:registry makes a service of that name", "rename this one")
    for name in (f"{NAME}-config", f"{NAME}-tls", f"{NAME}-users"):
        if name in spec.secrets:
            yield Problem(f"secrets.{name}", "longshore:registry makes a secret of that name", "rename this one")
    for name, service in spec.services.items():
        if any(port.published == spec.registry.published and port.protocol == "tcp" for port in service.ports):
            found = f"port {spec.registry.published} is published by {name} already"
            yield Problem("registry.published", found, "publish another port")


def an_upstream_login_is_whole(spec: ServicesPart) -> Iterator[Problem]:
    """A user has a password, and a password a user."""
    upstream = spec.registry.mirror_of if spec.registry else None
    if upstream and (upstream.user is None) != (upstream.password is None):
        yield Problem("registry.mirror_of", "has one of `user` and `password`", "give both, or neither")
