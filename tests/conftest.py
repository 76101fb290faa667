"""No test may reach, by an inherited variable, anything but what it made itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
CREDENTIALS = ("VSPHERE_", "AWS_", "OS_", "DOCKER_", "PULUMI_", "ARM_", "GOOGLE_")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew from what the code gives")


@pytest.fixture(autouse=True)
def _no_inherited_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(CREDENTIALS):
            monkeypatch.delenv(name)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(bool(request.config.getoption("--update-golden")))


class Golden:
    """Compares a text with a committed file."""

    def __init__(self, update: bool) -> None:
        self.update = update

    def check(self, name: str, text: str) -> None:
        file = GOLDEN / name
        if self.update:
            file.write_text(text)
        assert file.read_text() == text, f"{name} differs; if that is meant: pytest --update-golden"
