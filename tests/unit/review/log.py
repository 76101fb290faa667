"""Event logs for tests, in the engine's own shape, from a few words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
COMPUTED = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
VM = "vsphere:index/virtualMachine:VirtualMachine"
CLUSTER = "urn:pulumi:prod::shop::longshore:index:DockerCluster::shop"
REPLACEMENT = {
    "delete-first": ("delete-replaced", "replace", "create-replacement"),
    "create-first": ("create-replacement", "replace", "delete-replaced"),
}


def urn(kind: str, name: str, stack: str = "prod") -> str:
    parent = "longshore:index:DockerCluster$" if not kind.startswith(("pulumi:", "longshore:")) else ""
    return f"urn:pulumi:{stack}::shop::{parent}{kind}::{name}"


def state(kind: str, name: str, inputs: dict[str, Any] | None, **more: Any) -> dict[str, Any] | None:
    if inputs is None:
        return None
    fields = {"type": kind, "urn": urn(kind, name), "custom": True, "id": f"id-{name}"}
    fields["parent"] = "" if kind.startswith(("longshore:", "pulumi:")) else CLUSTER
    return {**fields, "inputs": inputs, "outputs": inputs, "provider": "", **more}


def steps(
    op: str,
    kind: str,
    name: str,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    *,
    order: str = "delete-first",
    was: dict[str, Any] | None = None,
    will: dict[str, Any] | None = None,
    **more: Any,
) -> list[dict[str, Any]]:
    """The pre-events of one operation. `was`, `will`: fields of the old and the new state, such as `protect`."""
    if op == "same":
        new = old if new is None else new
    before = state(kind, name, old, **(was or {}))
    after = state(kind, name, new, **(will or {}))
    if op == "delete" or op == "create":
        before, after = (before or state(kind, name, {}), None) if op == "delete" else (None, after)
    fields = {"urn": urn(kind, name), "type": kind, "old": before, "new": after, "detailedDiff": None, **more}
    if op != "replace":
        return [{"op": op, "logical": True, **fields}]
    return [{"op": each, "logical": each == "replace", **fields} for each in REPLACEMENT[order]]


def lines(*groups: Iterable[dict[str, Any]], extra: Iterable[dict[str, Any]] = (), ended: bool = True) -> list[str]:
    """Whole lines: the steps, then `extra` events, then the summary."""
    events: list[dict[str, Any]] = [{"preludeEvent": {"config": {}}}]
    events += [{"resourcePreEvent": {"metadata": step, "planning": True}} for group in groups for step in group]
    events += list(extra)
    if ended:
        summary = {"maybeCorrupt": False, "durationSeconds": 3, "resourceChanges": {}, "PolicyPacks": {}}
        events.append({"summaryEvent": {**summary, "isPreview": True, "result": "succeeded"}})
        events.append({"cancelEvent": {}})
    return [json.dumps({"sequence": n, "timestamp": 1, **event}) for n, event in enumerate(events)]
