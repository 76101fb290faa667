"""The secrets and configs of a Swarm in memory, as docker's APIClient shows and changes them."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from docker.errors import APIError, NotFound

from providers.swarm.generations import in_use

if TYPE_CHECKING:
    from tests.unit.providers.world import Swarm, World

Entry = dict[str, Any]


class Store:
    """The calls for secrets and configs, and no other."""

    _world: World

    @abstractmethod
    def _swarm(self) -> Swarm: ...

    def secrets(self, filters: dict[str, str]) -> list[Entry]:
        return self._listed(self._swarm().secrets, filters)

    def configs(self, filters: dict[str, str]) -> list[Entry]:
        return self._listed(self._swarm().configs, filters)

    def inspect_secret(self, ident: str) -> Entry:
        return self._one(self._swarm().secrets, ident)

    def inspect_config(self, ident: str) -> Entry:
        return self._one(self._swarm().configs, ident)

    def create_secret(self, name: str, data: bytes, labels: dict[str, str]) -> Entry:
        return self._created("secret", name, data, labels)

    def create_config(
        self, name: str, data: bytes, labels: dict[str, str], templating: dict[str, str] | None = None
    ) -> Entry:
        made = self._created("config", name, data, labels)
        self._swarm().configs[made["ID"]]["Spec"]["Templating"] = templating
        return made

    def remove_secret(self, ident: str) -> None:
        self._removed("secret", ident)

    def remove_config(self, ident: str) -> None:
        self._removed("config", ident)

    @staticmethod
    def _listed(there: dict[str, Entry], filters: dict[str, str]) -> list[Entry]:
        [(key, wanted)] = filters.items()
        assert key == "label"
        name, value = wanted.split("=", 1)
        return [each for each in there.values() if each["Spec"]["Labels"].get(name) == value]

    @staticmethod
    def _one(there: dict[str, Entry], ident: str) -> Entry:
        if ident not in there:
            raise NotFound("404", explanation=f"{ident} not found")
        return there[ident]

    def _created(self, kind: str, name: str, data: bytes, labels: dict[str, str]) -> Entry:
        there = self._there(kind)
        if not data:
            raise APIError("400", explanation=f"rpc error: code = InvalidArgument desc = {kind} data must be larger")
        if name in {each["Spec"]["Name"] for each in there.values()}:
            raise APIError("409", explanation=f"rpc error: code = AlreadyExists desc = {kind} {name} already exists")
        number = next(self._world.numbers)
        ident = f"{kind}-{number}"
        spec = {"Name": name, "Labels": labels, "Data": data}
        there[ident] = {"ID": ident, "Version": {"Index": number}, "Spec": spec}
        if f"create_{kind}" in self._world.lost:
            self._world.lost.remove(f"create_{kind}")
            raise APIError("500", explanation="rpc error: code = DeadlineExceeded desc = context deadline exceeded")
        return {"ID": ident}

    def _removed(self, kind: str, ident: str) -> None:
        there = self._there(kind)
        self._one(there, ident)
        if ident in in_use(self._swarm().services.values(), kind):
            raise APIError("400", explanation=f"rpc error: code = InvalidArgument desc = {kind} is in use by web")
        del there[ident]

    def _there(self, kind: str) -> dict[str, Entry]:
        swarm = self._swarm()
        return swarm.secrets if kind == "secret" else swarm.configs
