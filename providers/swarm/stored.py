"""The resources `swarm:index:Secret` and `swarm:index:Config`: one content each; another content is a new generation.

Deleting a replaced one collects: what is neither among the newest nor needed by any service goes, the rest stays for
`docker service rollback`. Deleting the newest one is the end of its secret or config.
"""

from __future__ import annotations

import base64

from pulumi.provider.experimental.provider import DiffResponse

from providers.swarm import checks
from providers.swarm.connection import Connection, connection_from
from providers.swarm.control import BRIEF_SECONDS, NoManagerError, control
from providers.swarm.differences import differences, response
from providers.swarm.handler import Call, Checked, State
from providers.swarm.properties import UNKNOWN, Bag
from providers.swarm.storage import Storage
from spec.errors import SwarmError

DEFAULTS: Bag = {"keep": 2}
JUDGES: dict[str, checks.Judge] = {
    "name": checks.hostname,
    "stack": checks.text,
    "clusterId": checks.text,
    "keep": checks.whole(1, 100),
    "template": checks.flag,
}
"""Not `data`: the engine prints the value that is judged."""
REQUIRED = {"name", "stack", "managers", "clusterId"}
REPLACING = ("name", "stack", "data", "template", "clusterId")


class StoredHandler:
    """Stores and collects. `kind`: `secret` or `config`."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def check(self, old: Bag, new: Bag) -> Checked:  # noqa: ARG002
        """Fill in defaults and say what is wrong, property by property."""
        inputs = DEFAULTS | new
        failures = checks.resource(inputs, JUDGES, REQUIRED)
        return Checked(inputs, failures)

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """Another content is another object, made before the old one goes."""
        replaces = differences(old, new, REPLACING)
        return response(differences(old, new, ("keep",)), replaces, delete_first=False)

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:
        """Return the outputs as far as a preview can know them."""
        return inputs | {"storedName": old["storedName"] if old else UNKNOWN}

    def create(self, inputs: Bag, call: Call) -> State:
        """Store it as a new generation. Raises SwarmError."""
        with control(call, _managers(inputs), inputs["clusterId"]) as swarm:
            data = base64.b64decode(inputs.get("data", ""))
            storage, template = Storage(swarm, self._kind), bool(inputs.get("template"))
            id_, name = storage.store(inputs["stack"], inputs["name"], data, template)
        return State(id_, inputs | {"storedName": name})

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:
        """Return what is recorded while it is there: its content can't change."""
        if not inputs.get("managers"):
            raise SwarmError(id_, f"a {self._kind} can't be imported", "declare it: a new one is made")
        try:
            with control(call, _managers(inputs), outputs["clusterId"], patience=BRIEF_SECONDS) as swarm:
                there = Storage(swarm, self._kind).there(id_)
        except NoManagerError as reason:
            call.narrator.warn(f"its last known state is kept: {reason.found}")
            there = True
        return State(id_, outputs, inputs) if there else State(None, {})

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:  # noqa: ARG002
        """Keep another number of generations."""
        with control(call, _managers(new), new["clusterId"]) as swarm:
            Storage(swarm, self._kind).collect(new["stack"], new["name"], new["keep"])
        return new | {"storedName": old["storedName"]}

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:
        """Collect when a newer one has taken its place; else remove all generations that no service needs."""
        try:
            with control(call, _managers(outputs), outputs["clusterId"]) as swarm:
                storage, stack, name = Storage(swarm, self._kind), outputs["stack"], outputs["name"]
                ended = storage.newest(stack, name) in (id_, "")
                storage.collect(stack, name, 0 if ended else outputs["keep"])
                left = storage.generations(stack, name) if ended else []
        except NoManagerError as reason:
            # The Shelf finds it by its label.
            call.narrator.warn(f"it stays until the next collection: {reason.found}")
            return
        if left:
            call.narrator.warn(f"{len(left)} stay on the Swarm while a service's previous version needs them")


def _managers(bag: Bag) -> list[Connection]:
    return [connection_from(manager) for manager in bag["managers"]]
