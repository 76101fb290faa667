"""A new generation of several machines, one machine after another: the first update leaves every one where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from components import names
from components.names import NodeIdentity
from spec.edit import replace
from spec.errors import ReleaseError
from spec.load import check_any
from spec.stack import StackSpec
from upkeep.pools import StackFile
from upkeep.rolling import Cluster, Say, order


def behind(file: StackFile, deployed: Mapping[str, int]) -> list[NodeIdentity]:
    """Return the nodes whose machine is to be replaced, by the generation that is deployed of each."""
    spec = check_any(file.path)
    nodes = names.nodes(spec.cluster) if isinstance(spec, StackSpec) else []
    return [node for node in nodes if deployed.get(node.name, node.generation) < node.generation]


@dataclass(frozen=True)
class Waves:
    """One update of a stack. `patience`: for how many seconds services may take to converge after each machine."""

    file: StackFile
    cluster: Cluster
    deployed: Mapping[str, int]
    say: Say
    patience: float = 600.0

    def run(self) -> None:
        """Update, machine by machine where more than one is to be replaced. Raises ReleaseError at the first failure.

        The stack file is changed for as long as it takes and is put back, whatever happens; what is done is in the
        state, so that the next run goes on from there.
        """
        left = behind(self.file, self.deployed)
        if len(left) < 2:
            self._update("the update failed, or was not agreed to")
            return
        self.say(f"{len(left)} machines get a new generation, one after another")
        with self._kept():
            for node in left:
                self.file.set_generation(node.pool_name, node.number, self.deployed[node.name])
            self._update("the update before the first machine failed")
            while left:
                node = order(left, self.cluster.leader())[0]
                left.remove(node)
                self._replace(node)

    def _replace(self, node: NodeIdentity) -> None:
        self.say(f"{node.name}: generation {self.deployed[node.name]} -> {node.generation}")
        self.file.set_generation(node.pool_name, node.number, node.generation)
        self._update(f"the update that replaces {node.name} failed")
        if wrong := self.cluster.wait(self.patience):
            raise self._stopped(f"{node.name} is replaced, but not all is well: {'; '.join(wrong)}")

    def _update(self, failure: str) -> None:
        if not self.cluster.update():
            raise self._stopped(failure)

    def _stopped(self, found: str) -> ReleaseError:
        return ReleaseError(self.file.where, found, "mend that, then apply again: it goes on from here")

    @contextmanager
    def _kept(self) -> Iterator[None]:
        before = self.file.path.read_text()
        try:
            yield
        finally:
            replace(self.file.path, before)
