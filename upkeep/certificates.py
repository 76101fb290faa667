"""When the Swarm's certificates end: its authority's, and each node's own."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509

from providers.swarm.connection import Connection, as_root
from providers.swarm.control import Control
from providers.swarm.ssh import Outside
from spec.errors import EngineError, LongshoreError

SOON = timedelta(days=7)
"""A node renews its certificate in the second half of its life; so near the end something keeps it from doing so."""
READ_SECONDS = 20


@dataclass(frozen=True)
class Certificate:
    """Whose it is and when it ends; `trouble` says why that is not known."""

    owner: str
    ends: datetime | None
    trouble: str = ""

    def bad(self, now: datetime) -> bool:
        """Whether somebody has to look after it."""
        return self.ends is None or self.ends - now < SOON


def authority(swarm: Control) -> Certificate:
    """Return the Swarm's own authority, which every manager knows."""
    pem = swarm.client.inspect_swarm()["TLSInfo"]["TrustRoot"]
    return Certificate("the Swarm's authority", end_of(pem))


def of_node(name: str, connection: Connection, outside: Outside) -> Certificate:
    """Read a node's own certificate, which only it has. A node that can't be asked is told so."""
    try:
        with outside.docker(connection) as client:
            root = client.info()["DockerRootDir"]
        file = shlex.quote(f"{root}/swarm/certificates/swarm-node.crt")
        ran = outside.run(connection, f"{as_root(connection)}cat {file}", READ_SECONDS)
        if ran.code:
            raise EngineError(name, f"{file} can't be read")
        return Certificate(name, end_of(ran.output))
    except LongshoreError as error:
        return Certificate(name, None, error.found)


def end_of(pem: str) -> datetime:
    """Return when the first certificate of a PEM text ends. Raises EngineError when there is none."""
    try:
        return x509.load_pem_x509_certificates(pem.encode())[0].not_valid_after_utc
    except (ValueError, IndexError):
        raise EngineError("certificate", "is not one in PEM form") from None


def table(certificates: list[Certificate], now: datetime) -> list[tuple[str, str, str]]:
    """Return owner, end and the days left of each, the first to end first."""
    last = datetime.max.replace(tzinfo=UTC)
    ordered = sorted(certificates, key=lambda each: (each.ends or last, each.owner))
    return [
        (each.owner, f"{each.ends:%Y-%m-%d %H:%M}" if each.ends else "unknown", _left(each, now)) for each in ordered
    ]


def _left(certificate: Certificate, now: datetime) -> str:
    if certificate.ends is None:
        return certificate.trouble
    days = (certificate.ends - now).days
    return f"{days} days" if days >= 0 else "expired"
