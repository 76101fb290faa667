"""What a stack's state says: a fingerprint of what is deployed, and the generation of each machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.model import digest

Deployment = Mapping[str, Any]

SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105
"""The key that marks special values in a state (pulumi/pulumi sdk/go/common/resource/sig): secrets among them."""
ENGINE = "swarm:index:Engine"
VOLATILE = ("created", "modified", "sourcePosition", "stackTrace")
"""What an update touches in a resource's record without changing the resource."""


def fingerprint(deployment: Deployment) -> str:
    """Return the hash of everything a state holds but times and ciphertexts; the same for one before its first update.

    A secret counts as being there: its ciphertext may be another after each write. Another *content* of a secret is
    another secret of the Swarm, whose name is in the state.
    """
    resources = [_lasting(each) for each in deployment.get("resources") or []]
    pending = [str(each.get("type")) for each in deployment.get("pending_operations") or []]
    return digest([sorted(resources, key=digest), sorted(pending)])


def generations(deployment: Deployment) -> dict[str, int]:
    """Return the generation of each node's machine, by the node's name. A machine without one has no entry."""
    found = {}
    for each in deployment.get("resources") or []:
        _, _, generation = str((each.get("inputs") or {}).get("machine", "")).rpartition("@")
        if each["type"] == ENGINE and generation.isdigit():
            found[each["urn"].rpartition("::")[2]] = int(generation)
    return found


def _lasting(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _without_secrets(value) for key, value in resource.items() if key not in VOLATILE}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        if SECRET in value:
            return SECRET
        return {key: _without_secrets(each) for key, each in value.items()}
    return [_without_secrets(each) for each in value] if isinstance(value, list) else value
