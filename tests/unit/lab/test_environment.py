from __future__ import annotations

from pathlib import Path

import pytest

from lab.environment import variables
from lab.folder import Folder
from lab.toolchain import Toolchain


def test_everything_points_into_the_lab(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    toolchain = Toolchain([Path("/t/pulumi"), Path("/t/docker")], Path("/t/pulumi/pulumi"), Path("/t/vcsim"), {})
    assert variables(folder, toolchain) == {
        "PATH": "/t/pulumi:/t/docker:/usr/bin",
        "PULUMI_BACKEND_URL": f"file://{folder.root}/state",
        "PULUMI_CONFIG_PASSPHRASE_FILE": f"{folder.root}/passphrase",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "DOCKER_HOST": f"unix://{folder.root}/docker.sock",
    }


def test_no_secret_is_in_it(folder: Folder) -> None:
    (folder.root / "passphrase").write_text("hunter2")
    toolchain = Toolchain([], Path("/p"), Path("/v"), {})
    assert "hunter2" not in str(variables(folder, toolchain))
