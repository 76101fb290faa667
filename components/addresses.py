"""Who has which address: the parties of a cluster's traffic, from the stack file alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, collapse_addresses
from urllib.parse import urlsplit

from components import names
from spec.access import ANYWHERE
from spec.pool import Role
from spec.stack import StackSpec

HUB = "registry-1.docker.io"
HTTPS = 443


@dataclass(frozen=True)
class Party:
    """Somebody who sends or receives; ANYWHERE when only a name is known, or nothing."""

    name: str
    networks: tuple[IPv4Network, ...] = ANYWHERE

    @property
    def anywhere(self) -> bool:
        """Tell whether any address may be this party's."""
        return IPv4Network("0.0.0.0/0") in self.networks

    @property
    def text(self) -> str:
        """Return the addresses as a person reads them."""
        return "any" if self.anywhere else ", ".join(_runs(self.networks))


@dataclass(frozen=True)
class Registry:
    """A registry that nodes pull from."""

    host: str
    port: int = HTTPS

    @property
    def party(self) -> Party:
        """The registry as a party: its address where its host is one."""
        return Party(f"registry {self.host}", _literal(self.host))


def role(spec: StackSpec, wanted: Role) -> Party:
    """Return the nodes of a role."""
    found = (node.address for node in names.nodes(spec.cluster) if node.pool.role == wanted)
    return Party(f"{wanted}s", _collapsed(found))


def nodes(spec: StackSpec) -> Party:
    """Return all nodes."""
    return Party("nodes", _collapsed(node.address for node in names.nodes(spec.cluster)))


def operators(spec: StackSpec) -> Party:
    """Return where ssh comes from."""
    return Party("operators", _merged(spec.access.operators))


def clients(spec: StackSpec) -> Party:
    """Return where requests to published ports come from."""
    return Party("clients", _merged(spec.access.clients))


def pullers(spec: StackSpec) -> Party:
    """Return who asks the stack's own registry for images, or brings some."""
    return Party("registry clients", _merged((*clients(spec).networks, *nodes(spec).networks)))


def dns(spec: StackSpec) -> Party:
    """Return the DNS servers."""
    return Party("DNS", _collapsed(spec.target.network.dns) or ANYWHERE)


def ntp(spec: StackSpec) -> Party:
    """Return the time servers."""
    return Party("NTP", _collapsed(spec.access.ntp) or ANYWHERE)


def registries(spec: StackSpec) -> list[Registry]:
    """Return every registry that images or mirrors name, or that is trusted by its certificate; no one twice."""
    found = [_of_image(service.image) for service in spec.services.values()]
    if spec.registry:
        found.append(_of_image(spec.registry.image))
        found += [_of_url(spec.registry.mirror_of.url)] if spec.registry.mirror_of else []
    found += [_of_url(url) for url in spec.engine.mirrors]
    found += [_of_authority(host) for host in spec.engine.registries]
    return list(dict.fromkeys(found))


def _of_image(image: str) -> Registry:
    """Read the registry off an image's name as Docker does (distribution/reference)."""
    first, slash, _ = image.partition("/")
    if slash and (set(first) & set(".:") or first == "localhost"):
        return _of_authority(first)
    return Registry(HUB)


def _of_authority(authority: str) -> Registry:
    host, _, port = authority.partition(":")
    return Registry(host, int(port or HTTPS))


def _of_url(url: str) -> Registry:
    parts = urlsplit(url)
    return Registry(parts.hostname or "", parts.port or (HTTPS if parts.scheme == "https" else 80))


def _literal(host: str) -> tuple[IPv4Network, ...]:
    try:
        return (IPv4Network(IPv4Address(host)),)
    except AddressValueError:
        return ANYWHERE


def _collapsed(addresses: Iterable[IPv4Address | None]) -> tuple[IPv4Network, ...]:
    return _merged(IPv4Network(each) for each in addresses if each)


def _merged(networks: Iterable[IPv4Network]) -> tuple[IPv4Network, ...]:
    """Return ranges without any that lies in another: nft refuses a set of such."""
    return tuple(collapse_addresses(networks))


def _runs(networks: Iterable[IPv4Network]) -> Iterator[str]:
    """Yield what lies next to each other as one, unless a network says it."""
    runs: list[list[IPv4Network]] = []
    for network in sorted(networks):
        if runs and network.network_address == runs[-1][-1].broadcast_address + 1:
            runs[-1].append(network)
        else:
            runs.append([network])
    for run in runs:
        first, last = run[0].network_address, run[-1].broadcast_address
        yield str(run[0]) if len(run) == 1 and first != last else f"{first}" if first == last else f"{first}-{last}"
