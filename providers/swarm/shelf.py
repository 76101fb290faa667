"""The resource `swarm:index:Shelf`: all generations of a stack's secrets and configs, cleared when the stack ends.

It is made before them, so it goes last, when no service is left that could need one.
"""

from __future__ import annotations

from collections.abc import Iterator

from pulumi.provider.experimental.provider import DiffResponse

from providers.swarm import checks
from providers.swarm.connection import Connection, connection_from
from providers.swarm.control import BRIEF_SECONDS, Control, NoManagerError, control
from providers.swarm.differences import differences, response
from providers.swarm.generations import LISTS, Entry, family, in_use
from providers.swarm.handler import Call, Checked, State
from providers.swarm.properties import Bag
from providers.swarm.storage import Storage
from spec.errors import SwarmError

JUDGES: dict[str, checks.Judge] = {"stack": checks.text, "clusterId": checks.text}
REQUIRED = {"stack", "clusterId", "managers"}


class ShelfHandler:
    """Makes nothing; removes what nobody declares any more. `names`: what is declared, as `secret/…`, `config/…`."""

    def check(self, old: Bag, new: Bag) -> Checked:  # noqa: ARG002
        """Say what is wrong, property by property."""
        failures = checks.resource(new, JUDGES, REQUIRED)
        return Checked({"names": [], **new}, failures)

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """Other names are an update; another Swarm has another shelf."""
        return response(differences(old, new, ("names",)), differences(old, new, ("stack", "clusterId")))

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:  # noqa: ARG002
        """Return the inputs: that is all there is."""
        return inputs

    def create(self, inputs: Bag, call: Call) -> State:  # noqa: ARG002
        """Write it down."""
        return State(inputs["stack"], inputs)

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:
        """Return what was written down, with what lies there besides and may go: the next update removes it."""
        if not inputs.get("managers"):
            raise SwarmError(id_, "a shelf can't be imported", "declare it: it holds nothing of its own")
        try:
            with control(call, _managers(inputs), outputs["clusterId"], patience=BRIEF_SECONDS) as swarm:
                spare = {f"{storage.kind}/{family(each)[1]}" for storage, each in _undeclared(swarm, inputs)}
        except NoManagerError as reason:
            call.narrator.warn(f"its last known state is kept: {reason.found}")
            return State(id_, outputs, inputs)
        return State(id_, outputs | {"names": sorted({*inputs["names"], *spare})}, inputs)

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:  # noqa: ARG002
        """Remove what is declared no longer and what no service needs any more."""
        with control(call, _managers(new), new["clusterId"]) as swarm:
            for storage, each in _undeclared(swarm, new):
                storage.remove([str(each["ID"])])
        return new

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:  # noqa: ARG002
        """Remove every generation but those that a service still mounts: such a service is somebody else's."""
        with control(call, _managers(outputs), outputs["clusterId"]) as swarm:
            left = sum(_clear(swarm, kind, outputs["stack"]) for kind in LISTS)
        if left:
            call.narrator.warn(f"{left} secrets and configs stay: a service that isn't this stack's mounts them")


def _undeclared(swarm: Control, inputs: Bag) -> Iterator[tuple[Storage, Entry]]:
    """Yield what a stack has left on the Swarm, and where: neither declared any more nor needed by any service."""
    for kind in LISTS:
        storage = Storage(swarm, kind)
        used = storage.used()
        for each in storage.of_stack(inputs["stack"]):
            if f"{kind}/{family(each)[1]}" not in inputs["names"] and each["ID"] not in used:
                yield storage, each


def _clear(swarm: Control, kind: str, stack: str) -> int:
    """Remove a stack's secrets or configs; return how many had to stay."""
    storage = Storage(swarm, kind)
    mounted = in_use(swarm.services(), kind)
    ids = [str(each["ID"]) for each in storage.of_stack(stack)]
    return len(ids) - len(storage.remove(each for each in ids if each not in mounted))


def _managers(bag: Bag) -> list[Connection]:
    return [connection_from(manager) for manager in bag["managers"]]
