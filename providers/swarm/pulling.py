"""Why an image can't be pulled. A task tells only that it isn't there: its node's engine keeps the reason to itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MISSING = re.compile(r"No such image: (\S+)")
_UNREACHABLE = (
    "dial tcp",
    "no such host",
    "connection refused",
    "timeout",
    "timed out",
    "deadline exceeded",
    "no route to host",
)
_STRANGER = ("x509:", "certificate")
_REFUSED = ("unauthorized", "authentication required", "no basic auth credentials", "denied")
_UNKNOWN = ("manifest unknown", "not found", "name unknown")


def missing_images(errors: Iterable[str]) -> list[str]:
    """Return the images that tasks' errors name as missing (moby, `daemon/cluster/executor`), each once."""
    found = (match[1] for error in errors if (match := _MISSING.search(error)))
    return list(dict.fromkeys(found))


def reason(image: str, said: str | None, node: str) -> str:
    """Return what to think of it, from what an engine said when it asked the registry; None when it got an answer."""
    host = image.partition("/")[0]
    asked = f"{image.partition('@')[0]}, asked for by {node}"
    if said is None:
        return f"{asked}: the registry has it and answers now: run `up` again"
    short = (said.strip().splitlines() or ["no reason given"])[0].rpartition('": ')[2][:300]
    lower = said.lower()
    if any(phrase in lower for phrase in _STRANGER):
        return f"{asked}: the node doesn't trust the registry ({short}): see longshore:engine.registries"
    if any(phrase in lower for phrase in _UNREACHABLE):
        return f"{asked}: the registry {host} can't be reached ({short}): bring it back, then run `up` again"
    if any(phrase in lower for phrase in _REFUSED):
        return f"{asked}: the registry wants a login ({short}): see longshore:registries"
    if any(phrase in lower for phrase in _UNKNOWN):
        return f"{asked}: the registry has no such image ({short}): push it, or mend its name"
    return f"{asked}: {short}"
