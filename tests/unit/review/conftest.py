"""A repository for the tests that need one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.review.repository import Repository


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    return Repository(tmp_path)
