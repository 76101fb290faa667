"""A project for the tests that need one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.release.project import Project, at_home


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    made = Project(tmp_path)
    at_home(made, monkeypatch)
    return made
