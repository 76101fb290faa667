"""Where the ingress has its certificates from."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from spec.base import Name, Spec
from spec.mount import NfsShare


class KeyPair(Spec):
    """A certificate and its private key, both in PEM, by their names under `secrets`."""

    certificate: Name
    """The certificate, and those between it and the root after it."""
    key: Name
    """Its private key."""


class AcmeSpec(Spec):
    """Certificates from an authority that speaks ACME (RFC 8555), had and renewed by the ingress itself."""

    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    """Whom the authority tells what goes wrong."""
    ca: Annotated[str, Field(pattern=r"^https://\S+$")] | None = None
    """The authority's directory; Let's Encrypt's when left out."""
    trust: Name | None = None
    """A config with the root certificate that `ca` itself is trusted by, where that is none of the public ones."""
    share: NfsShare | None = None
    """Where account, keys and certificates lie; in a volume when left out, which is right for one node only."""


class TlsSpec(Spec):
    """Exactly one source of certificates."""

    acme: AcmeSpec | None = None
    """A public authority, or your own ACME server."""
    ca: KeyPair | None = None
    """An authority of your own: the ingress signs certificates with its key, for all hosts of the routes."""
    files: tuple[KeyPair, ...] = ()
    """Certificates as they are, chosen by the name that is asked for."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if [self.acme is not None, self.ca is not None, bool(self.files)].count(True) != 1:
            raise ValueError("needs exactly one of `acme`, `ca` and `files`")
        return self

    def key_pairs(self) -> dict[str, KeyPair]:
        """Return every pair of secrets by its path below `tls`."""
        own = {"ca": self.ca} if self.ca else {}
        return own | {f"files.{index}": each for index, each in enumerate(self.files)}
