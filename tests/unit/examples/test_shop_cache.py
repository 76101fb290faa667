from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.unit.examples.conftest import SHOP

SERVER = '#!/bin/sh\nprintf "%s\\n" "$*" > arguments\ncat > config\n'


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """Runs the cache's entry point with a stand-in for redis-server that keeps its arguments and its input."""
    server = tmp_path / "redis-server"
    server.write_text(SERVER)
    server.chmod(0o755)
    (tmp_path / "password").write_text('pa"ss\\word $HOME `id`')
    subprocess.run(
        ["sh", SHOP / "cache" / "cache.sh"], check=True, cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "CACHE_PASSWORD_FILE": str(tmp_path / "password")},
    )  # fmt: skip
    return tmp_path


def test_the_password_is_in_no_argument(started: Path) -> None:
    assert (started / "arguments").read_text() == "-\n"


def test_the_password_goes_in_whole_and_quoted(started: Path) -> None:
    assert 'requirepass "pa\\"ss\\\\word $HOME `id`"\n' in (started / "config").read_text()
