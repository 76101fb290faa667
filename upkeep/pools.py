"""A stack file's pools, changed in place: comments, order and indentation stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from components import names
from components.names import NodeIdentity
from spec.cluster import ClusterSpec
from spec.edit import edit
from spec.errors import SpecError
from spec.load import check_file
from spec.pool import PoolSpec


@dataclass(frozen=True)
class StackFile:
    """One stack file; every answer is read from disk anew. Raises SpecError when it is wrong or lacks what is named."""

    path: Path

    @property
    def where(self) -> str:
        """How messages name it."""
        return f"stacks/{self.path.name}"

    def cluster(self) -> ClusterSpec:
        """Return the cluster it declares."""
        return check_file(self.path).cluster

    def pool(self, name: str) -> PoolSpec:
        """Return one pool."""
        pools = self.cluster().pools
        if name not in pools:
            raise SpecError(f"{self.where}: cluster.pools", f"has no `{name}`", f"it has {', '.join(pools)}")
        return pools[name]

    def nodes(self, pool: str) -> list[NodeIdentity]:
        """Return a pool's nodes."""
        self.pool(pool)
        return [node for node in names.nodes(self.cluster()) if node.pool_name == pool]

    def node(self, name: str) -> NodeIdentity:
        """Return the node of that name."""
        found = {node.name: node for node in names.nodes(self.cluster())}
        if name not in found:
            raise SpecError(f"{self.where}: cluster.pools", f"make no node `{name}`", f"nodes: {', '.join(found)}")
        return found[name]

    def set_generation(self, pool: str, number: int, generation: int) -> None:
        """Give one node a generation of its own."""

        def change(declared: CommentedMap) -> None:
            own = declared.setdefault("generations", _flow(CommentedMap()))
            own[number] = generation

        self._change(pool, change)

    def finish(self, pool: str, generation: int) -> None:
        """Give the whole pool that generation, and no node one of its own."""

        def change(declared: CommentedMap) -> None:
            declared["generation"] = generation
            declared.pop("generations", None)

        self._change(pool, change)

    def set_drained(self, pool: str, number: int, drained: bool) -> bool:
        """Keep one node empty, or no longer; tell whether that changed the file."""
        numbers = set(self.pool(pool).drained)
        wanted = numbers | {number} if drained else numbers - {number}

        def change(declared: CommentedMap) -> None:
            declared["drained"] = _flow(CommentedSeq(sorted(wanted)))
            if not wanted:
                del declared["drained"]

        if wanted != numbers:
            self._change(pool, change)
        return wanted != numbers

    def _change(self, pool: str, change: Callable[[CommentedMap], None]) -> None:
        edit(self.path, lambda document: change(document["config"]["longshore:cluster"]["pools"][pool]))


def _flow(collection: Any) -> Any:
    collection.fa.set_flow_style()
    return collection
