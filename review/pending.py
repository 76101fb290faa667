"""Splits what an update would do: by this change, or pending on the base already."""

from __future__ import annotations

from review.model import ChangeModel


def pending(head: ChangeModel, base: ChangeModel) -> frozenset[str]:
    """Return the URNs of what an update of the base would do just as well: this change has no part in it."""
    if base.run.failed:
        return frozenset()
    waiting = {(resource.urn, resource.fingerprint()) for resource in base.changed}
    return frozenset(resource.urn for resource in head.changed if (resource.urn, resource.fingerprint()) in waiting)
