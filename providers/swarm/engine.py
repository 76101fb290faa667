"""The resource `swarm:index:Engine`: a gate that opens once a machine's Docker Engine answers as it should."""

from __future__ import annotations

from typing import Any

from pulumi.provider.experimental.provider import DiffResponse, PropertyDiffKind

from providers.swarm import checks
from providers.swarm.connection import Connection, connection_from, ssh_options
from providers.swarm.differences import differences, response
from providers.swarm.handler import Call, Checked, State
from providers.swarm.properties import UNKNOWN, Bag
from providers.swarm.readiness import Gate, Ready, ask
from providers.swarm.ssh import StrangerError
from spec.errors import EngineError, LongshoreError

DEFAULTS: Bag = {"port": 22, "user": "root", "timeoutSeconds": 600}
JUDGES: dict[str, checks.Judge] = {
    "name": checks.hostname,
    "host": checks.hostname,
    "port": checks.PORT,
    "user": checks.user,
    "keyFile": checks.text,
    "address": checks.address,
    "timeoutSeconds": checks.whole(1, 24 * 3600),
    "trigger": checks.text,
    "machine": checks.text,
}
FACTS = {
    "apiVersion": ("version", "ApiVersion"),
    "engineVersion": ("info", "ServerVersion"),
    "operatingSystem": ("info", "OperatingSystem"),
    "kernelVersion": ("info", "KernelVersion"),
    "storageDriver": ("info", "Driver"),
    "cgroupVersion": ("info", "CgroupVersion"),
    "hostname": ("info", "Name"),
}
PINNED = ("hostKey", "dockerHost", "sshOpts")
# A manager without a leader takes 20 s to say so, and is an engine that answers all the same.
REFRESH_SECONDS = 25


class EngineHandler:
    """Waits, pins the host key, and gives out the endpoint."""

    def check(self, old: Bag, new: Bag) -> Checked:  # noqa: ARG002
        """Fill in defaults and say what is wrong, property by property."""
        inputs = DEFAULTS | new
        return Checked(inputs, checks.examine(inputs, JUDGES, {"name", "host"}))

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """Another machine is another engine; anything else is waited for again with the key that is pinned."""
        updates = differences(old, new, ("name", "port", "user", "keyFile", "address", "trigger"))
        if not old.get("ready", True):
            updates["ready"] = PropertyDiffKind.UPDATE
        replaces = differences(old, new, ("host", "machine"))
        if new.get("host") is UNKNOWN and new.get("machine") == old.get("machine") is not None:
            # A machine that is only changed keeps its address; the preview just can't say so.
            updates["host"] = replaces.pop("host")
        return response(updates, replaces)

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:
        """Return the outputs as far as a preview can know them."""
        unknown = dict.fromkeys((*FACTS, *PINNED), UNKNOWN)
        if old is None or UNKNOWN in [inputs.get(key) for key in ("host", "port", "user", "keyFile")]:
            return inputs | unknown | {"ready": True}
        return inputs | unknown | endpoint(connection_from(inputs | {"hostKey": old["hostKey"]})) | {"ready": True}

    def create(self, inputs: Bag, call: Call) -> State:
        """Wait until ready. Raises EngineError."""
        return State(inputs["name"], self._wait(inputs, "", call))

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:
        """Ask again, briefly; an engine that is away is no longer ready, which the next update waits for."""
        if "host" not in outputs:
            raise EngineError(
                id_, "an engine can't be imported", "declare it: it is waited for, and changed by nothing"
            )
        try:
            ready = ask(call, connection_from(outputs), REFRESH_SECONDS)
        except StrangerError:
            raise
        except LongshoreError as reason:
            call.narrator.warn(f"not ready, its last known state is kept: {reason.found}")
            return State(id_, outputs | {"ready": False}, inputs)
        return State(id_, outputs | described(ready), inputs)

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:  # noqa: ARG002
        """Wait again, for the same host key as ever. Raises EngineError."""
        return self._wait(new, old["hostKey"], call)

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:
        """Forget it: the machine itself belongs to somebody else."""

    def _wait(self, inputs: Bag, host_key: str, call: Call) -> Bag:
        connection = connection_from(inputs | {"hostKey": host_key})
        return inputs | described(Gate(call, connection, inputs["timeoutSeconds"]).pass_through())


def endpoint(connection: Connection) -> Bag:
    """Return what a Docker client needs to reach this engine and no other."""
    return {
        "hostKey": connection.host_key,
        "dockerHost": connection.docker_host,
        "sshOpts": ssh_options(connection),
    }


def described(ready: Ready) -> Bag:
    """Return the outputs of a machine that is ready."""
    sources: dict[str, dict[str, Any]] = {"info": ready.info, "version": ready.version}
    facts = {key: str(sources[source].get(name, "")) for key, (source, name) in FACTS.items()}
    return facts | endpoint(ready.connection) | {"ready": True}
