"""The environment in which pulumi, docker and ssh speak to the lab."""

from __future__ import annotations

import os

from lab.credentials import Credentials
from lab.folder import Folder
from lab.progress import Progress, quiet
from lab.toolchain import Toolchain, resolve

STACKS = ("lab", "lab-platform", "lab-services", "lab-dev", "lab-staging", "lab-prod")
"""The stacks that `longshore lab up` makes (lab/stacks.py)."""


def environment(folder: Folder | None = None, progress: Progress = quiet) -> dict[str, str]:
    """Return the variables to add to a process's own. Raises LabError when the toolchain can't be had."""
    return variables(folder or Folder(), resolve(progress))


def variables(folder: Folder, toolchain: Toolchain) -> dict[str, str]:
    """Return the variables for a toolchain that is at hand."""
    folders = [str(path) for path in toolchain.bin_dirs]
    return {
        "PATH": os.pathsep.join([*folders, os.environ.get("PATH", "/usr/bin:/bin")]),
        "PULUMI_BACKEND_URL": f"file://{folder.state}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(Credentials(folder).passphrase),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "DOCKER_HOST": folder.docker_host,
    }


def owns(stack: str, folder: Folder | None = None) -> bool:
    """Tell whether a stack is the lab's: its own, or one that was made in the lab's backend."""
    stacks = (folder or Folder()).state / ".pulumi" / "stacks" / "longshore"
    return stack in STACKS or (stacks / f"{stack}.json").exists()
