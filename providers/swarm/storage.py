"""Secrets and configs on the Swarm itself: found by their labels, stored, collected."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from docker.api import APIClient
from docker.errors import APIError, NotFound

from providers.swarm.control import Control
from providers.swarm.generations import STACK_LABEL, family, labels, newest_first, references, spare, stored_name

TEMPLATES = "golang"
"""The one driver that fills in templates (docs.docker.com, "docker config create")."""
IN_USE = "is in use"
"""How Swarm refuses to remove what a service mounts (moby/swarmkit, manager/controlapi/secret.go)."""


class Storage:
    """The secrets or configs (`kind`) of one Swarm."""

    def __init__(self, swarm: Control, kind: str) -> None:
        self._swarm = swarm
        self.kind = kind

    def of_stack(self, stack: str) -> list[dict[str, Any]]:
        """Return everything that a stack has here, newer and older generations."""
        label = f"{STACK_LABEL}={stack}"
        found: list[dict[str, Any]] = self._swarm.patiently(lambda: self._list({"label": label}))
        return found

    def generations(self, stack: str, name: str) -> list[dict[str, Any]]:
        """Return the generations of one of a stack's secrets or configs."""
        return [each for each in self.of_stack(stack) if family(each) == (stack, name)]

    def there(self, id_: str) -> bool:
        """Tell whether a generation exists."""
        try:
            self._swarm.patiently(lambda: _call(self._swarm.client, f"inspect_{self.kind}", id_))
        except NotFound:
            return False
        return True

    def store(self, stack: str, name: str, data: bytes, template: bool = False) -> tuple[str, str]:
        """Store a new generation; return its id and its name. `template`: to be filled in for each task.

        Swarm's refusals are raised as they come.
        """
        driver = {"templating": {"Name": TEMPLATES}} if template else {}
        called = stored_name(name, secrets.token_hex(4))

        def attempt() -> str:
            known = {each["Spec"]["Name"]: str(each["ID"]) for each in self.generations(stack, name)}
            # An attempt whose answer was lost has made it: the name is of this call alone.
            if called not in known:
                made = _call(
                    self._swarm.client, f"create_{self.kind}", called, data, labels=labels(stack, name), **driver
                )
                return str(made["ID"])
            return known[called]

        return self._swarm.patiently(attempt), called

    def collect(self, stack: str, name: str, keep: int) -> list[str]:
        """Remove the spare generations of one secret or config; return their ids."""
        found = self.generations(stack, name)
        return self.remove(spare(found, keep, self.used()))

    def used(self) -> set[str]:
        """Return the ids that a service needs, now or for a rollback."""
        return references(self._swarm.services(), self.kind)

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Remove generations; return the ids of those that are gone. One that is in use stays."""
        return [each for each in ids if self._swarm.patiently(lambda each=each: self._remove(each))]  # type: ignore[misc]

    def newest(self, stack: str, name: str) -> str:
        """Return the id of the newest generation, empty when there is none."""
        return next(iter(newest_first(self.generations(stack, name))), "")

    def _list(self, filters: dict[str, str]) -> Any:
        return _call(self._swarm.client, f"{self.kind}s", filters)

    def _remove(self, id_: str) -> bool:
        try:
            _call(self._swarm.client, f"remove_{self.kind}", id_)
        except NotFound:
            return True
        except APIError as error:
            if IN_USE in str(error.explanation or error):
                return False  # a service took it up since it was looked at
            raise
        return True


def _call(client: APIClient, method: str, *arguments: Any, **named: Any) -> Any:
    """Call one of the client's methods for secrets and configs, which differ in their names only."""
    return getattr(client, method)(*arguments, **named)
