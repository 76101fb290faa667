"""What may be written into a resource: one small judgement a function, unknown values pass."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from pulumi.provider.experimental.provider import CheckFailure

from providers.swarm.differences import path
from providers.swarm.properties import UNKNOWN, Bag

HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*")
USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?")
RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")
Judge = Callable[[Any], str | None]


def examine(values: Bag, judges: dict[str, Judge], required: set[str], parent: str = "") -> list[CheckFailure]:
    """Return what `judges` have against `values`, and what is missing, each with its property path."""
    named = {key: path(parent, key) if parent else key for key in {*judges, *required}}
    missing = [CheckFailure(named[key], "is required") for key in sorted(required) if values.get(key) in (None, "")]
    known = {key: values[key] for key in judges if values.get(key) not in (None, "") and values[key] is not UNKNOWN}
    judged = [(named[key], judges[key](value)) for key, value in known.items()]
    return missing + [CheckFailure(where, reason) for where, reason in judged if reason]


def resource(values: Bag, judges: dict[str, Judge], required: set[str]) -> list[CheckFailure]:
    """Examine a resource's own properties, and the managers that it is reached by."""
    failures = examine(values, judges, required)
    return failures + (connections(values["managers"], "managers") if "managers" in values else [])


def hostname(value: Any) -> str | None:
    """A DNS name (RFC 1123) or an IP address."""
    if isinstance(value, str) and (HOSTNAME.fullmatch(value) or address(value) is None):
        return None
    return f"{value!r} is neither a host name nor an IP address"


def address(value: Any) -> str | None:
    """An IP address: the Swarm's members can't change theirs, and don't resolve names."""
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        return f"{value!r} is no IP address"
    return None


def user(value: Any) -> str | None:
    """A Unix login name."""
    return None if isinstance(value, str) and USER.fullmatch(value) else f"{value!r} is no login name"


def text(value: Any) -> str | None:
    """Any text."""
    return None if isinstance(value, str) else f"must be a text, not {value!r}"


def flag(value: Any) -> str | None:
    """Yes or no."""
    return None if isinstance(value, bool) else f"must be true or false, not {value!r}"


def whole(low: int, high: int) -> Judge:
    """A whole number from `low` to `high`."""

    def judge(value: Any) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if fits else f"must be a whole number from {low} to {high}, not {value!r}"

    return judge


def one_of(*allowed: str) -> Judge:
    """One of the given words."""

    def judge(value: Any) -> str | None:
        return None if value in allowed else f"must be {' or '.join(allowed)}, not {value!r}"

    return judge


PORT = whole(1, 65535)
CONNECTION: dict[str, Judge] = {
    "name": text,
    "host": hostname,
    "port": PORT,
    "user": user,
    "keyFile": text,
    "hostKey": text,
    "address": address,
}


def connection(value: Any, where: str) -> list[CheckFailure]:
    """Judge one node's connection, as Engine's `connection` gives it."""
    if value is UNKNOWN:
        return []
    if not isinstance(value, dict):
        return [CheckFailure(where, "must be an Engine's connection: host, port, user, keyFile, hostKey")]
    host, known = value.get("host"), value.get("address")
    nameless = known is not None or host in (None, UNKNOWN) or address(host) is None
    lacking = [] if nameless else [CheckFailure(f"{where}.address", f"is required, as the host {host!r} is a name")]
    return examine(value, CONNECTION, {"host", "hostKey"}, where) + lacking


def connections(value: Any, where: str) -> list[CheckFailure]:
    """Judge a list of at least one manager's connection."""
    if value is UNKNOWN:
        return []
    if not isinstance(value, list) or not value:
        return [CheckFailure(where, "must list the connection of at least one manager")]
    return [failure for i, each in enumerate(value) for failure in connection(each, f"{where}[{i}]")]


def labels(value: Any, where: str) -> list[CheckFailure]:
    """Judge node labels: names that placement constraints can use, texts as values."""
    if value is UNKNOWN:
        return []
    if not isinstance(value, dict):
        return [CheckFailure(where, "must be a map of names to texts")]
    judged = [(path(where, key), _label(key, each)) for key, each in value.items()]
    return [CheckFailure(place, reason) for place, reason in judged if reason]


def _label(key: str, value: Any) -> str | None:
    if not LABEL.fullmatch(key):
        return f"{key!r} can't be a label's name: letters, digits, and . _ / - between them"
    if key.startswith(RESERVED):
        return f"names that begin with {key.split('.')[0]}.{key.split('.')[1]}. are reserved by Docker"
    return None if value is UNKNOWN else text(value)
