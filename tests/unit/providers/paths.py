"""The overlay's paths between the machines of a world: what a probe's agent hears where something is in the way."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import Any

from providers.swarm.probe import START
from providers.swarm.ssh import Ran

AGENT_RUNS = START
ALL = ["checked", "large", "small", "stream"]


@dataclass
class Paths:
    """By sender's and receiver's host: what is lost. By host: what an agent answers instead of what it heard."""

    lost: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    instead: dict[str, Ran] = field(default_factory=dict)
    plans: list[dict[str, object]] = field(default_factory=list)

    def run(self, host: str, command: str) -> Ran:
        plan = plan_of(command)
        self.plans.append(plan)
        assert plan["nodes"][plan["index"]] == host
        heard = {
            index: sorted(set(ALL) - self.lost.get((sender, host), set()))
            for index, sender in enumerate(plan["nodes"])
            if sender != host
        }
        return self.instead.get(host, Ran(0, json.dumps(heard)))


def plan_of(command: str) -> dict[str, Any]:
    """Return the plan that an agent is started with."""
    plan: dict[str, Any] = json.loads(shlex.split(command.splitlines()[-1])[-2])
    return plan
