"""Questions that rules ask of a change model: what is there, what becomes of it, what depends on what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

from review.model import Action, Change, ChangeModel, Resource
from review.paths import lookup, shape
from review.reboot import reboots
from review.risk import Surroundings

VM = "vsphere:index/virtualMachine:VirtualMachine"
SERVICE = "docker:index/service:Service"
CONTAINER = "docker:index/container:Container"
MEMBER = "swarm:index:Node"


class Node(NamedTuple):
    """A member of the Swarm, and the machine below it when this stack has it."""

    name: str
    was: str
    will: str
    labels: dict[str, Any]
    member: Resource
    machine: Resource | None

    @property
    def is_lost(self) -> bool:
        """Say whether the Swarm loses this member, if only until its successor joins."""
        return self.member.goes or bool(self.machine and self.machine.goes)

    @property
    def is_away(self) -> bool:
        """Say whether it is lost or away for the time of a reboot."""
        return self.is_lost or bool(self.machine and reboots(self.machine))


class View:
    """A model, indexed."""

    def __init__(self, model: ChangeModel, surroundings: Surroundings) -> None:
        self.model = model
        self.surroundings = surroundings

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Every resource, changed or not."""
        return self.model.resources

    @cached_property
    def _by_type(self) -> dict[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.model.resources:
            if not resource.pending_delete:
                found.setdefault(resource.type, []).append(resource)
        return {kind: tuple(each) for kind, each in found.items()}

    def of(self, *kinds: str) -> tuple[Resource, ...]:
        """Return the resources of some types."""
        return tuple(resource for kind in kinds for resource in self._by_type.get(kind, ()))

    def going(self, *kinds: str) -> tuple[Resource, ...]:
        """Return the resources of some types that are destroyed, for good or to be made anew."""
        return tuple(resource for resource in self.of(*kinds) if resource.goes and not resource.external)

    def updated(self, *kinds: str) -> tuple[Resource, ...]:
        """Return the resources of some types that are changed in place."""
        return tuple(resource for resource in self.of(*kinds) if resource.action is Action.UPDATE)

    def coming(self, *kinds: str) -> tuple[Resource, ...]:
        """Return the changed resources of some types that exist afterwards."""
        return tuple(resource for resource in self.of(*kinds) if resource.is_changed and resource.after is not None)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The members of the Swarm, before or after."""
        machines = {str(lookup(inputs(vm), "name") or vm.name): vm for vm in self.of(VM)}
        return tuple(self._node(member, machines) for member in self.of(MEMBER))

    @staticmethod
    def _node(member: Resource, machines: dict[str, Resource]) -> Node:
        after = member.after or {}
        before = after if member.action is Action.SAME else member.before or {}
        name = str(after.get("name") or before.get("name") or member.name)
        was, will = str(before.get("role", "")), str(after.get("role", ""))
        labels = after.get("labels") or before.get("labels") or {}
        return Node(name, was, will, labels if isinstance(labels, dict) else {}, member, machines.get(name))

    @cached_property
    def managers(self) -> tuple[Node, ...]:
        """The managers there are now."""
        return tuple(node for node in self.nodes if node.was == "manager")

    def in_turn(self, resources: Iterable[Resource]) -> bool:
        """Say whether these can only change one after the other: each pair is ordered by a dependency."""
        if self.model.run.sequential:
            return True
        return all(self._needs(one, two) or self._needs(two, one) for one, two in combinations(resources, 2))

    def _needs(self, one: Resource, two: Resource) -> bool:
        seen, ahead = {one.urn}, list(one.dependencies)
        while ahead:
            urn = ahead.pop()
            if urn == two.urn:
                return True
            if urn not in seen:
                seen.add(urn)
                known = self.model.by_urn.get(urn)
                ahead += known.dependencies if known else ()
        return False

    @cached_property
    def _ids(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.model.resources:
            for value in {resource.id, *(fact for fact in resource.facts.values() if isinstance(fact, str))}:
                if len(value) > 3 and "«" not in value:
                    found.setdefault(value, []).append(resource)
        return found

    def uses(self, resource: Resource) -> Iterator[Resource]:
        """Yield what a resource depends on: by the state's list, or because it names the other's identifier."""
        for urn in resource.dependencies:
            if urn in self.model.by_urn:
                yield self.model.by_urn[urn]
        for value in texts(resource.before or resource.after or {}):
            yield from (other for other in self._ids.get(value, ()) if other.urn != resource.urn)

    @cached_property
    def dependents(self) -> dict[str, set[str]]:
        """URNs of what depends on each resource, itself by URN."""
        found: dict[str, set[str]] = {}
        for resource in self.model.resources:
            for other in self.uses(resource):
                found.setdefault(other.urn, set()).add(resource.urn)
        return found


def inputs(resource: Resource) -> dict[str, Any]:
    """Return the inputs as they are now, or as they will be when there are none yet."""
    if resource.action is Action.SAME:
        return resource.after or {}
    return resource.before if resource.before is not None else resource.after or {}


def listed(value: Any, path: str) -> list[Any]:
    """Return the list at a path; an empty one where there is something else, such as a value that is hidden."""
    found = lookup(value, path)
    return found if isinstance(found, list) else []


def changed(resource: Resource, *shapes: str) -> tuple[Change, ...]:
    """Return the changes at or below paths of these shapes, such as `disks[].size`."""
    below = tuple(f"{each}{mark}" for each in shapes for mark in ".[")
    shaped = ((change, shape(change.path)) for change in resource.changes)
    return tuple(change for change, its in shaped if its in shapes or its.startswith(below))


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
