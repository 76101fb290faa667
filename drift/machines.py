"""Machines, as vCenter has them now: moved, changed, gone, or closer together than a rule allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from drift.finding import Finding, Harm
from drift.refreshed import Refreshed

MACHINE = "vsphere:index/virtualMachine:VirtualMachine"
RULE = "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule"
NAMED = ("machine-moved", "storage-moved", "anti-affinity")
"""Findings that speak of hosts and datastores."""

Names = Mapping[str, str]
"""vCenter's names of hosts and datastores by their identifiers, as far as they are known."""


def machine_drift(machines: list[Refreshed], rules: list[Refreshed], names: Names) -> Iterator[Finding]:
    """Yield what differs of machines and their anti-affinity rules. A rule itself that differs is not told here."""
    for machine in machines:
        if machine.after is None:
            yield _gone(machine)
            continue
        yield from _moved(machine, names)
        yield from _changed(machine)
    for rule in rules:
        yield from _too_close(rule, machines, names)


def _gone(machine: Refreshed) -> Finding:
    return Finding(
        kind="machine-gone",
        harm=Harm.HARMFUL,
        subject=machine.known_as,
        what="the machine is no longer in vCenter",
        against="the machine in Pulumi's state",
        up="`longshore up --refresh` makes it anew, and the node joins again",
        fix="find out who removed it, then run `longshore up --refresh`",
    )


def _moved(machine: Refreshed, names: Names) -> Iterator[Finding]:
    places = {
        "machine-moved": ("hostSystemId", "host", "vMotion"),
        "storage-moved": ("datastoreId", "datastore", "Storage vMotion or Storage DRS"),
    }
    after = machine.after or {}
    for kind, (key, place, by) in places.items():
        old, new = str(machine.before.get(key) or ""), str(after.get(key) or "")
        if old and new and old != new:
            yield Finding(
                kind=kind,
                harm=Harm.HARMLESS,
                subject=machine.known_as,
                what=f"it is on {place} {names.get(new, new)}: {by} moved it",
                against=f"{place} {names.get(old, old)}, recorded by the last update or refresh",
                up="nothing: a machine may move",
                fix="nothing",
            )


def _changed(machine: Refreshed) -> Iterator[Finding]:
    after = machine.after or {}
    if machine.before.get("powerState") == "on" and after.get("powerState") == "off":
        yield Finding(
            kind="machine-off",
            harm=Harm.HARMFUL,
            subject=machine.known_as,
            what="the machine is powered off",
            against="powered on at the last update or refresh",
            up="`longshore up --refresh` powers it on",
            fix="find out why it was powered off, then power it on",
        )
    paths = [path for path in machine.paths if path.partition(".")[0].partition("[")[0] not in ("powerState",)]
    if paths:
        yield Finding(
            kind="machine-changed",
            harm=Harm.HARMFUL,
            subject=machine.known_as,
            what=f"changed in vCenter: {', '.join(f'{path}{_values(machine, path)}' for path in paths)}",
            against="what the last update declared",
            up="`longshore up --refresh` sets it back, with a restart where vSphere needs one",
            fix="keep the change by declaring it in the stack file, or run `longshore up --refresh`",
        )


def _values(machine: Refreshed, path: str) -> str:
    """Say how a plain number or switch changed; texts may hold anything and are not shown."""
    old, new = machine.before.get(path), (machine.after or {}).get(path)
    plain = all(isinstance(value, bool | int | float) for value in (old, new))
    return f" {old} -> {new}" if plain else ""


def _too_close(rule: Refreshed, machines: list[Refreshed], names: Names) -> Iterator[Finding]:
    members = set((rule.after or {}).get("virtualMachineIds") or ())
    hosts: dict[str, list[str]] = defaultdict(list)
    for machine in machines:
        if machine.after and machine.after.get("id") in members and machine.after.get("hostSystemId"):
            hosts[str(machine.after["hostSystemId"])].append(machine.known_as)
    for host, together in sorted(hosts.items()):
        if len(together) > 1:
            yield Finding(
                kind="anti-affinity",
                harm=Harm.HARMFUL,
                subject=rule.known_as,
                what=f"{', '.join(sorted(together))} are on one host, {names.get(host, host)}",
                against="the rule that keeps them apart",
                up="nothing: the rule is as declared, and only DRS or you move machines",
                fix="move all but one (DRS does in fully automated mode), so that one host can't take them all",
            )
