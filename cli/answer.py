"""What a published port answers: an HTTP status, or just that somebody listens."""

from __future__ import annotations

import http.client
import socket
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
    connection = http.client.HTTPConnection(place.address, place.port, timeout=seconds)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
    except (OSError, http.client.HTTPException):
        return None
    else:
        return f"{str(place).replace('tcp', 'http', 1)}/ {response.status} {response.reason}"
    finally:
        connection.close()
