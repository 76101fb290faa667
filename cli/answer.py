"""What a published port answers: an HTTP status, or just that somebody listens."""

from __future__ import annotations

import http
import http.client
import socket
import ssl
from dataclasses import dataclass

SECONDS = 10.0


@dataclass(frozen=True)
class Place:
    """Where a service is published: one port of one node."""

    address: str
    port: int
    protocol: str = "tcp"

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.protocol}://{host}:{self.port}"


def answer(place: Place, seconds: float = SECONDS) -> str | None:
    """Return what `place` answers, for people; None when nobody listens there within `seconds`.

    Any HTTP status is an answer; so is a connection to something that doesn't speak HTTP. UDP can't be asked.
    """
    if place.protocol != "tcp":
        return f"{place} not asked"
    try:
        with socket.create_connection((place.address, place.port), timeout=seconds):
            return _status(place, seconds) or f"{place} open"
    except OSError:
        return None


def _status(place: Place, seconds: float) -> str | None:
    """Return the status of its page; of the one by TLS where plain HTTP is refused as a TLS server does (400)."""
    address = (place.address, place.port)
    plain = _asked(http.client.HTTPConnection(*address, timeout=seconds))
    if plain is not None and plain.status == http.HTTPStatus.BAD_REQUEST:
        sealed = _asked(http.client.HTTPSConnection(*address, timeout=seconds, context=_any_certificate()))
        if sealed is not None:
            return _told(place, "https", sealed)
    return _told(place, "http", plain) if plain is not None else None


def _asked(connection: http.client.HTTPConnection) -> http.client.HTTPResponse | None:
    try:
        connection.request("GET", "/")
        return connection.getresponse()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _told(place: Place, scheme: str, response: http.client.HTTPResponse) -> str:
    return f"{str(place).replace('tcp', scheme, 1)}/ {response.status} {response.reason}"


def _any_certificate() -> ssl.SSLContext:
    """Return a context that trusts anybody: an address is asked, not a name, and nothing is sent or believed."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
