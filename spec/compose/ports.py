"""Published ports, short form and long (compose-spec, 05-services, ports)."""

from __future__ import annotations

import re
from typing import Any

from spec.compose.refusal import RefusalError

SHORT = re.compile(
    r"((?P<host>\[[^\]]+\]|[^:]+):)?((?P<published>\d+(-\d+)?):)?(?P<target>\d+(-\d+)?)(/(?P<protocol>tcp|udp))?"
)


def ports(item: Any) -> list[dict[str, Any]]:
    """Return the PortSpec values of one entry; a range is several. Raises RefusalError."""
    if isinstance(item, dict):
        return _spread(item.get("host_ip"), item.get("published"), item["target"], item)
    found = SHORT.fullmatch(str(item))
    if not found:
        raise RefusalError(f"{item!r} is no port", "write PUBLISHED:TARGET, or the long form")
    parts = found.groupdict()
    if parts["host"] and parts["published"] is None and re.fullmatch(r"\d+(-\d+)?", parts["host"]):
        parts["host"], parts["published"] = None, parts["host"]
    return _spread(parts["host"], parts["published"], parts["target"], {"protocol": parts["protocol"] or "tcp"})


def _spread(host: str | None, published: Any, target: Any, more: dict[str, Any]) -> list[dict[str, Any]]:
    if host and host not in ("0.0.0.0", "[::]", "::"):  # noqa: S104  what a compose file says, not where we listen
        raise RefusalError(f"binds to {host}", "Swarm publishes on all addresses; use a firewall")
    if published in (None, "", 0, "0"):
        raise RefusalError(f"port {target} has no published port", "name one: a random port would be another each time")
    outside, inside = _range(published), _range(target)
    if len(inside) == 1:
        inside = inside * len(outside)
    if len(outside) != len(inside):
        raise RefusalError(f"{published} and {target} are of different length", "publish as many ports as there are")
    mode = more.get("mode", "ingress")
    protocol = more.get("protocol", "tcp")
    return [
        {"target": in_, "published": out, "protocol": protocol, "mode": mode}
        for out, in_ in zip(outside, inside, strict=True)
    ]


def _range(value: Any) -> list[int]:
    first, _, last = str(value).partition("-")
    return list(range(int(first), int(last or first) + 1))
