"""The shop's modules, imported as in their images, and a Redis in a dictionary."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from tests.conftest import ROOT

SHOP = ROOT / "examples" / "shop"
MODULES = ("store", "web", "worker")


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports a module of the shop by its name."""
    for path in (SHOP, SHOP / "web", SHOP / "worker"):
        monkeypatch.syspath_prepend(str(path))
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module
    for name in MODULES:
        sys.modules.pop(name, None)


class FakeRedis:
    """As much of Redis as the shop uses; `away` makes every command fail."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.seconds: dict[str, int] = {}
        self.away = False

    def _list(self, name: str) -> list[str]:
        if self.away:
            raise ConnectionError("no route to cache")
        found: list[str] = self.values.setdefault(name, [])
        return found

    def incr(self, name: str) -> int:
        if self.away:
            raise ConnectionError("no route to cache")
        self.values[name] = self.values.get(name, 0) + 1
        return int(self.values[name])

    def get(self, name: str) -> str | None:
        if self.away:
            raise ConnectionError("no route to cache")
        return self.values.get(name)

    def setex(self, name: str, time: int, value: str) -> None:
        if self.away:
            raise ConnectionError("no route to cache")
        self.values[name], self.seconds[name] = value, time

    def lpush(self, name: str, value: str) -> int:
        self._list(name).insert(0, value)
        return len(self._list(name))

    def ltrim(self, name: str, start: int, end: int) -> None:
        self.values[name] = self._list(name)[start : end + 1]

    def lrange(self, name: str, start: int, end: int) -> list[str]:
        return self._list(name)[start:] if end == -1 else self._list(name)[start : end + 1]

    def brpop(self, keys: str, timeout: int) -> tuple[str, str] | None:
        assert timeout >= 0
        return (keys, self._list(keys).pop()) if self._list(keys) else None


@pytest.fixture
def redis() -> FakeRedis:
    return FakeRedis()


@pytest.fixture
def store(shop: Any, redis: FakeRedis) -> Any:
    return shop("store").Store(redis)
