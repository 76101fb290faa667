"""A lab in a folder of its own, with short paths, as sockets need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab.folder import Folder
from tests.unit.lab.engine import Engine


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "project")
    made.make()
    return made


@pytest.fixture
def lines() -> list[str]:
    """Collects progress: pass `lines.append`."""
    return []


@pytest.fixture
def engine() -> Any:
    return Engine()
