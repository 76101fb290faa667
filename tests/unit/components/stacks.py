"""A cluster recorded anew, for tests that change what the recording engine answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from components.cluster import DockerCluster
from tests.recorder import Recording, build
from tests.specs import stack


def recorded(changes: dict[str, Any] | None = None, preview: bool = False) -> Recording:
    spec = stack(changes)
    return build(lambda: DockerCluster("shop", spec, Path()), preview)
