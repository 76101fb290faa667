"""The marks Pulumi puts on values in its JSON, and the marks that stand for them in a report.

Source of the signatures: pulumi/pulumi, sdk/go/common/resource/sig/sig.go; of the sentinel:
pkg/resource/stack/deployment.go, computedValuePlaceholder.
"""

from __future__ import annotations

import marshal
from typing import Any

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  a type's mark, not a secret
REFERENCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
COMPUTED_SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
FILTERED = "[secret]"
"""What Pulumi's string filter leaves in place of a config secret inside a plain string."""

SEALED = "«secret»"
"""A value that Pulumi knows to be secret."""
HIDDEN = "«hidden»"
"""A plain value that this review does not show."""
COMPUTED = "«computed»"
"""A value known only after the update."""


def holds(value: Any, text: str) -> bool:
    """Say whether a text is in a value or anywhere below it. Done in C: a model has many values, and few hold it."""
    return text.encode() in marshal.dumps(value)


def unmark(marked: dict[str, Any]) -> Any:
    """Return what a signed object stands for: SEALED, COMPUTED, or the plain value inside."""
    signature = marked[SIGNATURE]
    if signature == SECRET_SIGNATURE:
        return SEALED
    if signature == REFERENCE_SIGNATURE:
        return marked.get("id") or marked.get("urn", "")
    if signature == OUTPUT_SIGNATURE:
        return SEALED if marked.get("secret") else marked.get("value", COMPUTED)
    return _asset(marked)


def _asset(marked: dict[str, Any]) -> str:
    """Name an asset or archive by its hash alone: its text may be anything."""
    digest = str(marked.get("hash", ""))[:12]
    return f"«asset {digest}»" if digest else "«asset»"
