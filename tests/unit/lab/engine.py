"""A Docker Engine in a few lists: as much of it as the lab asks of one."""

from __future__ import annotations

from typing import Any

from docker.errors import NotFound


class Thing:
    """A container or a network."""

    def __init__(self, kind: list[Thing], identity: str, name: str, options: dict[str, Any]) -> None:
        self.kind, self.id, self.name, self.options = kind, identity, name, options
        self.attrs = {"IPAM": {"Config": options.get("pools", [])}, "Config": {"Hostname": name}}
        self.status = "running"
        self.ports = {"5000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "32768"}]}
        self.removed: dict[str, Any] | None = None

    def remove(self, **options: Any) -> None:
        self.removed = options
        self.kind.remove(self)

    def logs(self, *, tail: int) -> bytes:
        return f"{self.name}: the last {tail} lines".encode()


class Collection:
    """`client.containers` or `client.networks`."""

    def __init__(self) -> None:
        self.things: list[Thing] = []
        self.made = 0

    def add(self, name: str, **options: Any) -> Thing:
        self.made += 1
        thing = Thing(self.things, f"id-{self.made}", name, options)
        self.things.append(thing)
        return thing

    def get(self, key: str) -> Thing:
        for thing in self.things:
            if key in (thing.id, thing.name):
                return thing
        raise NotFound(f"no {key}")

    def list(self, names: Any = None, filters: Any = None, all: bool = False) -> list[Thing]:  # noqa: A002, ARG002
        wanted = [name.strip("^$") for name in names or ()]
        label = (filters or {}).get("label")
        return [
            thing for thing in self.things
            if (not names or thing.name in wanted) and (not label or label in thing.options.get("labels", ()))
        ]  # fmt: skip


class Networks(Collection):
    def create(self, name: str, *, ipam: dict[str, Any], **options: Any) -> Thing:
        return self.add(name, pools=ipam["Config"], **options)


class Containers(Collection):
    def run(self, image: str, *, name: str, **options: Any) -> Thing:
        return self.add(name, image=image, **options)


class Engine:
    """`docker.DockerClient`."""

    def __init__(self) -> None:
        self.networks, self.containers = Networks(), Containers()
        self.api = self

    def create_endpoint_config(self, ipv4_address: str) -> dict[str, str]:
        return {"IPv4Address": ipv4_address}
