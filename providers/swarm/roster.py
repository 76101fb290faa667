"""The resource `swarm:index:Roster`: who the managers are, so that one place sees every change of them together."""

from __future__ import annotations

from typing import Any

from pulumi.provider.experimental.provider import CheckFailure, DiffResponse

from providers.swarm import checks
from providers.swarm.differences import differences, path, response
from providers.swarm.handler import Call, Checked, State
from providers.swarm.properties import UNKNOWN, Bag
from providers.swarm.quorum import turnover

JUDGES: dict[str, checks.Judge] = {"name": checks.hostname}


class RosterHandler:
    """Refuses, in a preview too, a change that takes too many managers away at once. It touches nothing."""

    def check(self, old: Bag, new: Bag) -> Checked:
        """Compare the managers with those of the last update, and say what is wrong."""
        failures = checks.examine(new, JUDGES, {"name", "managers"}) + _machines(new.get("managers", {}))
        if not failures and _known(old.get("managers")) and _known(new["managers"]):
            # Of no property: the engine would print the whole map before the reason.
            refusal = turnover(old["managers"], new["managers"])
            failures += [CheckFailure("", f"{refusal.found}\n  -> {refusal.fix}")] if refusal else []
        return Checked(new, failures)

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """Show each manager whose machine changes."""
        return response(differences(old, new, ("name", "managers")), {})

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:  # noqa: ARG002
        """Return the inputs: that is all there is."""
        return inputs

    def create(self, inputs: Bag, call: Call) -> State:  # noqa: ARG002
        """Write the managers down."""
        return State(inputs["name"], inputs)

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:  # noqa: ARG002
        """Return what was written down."""
        return State(id_, outputs, inputs)

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:  # noqa: ARG002
        """Write the managers down anew."""
        return new

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:
        """Forget them."""


def _known(managers: Any) -> bool:
    return isinstance(managers, dict) and UNKNOWN not in managers.values()


def _machines(value: Any) -> list[CheckFailure]:
    if value is UNKNOWN:
        return []
    if not isinstance(value, dict):
        return [CheckFailure("managers", "must be a map of names to what tells one machine from the next")]
    judged = [(key, checks.text(each)) for key, each in value.items() if each is not UNKNOWN]
    return [CheckFailure(path("managers", key), reason) for key, reason in judged if reason]
