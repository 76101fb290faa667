"""Changes as a reader looks for them: by what happens, then by component, equal siblings on one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from review.model import Action, Change, Resource
from review.reasons import because
from review.reboot import reboots
from review.report.content import StackReview
from review.report.show import show

TITLES = {
    "delete": "Delete",
    "replace": "Replace",
    "reboot": "Reboot",
    "update": "Update",
    "create": "Create",
    "import": "Import",
    "secret": "Secrets and options only",
}
"""Groups in the order of a report: what hurts most comes first."""


DEEPEST = 8
"""Components within components that are named; also what ends a damaged log's circle."""


class Row(NamedTuple):
    """Resources to which the same happens."""

    group: str
    resources: tuple[Resource, ...]
    component: str
    note: str

    @property
    def names(self) -> str:
        """Names with what they share said once: `shop-workers-{1,2,3}`."""
        return fold([resource.name for resource in self.resources])

    @property
    def kind(self) -> str:
        """The type as people say it: `vsphere VirtualMachine`."""
        kind = self.resources[0].type
        return f"{kind.partition(':')[0]} {kind.rpartition(':')[2]}"


def rows(stack: StackReview, known: frozenset[str] = frozenset()) -> list[Row]:
    """Return what happens in a stack. `known`: changes already told of another stack, left out here."""
    folded: dict[tuple[str, ...], list[Resource]] = defaultdict(list)
    for resource in stack.model.changed:
        if likeness(resource) not in known:
            folded[_key(resource)].append(resource)
    found = [
        Row(group(each[0]), tuple(each), component(each[0], stack.model.by_urn), _note(each[0]))
        for each in folded.values()
    ]
    order = list(TITLES)
    return sorted(found, key=lambda row: (order.index(row.group), row.component, row.resources[0].name))


def group(resource: Resource) -> str:
    """Return the group of a changed resource."""
    if resource.action is not Action.UPDATE:
        return str(resource.action)
    if reboots(resource):
        return "reboot"
    if not resource.changes and resource.options_before == resource.options_after:
        return "update"
    return "secret" if all(change.concealed for change in resource.changes) else "update"


def component(resource: Resource, by_urn: dict[str, Resource]) -> str:
    """Return the components a resource is in, outermost first."""
    names: list[str] = []
    parent = by_urn.get(resource.parent)
    while parent is not None and parent.type != "pulumi:pulumi:Stack" and len(names) < DEEPEST:
        names.append(parent.name)
        parent = by_urn.get(parent.parent)
    return "/".join(reversed(names))


def likeness(resource: Resource) -> str:
    """Return what makes the same change in two stacks equal."""
    kind = (resource.type, resource.name, resource.action, resource.order)
    return repr((kind, [(each.path, each.kind, each.before, each.after) for each in resource.changes]))


def fold(names: Iterable[str]) -> str:
    """Write names that share their beginning or end as one: `mgr-1`, `mgr-2` -> `mgr-{1,2}`."""
    every = sorted(set(names), key=lambda name: (len(name), name))
    if len(every) == 1:
        return every[0]
    head = _shared(every)
    head = head[: _end(head)]
    tail = _shared([name[len(head) :][::-1] for name in every])
    tail = tail[: _end(tail)][::-1]
    middles = [name[len(head) : len(name) - len(tail)] for name in every]
    shown = middles[:12] + ([f"… {len(middles) - 12} more"] if len(middles) > 12 else [])
    return f"{head}{{{','.join(shown)}}}{tail}"


def _shared(texts: list[str]) -> str:
    """Return the beginning that all texts share."""
    first, last = min(texts), max(texts)
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))


def _end(shared: str) -> int:
    """Return where the last whole word ends: `web` and `worker` share a letter, and nothing that means anything."""
    return max(shared.rfind(separator) for separator in "-_./") + 1


def _key(resource: Resource) -> tuple[str, ...]:
    """Return what siblings on one line share. Their own names, addresses and identifiers may differ."""
    own = resource.name
    changes = [
        (change.path, change.kind, *(str(side).replace(own, "*") for side in (change.before, change.after)))
        for change in resource.changes
    ]
    return (group(resource), resource.type, resource.parent, resource.order, *resource.reasons, repr(changes))


def _note(resource: Resource) -> str:
    """Return the one thing to know about a row."""
    if resource.action is Action.REPLACE:
        order = {"delete-first": "deleted first, then created", "create-first": "created first, then deleted"}
        parts = [order.get(resource.order, ""), f"because {because(resource)}"]
        return "; ".join(part for part in parts if part)
    if resource.action is Action.UPDATE:
        if not resource.changes and group(resource) == "update":
            return "what changes is not known before the update"
        return "; ".join(reboots(resource)) or _summary(resource.changes)
    return ""


def _summary(changes: tuple[Change, ...]) -> str:
    """Name up to three changes, short ones with their values."""
    shown = ", ".join(_brief(change) for change in changes[:3])
    return f"{shown} and {len(changes) - 3} more" if len(changes) > 3 else shown


def _brief(change: Change) -> str:
    before, after = (show(change.path, side) for side in (change.before, change.after))
    if change.concealed or len(before) + len(after) > 60 or "⏎" in before + after:
        return f"`{change.path}`"
    return f"`{change.path}` {before} → {after}"


def components(found: Iterable[Row]) -> Iterator[tuple[str, int]]:
    """Yield how many resources change in each component: what is left when there is no room for more."""
    counts: dict[str, int] = defaultdict(int)
    for row in found:
        counts[row.component or "(top level)"] += len(row.resources)
    yield from sorted(counts.items())
