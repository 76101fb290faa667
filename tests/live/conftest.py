"""One lab for all live tests, in a copy of the project; removed at the end, also after failures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.project import Project, copy_project


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "live" in item.path.parts:
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder: Path = tmp_path_factory.mktemp("longshore")
    copied = copy_project(folder)
    try:
        copied.ok("lab", "up")
        yield copied
    finally:
        copied.run("lab", "down")


@pytest.fixture(scope="session")
def running(project: Project) -> Project:
    """The project with its `lab` stack up."""
    project.ok("up", "--stack", "lab", "--yes")
    return project
