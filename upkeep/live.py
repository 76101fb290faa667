"""The running cluster behind a roll: the Swarm over ssh, and Pulumi by whoever calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from providers.swarm.control import Control
from spec.errors import LongshoreError, SwarmError
from upkeep.health import troubles
from upkeep.reach import Outputs, call, swarm_of
from upkeep.rolling import Say

CONVERGE_SECONDS = 300.0


class LiveCluster:
    """Asks the Swarm anew each time: any of its managers may have been replaced since."""

    def __init__(self, outputs: Callable[[], Outputs], update: Callable[[], bool], settled: Callable[[], bool]) -> None:
        self._outputs = outputs
        self._call = call()
        self.update = update
        self.settled = settled

    def troubles(self) -> list[str]:
        """Return what is wrong with nodes and services right now."""
        with swarm_of(self._outputs(), self._call) as swarm:
            return troubles(swarm)

    def wait(self, seconds: float) -> list[str]:
        """Wait until nothing is wrong; return what still is after `seconds`."""
        last: list[str] = []

        def well() -> bool | None:
            nonlocal last
            try:
                last = self.troubles()
            except LongshoreError as error:
                last = [error.found]
            return True if not last else None

        self._call.clock.until(seconds, well, every=2.0)
        return last

    def leader(self) -> str:
        """Return the name of the managers' leader."""
        with swarm_of(self._outputs(), self._call) as swarm:
            return next((member.hostname for member in swarm.members() if member.leader), "")

    def rebalance(self, say: Say) -> None:
        """Start each service's tasks anew, one service after another. Raises SwarmError when one doesn't converge."""
        with swarm_of(self._outputs(), self._call) as swarm:
            for service in sorted(swarm.services(), key=lambda each: str(each["Spec"]["Name"])):
                self._restart(service, swarm, say)

    def _restart(self, service: dict[str, Any], swarm: Control, say: Say) -> None:
        name = service["Spec"]["Name"]
        say(f"rebalancing service {name} ...")
        template = service["Spec"]["TaskTemplate"]
        forced = template | {"ForceUpdate": template.get("ForceUpdate", 0) + 1}
        swarm.client.update_service(
            service["ID"], service["Version"]["Index"], task_template=forced, fetch_current_spec=True
        )
        if wrong := self.wait(CONVERGE_SECONDS):
            raise SwarmError(f"service {name}", f"it does not converge: {'; '.join(wrong)}", "see `longshore status`")
