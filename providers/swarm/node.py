"""The resource `swarm:index:Node`: one engine's membership in a Swarm, with its role, labels and availability."""

from __future__ import annotations

from pulumi.provider.experimental.provider import DiffResponse

from providers.swarm import checks
from providers.swarm.connection import Connection, connection_from
from providers.swarm.control import BRIEF_SECONDS, Control, NoManagerError, control
from providers.swarm.differences import Kinds, differences, response
from providers.swarm.farewell import alone, farewell, leave
from providers.swarm.handler import Call, Checked, PartialError, State
from providers.swarm.member import Member
from providers.swarm.membership import join, one_at_a_time, settle
from providers.swarm.probe import prove
from providers.swarm.properties import UNKNOWN, Bag
from spec.errors import LongshoreError, SwarmError

DEFAULTS: Bag = {"availability": "active", "labels": {}, "drainSeconds": 60, "overlayMtu": 1450}
JUDGES: dict[str, checks.Judge] = {
    "name": checks.hostname,
    "role": checks.one_of("manager", "worker"),
    "availability": checks.one_of("active", "pause", "drain"),
    "clusterId": checks.text,
    "drainSeconds": checks.whole(0, 3600),
    "overlayMtu": checks.whole(576, 8950),
}
REQUIRED = {"name", "role", "connection", "managers", "clusterId"}
OTHER_MACHINE = ("host", "hostKey")
JOINED = "joined"
"""The status of a member that has not settled yet, or whose overlay traffic does not get through."""


class NodeHandler:
    """Joins, changes, drains and removes one member."""

    def check(self, old: Bag, new: Bag) -> Checked:  # noqa: ARG002
        """Fill in defaults and say what is wrong, property by property."""
        inputs = DEFAULTS | new
        failures = checks.resource(inputs, JUDGES, REQUIRED) + checks.labels(inputs["labels"], "labels")
        if "connection" in inputs:
            failures += checks.connection(inputs["connection"], "connection")
        return Checked(inputs, failures)

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """Role, labels and availability change in place; another machine or Swarm is another member."""
        updates = differences(old, new, ("role", "availability", "labels"))
        return response(updates, differences(old, new, ("clusterId",)) | _machine(old, new))

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:
        """Return the outputs as far as a preview can know them."""
        return inputs | {"nodeId": old["nodeId"] if old else UNKNOWN, "status": "ready"}

    def create(self, inputs: Bag, call: Call) -> State:
        """Join, or adopt what has joined already, then settle. Raises SwarmError."""
        own = connection_from(inputs["connection"])
        with (
            one_at_a_time(call, inputs["role"] == "manager"),
            control(call, _managers(inputs), inputs["clusterId"], avoid=own.host) as swarm,
        ):
            node_id = join(own, inputs["role"], swarm, call)
            try:
                member = settle(node_id, inputs, swarm, call)
                _prove(own, inputs, swarm, call)
            except LongshoreError as reason:
                raise PartialError(reason, State(node_id, inputs | {"nodeId": node_id, "status": JOINED})) from reason
        return State(node_id, _outputs(inputs, member))

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:
        """Return what the Swarm says of this member, changes by hand included; no id when it knows none."""
        if not inputs.get("managers"):
            raise SwarmError(
                id_, "a member can't be imported", "declare it: a node that has joined is adopted as it is"
            )
        own = connection_from(inputs["connection"])
        try:
            managers = _managers(inputs)
            with control(call, managers, outputs["clusterId"], avoid=own.host, patience=BRIEF_SECONDS) as swarm:
                member = swarm.member(id_)
        except NoManagerError as reason:
            call.narrator.warn(f"its last known state is kept: {reason.found}")
            return State(id_, outputs, inputs)
        if member is None:
            return State(None, {})
        seen = {"role": member.role, "availability": member.availability, "labels": member.labels}
        return State(id_, _outputs(outputs | inputs | seen, member), inputs | seen)

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:
        """Change role, labels and availability in place, and prove what wasn't yet. Raises SwarmError."""
        own = connection_from(new["connection"])
        with (
            one_at_a_time(call, "manager" in (old["role"], new["role"])),
            control(call, _managers(new), new["clusterId"], avoid=own.host) as swarm,
        ):
            member = settle(id_, new, swarm, call)
            if old.get("status") == JOINED:
                _prove(own, new, swarm, call)
            return _outputs(new, member)

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:
        """Step down, drain, leave, and go off the list. Raises SwarmError where the quorum forbids it."""
        own = connection_from(outputs["connection"])
        try:
            with control(call, _managers(outputs), outputs["clusterId"], avoid=own.host) as swarm:
                member = swarm.member(id_)
                if member is None:
                    leave(id_, own, call)
                else:
                    farewell(member, own, outputs["drainSeconds"], swarm, call)
        except NoManagerError as reason:
            alone(id_, outputs["role"], own, reason, call)


def _managers(bag: Bag) -> list[Connection]:
    return [connection_from(manager) for manager in bag["managers"]]


def _prove(own: Connection, inputs: Bag, swarm: Control, call: Call) -> None:
    """See that overlay traffic gets through to the manager this node was made a member by. Raises SwarmError."""
    if swarm.manager.host != own.host:
        prove(own, swarm.manager, swarm.data_path_port(), inputs["overlayMtu"], call)


def _outputs(inputs: Bag, member: Member) -> Bag:
    return inputs | {"nodeId": member.id, "status": member.state}


def _machine(old: Bag, new: Bag) -> Kinds:
    """Return what says that the node's machine is another one: its address, or its host key."""
    before, after = old.get("connection"), new.get("connection")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return differences(old, new, ("connection",))
    return {f"connection.{key}": kind for key, kind in differences(before, after, OTHER_MACHINE).items()}
