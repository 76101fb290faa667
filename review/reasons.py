"""Why a resource is replaced, in words."""

from __future__ import annotations

from review.model import Action, Resource

SYNTHETIC = {
    "provider": "its provider's configuration changes",
    "id": "it gets another identity",
    "replaceWith": "it is tied to something that is replaced",
    "deletedWith": "what it lives in is destroyed",
    "replacementTrigger": "its replacement was asked for (such as a raised generation)",
    "__initErrors": "it was never finished",
}
"""Reasons that are no property (pulumi/pulumi, pkg/resource/deploy/step_generator.go)."""


def because(resource: Resource) -> str:
    """Return the reasons for a replacement or a deletion as one clause."""
    if resource.action is Action.DELETE:
        return "it is no longer declared"
    forcing = [f"`{change.path}` changes" for change in resource.changes if change.replaces]
    named = [SYNTHETIC.get(reason, f"`{reason}` changes") for reason in resource.reasons]
    return ", ".join(dict.fromkeys(forcing or named)) or "the engine does not say why"


def past(resource: Resource) -> str:
    """Return what becomes of it: "replaced (deleted first)", "deleted"."""
    if resource.action is not Action.REPLACE:
        return {Action.DELETE: "deleted", Action.CREATE: "created", Action.UPDATE: "updated"}.get(
            resource.action, str(resource.action)
        )
    orders = {"delete-first": "replaced (deleted first)", "create-first": "replaced (created first)"}
    return orders.get(resource.order, "replaced")
