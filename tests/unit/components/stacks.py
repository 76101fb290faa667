"""A recorded cluster, for tests of what a stack becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from components.cluster import DockerCluster
from tests.recorder import Recording, build
from tests.specs import stack


def recorded(changes: dict[str, Any] | None = None, preview: bool = False) -> Recording:
    spec = stack(changes)
    return build(lambda: DockerCluster("shop", spec, Path()), preview)
