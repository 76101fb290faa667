"""Join tokens: the secrets with which a node joins, made anew."""

from __future__ import annotations

from providers.swarm.control import Control
from spec.errors import SwarmError

ROLES = ("worker", "manager")


def rotate_tokens(swarm: Control) -> None:
    """Make both join tokens anew. Raises SwarmError when the Swarm kept one."""
    before = [swarm.token(role) for role in ROLES]
    state = swarm.client.inspect_swarm()
    swarm.client.update_swarm(
        version=state["Version"]["Index"],
        swarm_spec=state["Spec"],
        rotate_worker_token=True,
        rotate_manager_token=True,
    )
    kept = [role for role, token in zip(ROLES, before, strict=True) if swarm.token(role) == token]
    if kept:
        raise SwarmError("swarm", f"the token of a {' and a '.join(kept)} is still the old one", "run it again")
