"""The resource `swarm:index:GeneratedSecret`: a random text, made once and kept, encrypted, in the state."""

from __future__ import annotations

import secrets

from pulumi.provider.experimental.provider import DiffResponse

from providers.swarm import checks
from providers.swarm.differences import differences, response
from providers.swarm.handler import Call, Checked, State
from providers.swarm.properties import UNKNOWN, Bag

JUDGES: dict[str, checks.Judge] = {
    "name": checks.hostname,
    "length": checks.whole(1, 4096),
    "alphabet": checks.text,
    "rotation": checks.text,
}
MAKING = ("length", "alphabet", "rotation")
"""What makes another text of it."""


class GeneratedSecretHandler:
    """Draws characters from the operating system's source of randomness. It contacts nothing."""

    def check(self, old: Bag, new: Bag) -> Checked:  # noqa: ARG002
        """Say what is wrong, property by property."""
        return Checked(new, checks.examine(new, JUDGES, set(JUDGES)))

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """Another length, alphabet or rotation draws another text."""
        return response(differences(old, new, MAKING), {})

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:
        """Return the outputs: the text is known only while it stays."""
        stays = old is not None and not differences(old, inputs, MAKING)
        return inputs | {"value": old["value"] if old and stays else UNKNOWN}

    def create(self, inputs: Bag, call: Call) -> State:  # noqa: ARG002
        """Draw a text."""
        return State(inputs["name"], inputs | {"value": drawn(inputs)})

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:  # noqa: ARG002
        """Return what is recorded: it is nowhere else."""
        return State(id_, outputs, inputs)

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:  # noqa: ARG002
        """Draw another text."""
        return new | {"value": drawn(new) if differences(old, new, MAKING) else old["value"]}

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:
        """Forget it."""


def drawn(inputs: Bag) -> str:
    """Return `length` characters of `alphabet`, each as likely as any other."""
    return "".join(secrets.choice(inputs["alphabet"]) for _ in range(inputs["length"]))
