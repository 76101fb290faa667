"""The resource `swarm:index:Cluster`: the Swarm's identity, which outlives each of its nodes."""

from __future__ import annotations

import ipaddress
from typing import Any

from docker.api import APIClient
from pulumi.provider.experimental.provider import CheckFailure, DiffResponse

from providers.swarm import checks
from providers.swarm.connection import Connection, connection_from
from providers.swarm.control import BRIEF_SECONDS, NoManagerError, control
from providers.swarm.differences import differences, response
from providers.swarm.handler import Call, Checked, State
from providers.swarm.properties import UNKNOWN, Bag
from spec.errors import LongshoreError, SwarmError

LABEL = "longshore.cluster"
FROZEN = ("defaultAddrPool", "subnetSize", "dataPathPort")
JUDGES: dict[str, checks.Judge] = {
    "name": checks.hostname,
    "subnetSize": checks.whole(8, 29),
    # The range that the Engine API allows for DataPathPort.
    "dataPathPort": checks.whole(1024, 49151),
}
GOODBYE_SECONDS = 10


class ClusterHandler:
    """Initialises a Swarm on the first manager, or finds the one that is there."""

    def check(self, old: Bag, new: Bag) -> Checked:
        """Say what is wrong, property by property; what a Swarm is born with can't be changed."""
        failures = checks.resource(new, JUDGES, {"name", "managers"}) + _pools(new.get("defaultAddrPool", []))
        return Checked(new, failures + (_thaw(old, new) if old else []))

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """Managers come and go without the Swarm's becoming another one; only its name can change."""
        return response(differences(old, new, ("name",)), {})

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:
        """Return the outputs as far as a preview can know them."""
        return inputs | {"swarmId": old["swarmId"] if old else UNKNOWN}

    def create(self, inputs: Bag, call: Call) -> State:
        """Adopt our own Swarm where one of the managers has it, else initialise one. Raises SwarmError."""
        managers = _managers(inputs)
        found = [ident for manager in managers if (ident := _adoptable(manager, inputs["name"], call))]
        swarm_id = found[0] if found else _initialise(managers[0], inputs, call)
        return State(swarm_id, inputs | {"swarmId": swarm_id})

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:
        """Look for the Swarm; it is gone when every manager's engine answers and none is in it."""
        if not inputs.get("managers"):
            raise SwarmError(id_, "a Swarm can't be imported", f"declare it: one with the label {LABEL} is adopted")
        try:
            with control(call, _managers(inputs), id_, patience=BRIEF_SECONDS) as swarm:
                labels = swarm.client.inspect_swarm()["Spec"].get("Labels") or {}
            seen = {"name": labels.get(LABEL, "")}
            return State(id_, outputs | inputs | seen, inputs | seen)
        except NoManagerError as reason:
            if all(_outside_any(manager, call) for manager in _managers(inputs)):
                return State(None, {})
            call.narrator.warn(f"its last known state is kept: {reason.found}")
            return State(id_, outputs, inputs)

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:  # noqa: ARG002
        """Rename the Swarm: its label. Raises SwarmError."""
        with control(call, _managers(new), id_) as swarm:
            state = swarm.client.inspect_swarm()
            spec = state["Spec"] | {"Labels": {**(state["Spec"].get("Labels") or {}), LABEL: new["name"]}}
            swarm.client.update_swarm(version=state["Version"]["Index"], swarm_spec=spec)
        return new | {"swarmId": id_}

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:
        """Make each manager leave, as far as it answers: the machines themselves usually go next."""
        # Asked of all before the first one leaves: without a quorum they no longer know which Swarm they are in.
        for manager in [each for each in _managers(outputs) if _is_in(each, id_, call)]:
            try:
                with call.outside.docker(manager, GOODBYE_SECONDS) as client:
                    client.leave_swarm(force=True)
            except LongshoreError as reason:
                call.narrator.warn(f"{manager.where} has not left the Swarm: {reason.found}")


def _managers(bag: Bag) -> list[Connection]:
    return [connection_from(manager) for manager in bag["managers"]]


def _swarm(client: APIClient) -> dict[str, Any]:
    swarm: dict[str, Any] = client.info()["Swarm"]
    return swarm | {"Cluster": swarm.get("Cluster") or {}}


def _adoptable(manager: Connection, name: str, call: Call) -> str | None:
    """Return the id of our Swarm if `manager` is one of its managers. Raises SwarmError when it's in another."""
    with call.outside.docker(manager) as client:
        swarm = _swarm(client)
        if swarm["LocalNodeState"] == "inactive":
            return None
        label = client.inspect_swarm()["Spec"].get("Labels", {}).get(LABEL) if swarm["ControlAvailable"] else None
        if label == name:
            return str(swarm["Cluster"]["ID"])
        whose = f"of {label!r}" if label else "that is none of ours"
        raise SwarmError(
            manager.where,
            f"its engine is in a Swarm already, one {whose}",
            f"`docker swarm leave --force` there, or give that Swarm the label {LABEL}={name} to adopt it",
        )


def _initialise(manager: Connection, inputs: Bag, call: Call) -> str:
    call.narrator.status(f"initialising the Swarm on {manager.where}")
    with call.outside.docker(manager) as client:
        client.init_swarm(
            advertise_addr=manager.advertised,
            default_addr_pool=inputs.get("defaultAddrPool") or None,
            subnet_size=inputs.get("subnetSize"),
            data_path_port=inputs.get("dataPathPort"),
            swarm_spec=client.create_swarm_spec(labels={LABEL: inputs["name"]}),
        )
        return str(_swarm(client)["Cluster"]["ID"])


def _is_in(manager: Connection, swarm_id: str, call: Call) -> bool:
    try:
        with call.outside.docker(manager, GOODBYE_SECONDS) as client:
            return bool(_swarm(client)["Cluster"].get("ID") == swarm_id)
    except LongshoreError as reason:
        call.narrator.warn(f"{manager.where} can't be asked to leave the Swarm: {reason.found}")
        return False


def _outside_any(manager: Connection, call: Call) -> bool:
    try:
        with call.outside.docker(manager, GOODBYE_SECONDS) as client:
            return bool(_swarm(client)["LocalNodeState"] == "inactive")
    except LongshoreError:
        return False


def _pools(value: Any) -> list[CheckFailure]:
    if value is UNKNOWN:
        return []
    if not isinstance(value, list):
        return [CheckFailure("defaultAddrPool", "must be a list of networks such as 10.100.0.0/16")]
    known = enumerate(value)
    return [CheckFailure(f"defaultAddrPool[{i}]", reason) for i, each in known if (reason := _network(each))]


def _network(value: Any) -> str | None:
    try:
        if value is not UNKNOWN:
            ipaddress.ip_network(str(value))
    except ValueError:
        return f"{value!r} is no network such as 10.100.0.0/16"
    return None


def _thaw(old: Bag, new: Bag) -> list[CheckFailure]:
    known = [key for key in FROZEN if new.get(key) is not UNKNOWN]
    changed = [key for key in known if (old.get(key) or None) != (new.get(key) or None)]
    reason = "a Swarm can't change this once it's initialised: restore {!r}, or destroy the whole cluster first"
    return [CheckFailure(key, reason.format(old.get(key))) for key in changed]
