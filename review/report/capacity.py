"""What a change costs on premises: processors, memory and disk, more or less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from review.model import Action, ChangeModel
from review.view import VM, listed


class Capacity(NamedTuple):
    """Processors, MiB of memory, GiB of disk."""

    cpus: float = 0
    memory: float = 0
    disk: float = 0

    def __str__(self) -> str:
        named = ((self.cpus, "vCPU"), (self.memory / 1024, "GiB memory"), (self.disk, "GiB disk"))
        return ", ".join(f"{value:+g} {unit}" for value, unit in named if value)


def delta(model: ChangeModel) -> Capacity:
    """Return how much more the machines take after a change than before."""
    total = Capacity()
    for machine in model.changed:
        if machine.type == VM and machine.action is not Action.READ:
            before, after = _of(machine.before), _of(machine.after)
            total = Capacity(*(sum_ + new - old for sum_, new, old in zip(total, after, before, strict=True)))
    return total


def _of(spec: Mapping[str, Any] | None) -> Capacity:
    if spec is None:
        return Capacity()
    sizes = [disk.get("size") for disk in listed(spec, "disks") if isinstance(disk, dict)]
    return Capacity(_sum([spec.get("numCpus")]), _sum([spec.get("memory")]), _sum(sizes))


def _sum(values: Iterable[Any]) -> float:
    return sum(value for value in values if isinstance(value, int | float) and not isinstance(value, bool))
