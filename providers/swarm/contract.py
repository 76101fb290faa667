"""The resource `swarm:index:Contract`: a platform's promise, held against what its engines say of themselves."""

from __future__ import annotations

from typing import Any

from docker.api import APIClient
from pulumi.provider.experimental.provider import CheckFailure, DiffResponse

from providers.swarm import checks
from providers.swarm.connection import Connection, connection_from
from providers.swarm.control import BRIEF_SECONDS, NoManagerError, control
from providers.swarm.differences import differences, response
from providers.swarm.handler import Call, Checked, State
from providers.swarm.properties import UNKNOWN, Bag
from spec.errors import SwarmError

PROMISED = {"storageDriver": "Driver", "cgroupVersion": "CgroupVersion", "logDriver": "LoggingDriver"}
"""Facts that an engine must keep as they are, and their names in its /info."""
AT_LEAST = ("engineVersion", "apiVersion")
"""Facts of which a higher one keeps the promise, too."""
FACTS = (*AT_LEAST, *PROMISED)
JUDGES: dict[str, checks.Judge] = dict.fromkeys(("cluster", "swarmId", "contentHash", *FACTS), checks.text)


class ContractHandler:
    """Asks one manager's engine; changes nothing."""

    def check(self, old: Bag, new: Bag) -> Checked:
        """Say what is wrong; a contract about another Swarm is no change of this one."""
        failures = checks.resource(new, JUDGES, {*JUDGES, "managers"})
        before, after = old.get("swarmId"), new.get("swarmId")
        if before and before != after and UNKNOWN not in (before, after):
            failures.append(CheckFailure("swarmId", _other_swarm(before, after)))
        return Checked(new, failures)

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """A changed promise, or facts that were seen to differ from it, are checked again in place."""
        return response(differences(old, new, ("cluster", "contentHash", *FACTS)), {})

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:  # noqa: ARG002
        """Return the outputs: the promise itself."""
        return inputs

    def create(self, inputs: Bag, call: Call) -> State:
        """Hold the promise against the engine. Raises SwarmError when it isn't kept."""
        _verify(inputs, call)
        return State(inputs["swarmId"], inputs)

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:
        """Return what the engine says now, so that a refresh shows what isn't kept any more."""
        try:
            with control(call, _managers(inputs), id_, patience=BRIEF_SECONDS) as swarm:
                seen = _seen(swarm.client)
        except NoManagerError as reason:
            call.narrator.warn(f"its last known state is kept: {reason.found}")
            return State(id_, outputs, inputs)
        kept = {key: inputs[key] for key in FACTS if _kept(key, seen[key], inputs[key])}
        return State(id_, outputs | seen | kept, inputs)

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:  # noqa: ARG002
        """Hold the new promise against the engine. Raises SwarmError when it isn't kept."""
        _verify(new, call)
        return new

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:
        """Forget it: the Swarm belongs to the platform."""


def _managers(bag: Bag) -> list[Connection]:
    return [connection_from(manager) for manager in bag["managers"]]


def _verify(inputs: Bag, call: Call) -> None:
    with control(call, _managers(inputs), inputs["swarmId"]) as swarm:
        seen, where = _seen(swarm.client), swarm.manager.where
    broken = [f"{key} is {seen[key]}, not {inputs[key]}" for key in FACTS if not _kept(key, seen[key], inputs[key])]
    if broken:
        raise SwarmError(
            f"contract of {inputs['cluster']}",
            f"the engine on {where} doesn't keep it: {'; '.join(broken)}",
            "run `longshore up --refresh` on the platform's stack, then on this one again",
        )


def _seen(client: APIClient) -> Bag:
    info: dict[str, Any] = client.info()
    version: dict[str, Any] = client.version()
    facts = {key: str(info.get(name, "")) for key, name in PROMISED.items()}
    return facts | {"engineVersion": str(info["ServerVersion"]), "apiVersion": str(version["ApiVersion"])}


def _kept(key: str, seen: str, promised: str) -> bool:
    return seen == promised if key in PROMISED else _numbers(seen) >= _numbers(promised)


def _numbers(version: str) -> list[int]:
    """Return the numbers of a version such as `20.10.24+dfsg1`."""
    parts = version.replace("+", ".").replace("-", ".").split(".")
    return [int(part) for part in parts[:3] if part.isdigit()]


def _other_swarm(old: Any, new: Any) -> str:
    return (
        f"the platform has another Swarm now ({old} -> {new}); what this stack made was in the old one. "
        "Destroy this stack before its platform; if the old Swarm is gone already: "
        "`longshore pulumi stack rm --force --preserve-config`, `longshore pulumi stack init`, then `longshore up`"
    )
