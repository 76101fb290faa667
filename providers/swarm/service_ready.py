"""The resource `swarm:index:ServiceReady`: a service whose rollout has been waited for, whatever its mode."""

from __future__ import annotations

from typing import Any

from pulumi.provider.experimental.provider import DiffResponse

from providers.swarm import checks
from providers.swarm.connection import connection_from
from providers.swarm.control import BRIEF_SECONDS, Control, NoManagerError, control
from providers.swarm.differences import differences, response
from providers.swarm.handler import Call, Checked, PartialError, State
from providers.swarm.properties import UNKNOWN, Bag
from providers.swarm.pulling import missing_images, reason
from providers.swarm.rollout import Rollout, judge, last_words, troubles, version
from spec.errors import SwarmError

DEFAULTS: Bag = {"timeoutSeconds": 180, "monitorSeconds": 5}
JUDGES: dict[str, checks.Judge] = {
    "name": checks.text,
    "serviceId": checks.text,
    "revision": checks.text,
    "clusterId": checks.text,
    "timeoutSeconds": checks.whole(1, 86_400),
    "monitorSeconds": checks.whole(0, 3600),
}
REQUIRED = {"name", "serviceId", "revision", "managers", "clusterId"}
LOG_LINES = 10
CREATED = "It stays in the Swarm, and Pulumi knows it: mend the stack file and run `up` again"
UPDATED = "Mend the stack file and run `up` again; `up --refresh` tries this version once more"


class ServiceReadyHandler:
    """Waits; what it waits for belongs to the Docker provider."""

    def check(self, old: Bag, new: Bag) -> Checked:  # noqa: ARG002
        """Fill in defaults and say what is wrong, property by property."""
        inputs = DEFAULTS | new
        failures = checks.resource(inputs, JUDGES, REQUIRED)
        return Checked(inputs, failures)

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """Another revision is waited for anew; another service is another wait."""
        return response(differences(old, new, ("revision",)), differences(old, new, ("serviceId", "clusterId")))

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:  # noqa: ARG002
        """Return the outputs as far as a preview can know them."""
        return inputs | {"good": UNKNOWN}

    def create(self, inputs: Bag, call: Call) -> State:
        """Wait until all tasks have run for a while. Raises SwarmError with the tasks' own errors and last lines."""
        return State(inputs["serviceId"], _awaited(inputs, {}, CREATED, call))

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:
        """Return what is recorded while the service is there: how it runs now is not a property of the stack."""
        if not inputs.get("managers"):
            raise SwarmError(id_, "a rollout can't be imported", "declare it: it is only waited for")
        try:
            with control(call, _managers(inputs), outputs["clusterId"], patience=BRIEF_SECONDS) as swarm:
                there = swarm.service(id_) is not None
        except NoManagerError as reason:
            call.narrator.warn(f"its last known state is kept: {reason.found}")
            there = True
        return State(id_, outputs, inputs) if there else State(None, {})

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:  # noqa: ARG002
        """Wait until the Swarm has finished the update. Raises SwarmError, saying what the Swarm did."""
        return _awaited(new, old.get("good", {}), UPDATED, call)

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:
        """Nothing to do: the service itself is the Docker provider's."""


def _managers(bag: Bag) -> list[Any]:
    return [connection_from(manager) for manager in bag["managers"]]


def _awaited(inputs: Bag, good: dict[str, str], fix: str, call: Call) -> Bag:
    """Wait, and return the outputs. `good`: the last revision that ran well, and the version of its tasks.

    Raises PartialError, with what was good before still in the outputs.
    """
    with control(call, _managers(inputs), inputs["clusterId"]) as swarm:
        watch = _Watch(inputs, good, swarm, call)
        ended = call.clock.until(inputs["timeoutSeconds"], watch.look)
        if ended is None:
            ended = Rollout("failed", f"did not converge: {watch.last.text} after {inputs['timeoutSeconds']} seconds")
        if ended.state == "failed":
            found = "\n".join([ended.text, *_evidence(inputs, swarm)])
            state = State(inputs["serviceId"], inputs | {"good": good})
            raise PartialError(SwarmError(f"service {inputs['name']}", found, fix), state)
    return inputs | {"good": {"revision": inputs["revision"], "version": watch.version}}


class _Watch:
    """Looks again and again, and remembers since when all is well."""

    def __init__(self, inputs: Bag, good: dict[str, str], swarm: Control, call: Call) -> None:
        self._inputs = inputs
        self._wanted = good.get("version") if good.get("revision") == inputs["revision"] else None
        self._swarm = swarm
        self._call = call
        self._good: tuple[float, frozenset[str]] | None = None
        self.last = Rollout("waiting", "not looked at yet")
        self.version = ""

    def look(self) -> Rollout | None:
        """Return how it ended, or None while it goes on."""
        service = self._swarm.service(self._inputs["serviceId"])
        if service is None:
            return Rollout("failed", "somebody removed it meanwhile")
        tasks = self._swarm.tasks(self._inputs["serviceId"])
        self.version = version(service["Spec"]["TaskTemplate"])
        self.last = judge(service, tasks, self._wanted)
        self._call.narrator.status(self.last.text)
        if self.last.state == "good":
            return self._lasting(frozenset(task["ID"] for task in tasks if task["Status"]["State"] == "running"))
        self._good = None
        return self.last if self.last.state in ("done", "failed") else None

    def _lasting(self, running: frozenset[str]) -> Rollout | None:
        now = self._call.clock.now()
        if self._good is None or self._good[1] != running:
            self._good = (now, running)
        return self.last if now - self._good[0] >= self._inputs["monitorSeconds"] else None


def _evidence(inputs: Bag, swarm: Control) -> list[str]:
    """Return the failed tasks' errors, each with its last log lines."""
    names = {member.id: member.hostname for member in swarm.members()}
    found = troubles(swarm.tasks(inputs["serviceId"]), inputs["name"], names)
    log = swarm.log(inputs["serviceId"], LOG_LINES) if found else []
    lines = []
    for trouble in found:
        lines.append(f"  {trouble.name}: {trouble.error}")
        lines += [f"    | {line}" for line in last_words(log, trouble.id, LOG_LINES)]
    for image in missing_images(trouble.error for trouble in found):
        lines.append(f"  {reason(image, swarm.pull_error(image), swarm.manager.name)}")
    return lines
