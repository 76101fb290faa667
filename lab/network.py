"""The lab's network: a bridge with a /24 that nothing here uses yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import docker
from docker.errors import NotFound
from docker.types import IPAMConfig, IPAMPool

from lab import record
from lab.folder import Folder
from lab.progress import Progress
from spec.errors import LabError

CANDIDATES = tuple(IPv4Network(f"10.{second}.0.0/24") for second in range(77, 127))
ROUTES = Path("/proc/net/route")


@dataclass(frozen=True)
class Addresses:
    """Who has which address in the lab's network; nodes come from .11 on."""

    subnet: IPv4Network

    @property
    def gateway(self) -> IPv4Address:
        """This machine."""
        return self.subnet[1]

    @property
    def registry(self) -> IPv4Address:
        """The registry."""
        return self.subnet[2]

    @property
    def openstack(self) -> IPv4Address:
        """OpenStack's services."""
        return self.subnet[3]

    @property
    def managers(self) -> IPv4Address:
        """The first manager."""
        return self.subnet[11]

    @property
    def workers(self) -> IPv4Address:
        """The first worker."""
        return self.subnet[21]

    @property
    def platform_managers(self) -> IPv4Address:
        """The first manager of stack `lab-platform`."""
        return self.subnet[71]

    @property
    def platform_workers(self) -> IPv4Address:
        """The first worker of stack `lab-platform`."""
        return self.subnet[81]

    def environment(self, number: int) -> IPv4Address:
        """The manager of an environment that releases are promoted through: 0 is the first one."""
        return self.subnet[91 + number]


def ensure(client: docker.DockerClient, folder: Folder, lab: record.Record, progress: Progress) -> Addresses:
    """See that the lab's network is there, and return its addresses. Raises LabError when no subnet is free."""
    if lab.network and _exists(client, lab.network.id):
        return Addresses(IPv4Network(lab.network.subnet))
    subnet = IPv4Network(lab.network.subnet) if lab.network else None
    taken = [*host_routes(ROUTES.read_text()), *_engine_subnets(client)]
    addresses = Addresses(first_free(taken, preferred=subnet))
    made = _create(client, folder.name, addresses)
    lab.network = record.Network(id=made, subnet=str(addresses.subnet))
    lab.save(folder)
    progress(f"network: {folder.name}, {addresses.subnet}")
    return addresses


def remove(client: docker.DockerClient, lab: record.Record) -> None:
    """Remove the network that was recorded."""
    if lab.network and _exists(client, lab.network.id):
        client.networks.get(lab.network.id).remove()


def first_free(taken: Iterable[IPv4Network], preferred: IPv4Network | None = None) -> IPv4Network:
    """Return the first candidate that overlaps nothing taken. Raises LabError when there is none."""
    used = list(taken)
    candidates = (preferred, *CANDIDATES) if preferred else CANDIDATES
    for candidate in candidates:
        if not any(candidate.overlaps(other) for other in used):
            return candidate
    raise LabError("lab", "every /24 from 10.77.0.0 to 10.126.0.0 overlaps a route here", "remove a route")


def host_routes(table: str) -> list[IPv4Network]:
    """Return the destinations in a text of /proc/net/route, but the default route."""
    rows = [line.split() for line in table.splitlines()[1:]]
    routes = [_route(row[1], row[7]) for row in rows]
    return [route for route in routes if route.prefixlen]


def _route(destination: str, mask: str) -> IPv4Network:
    """Decode an address and a mask as the kernel prints them: hexadecimal, least byte first."""
    address, prefix = (int.from_bytes(bytes.fromhex(text), "little") for text in (destination, mask))
    return IPv4Network((address, prefix.bit_count()))


def _engine_subnets(client: docker.DockerClient) -> list[IPv4Network]:
    pools = [pool for net in client.networks.list() for pool in (net.attrs.get("IPAM") or {}).get("Config") or []]
    return [IPv4Network(pool["Subnet"]) for pool in pools if ":" not in pool.get("Subnet", ":")]


def _exists(client: docker.DockerClient, identity: str) -> bool:
    try:
        client.networks.get(identity)
    except NotFound:
        return False
    return True


def _create(client: docker.DockerClient, name: str, addresses: Addresses) -> str:
    """Make the network. One of the same name is ours, made just before a crash: it was never recorded."""
    for leftover in client.networks.list(names=[f"^{name}$"]):
        leftover.remove()
    pool = IPAMPool(subnet=str(addresses.subnet), gateway=str(addresses.gateway))
    made = client.networks.create(
        name, driver="bridge", ipam=IPAMConfig(pool_configs=[pool]), labels={"longshore.lab": name},
        options={"com.docker.network.bridge.name": name.replace("longshore-", "lab-")},
    )  # fmt: skip
    return str(made.id)
