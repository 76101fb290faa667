"""Debian packages that the lab needs on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess

from lab.command import run
from lab.progress import Progress, step
from spec.errors import LabError

_INSTALL = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300")
_QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


def ensure(commands: dict[str, str], why: str, progress: Progress) -> None:
    """Install the packages of those commands that are missing; `commands` maps a command to its package.

    Raises LabError when something is missing and this isn't root on a machine with apt.
    """
    packages = sorted({package for command, package in commands.items() if not found(command)})
    if not packages:
        return
    wanted = " ".join(packages)
    if not shutil.which("apt-get"):
        raise LabError("lab", f"{why} needs {wanted}, and there is no apt-get", f"install {wanted}")
    if os.geteuid():
        raise LabError("lab", f"{why} needs {wanted}", f"run as root, or first: sudo apt-get install {wanted}")
    with step(progress, f"{why}: installing {wanted}"):
        _install(packages)


def found(command: str) -> bool:
    """Tell whether a command is there, in the system's own folders too."""
    return shutil.which(command, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


def _install(packages: list[str]) -> None:
    """Install packages; a machine whose package lists are missing or old gets new ones first."""
    first = subprocess.run([*_INSTALL, *packages], capture_output=True, env={**os.environ, **_QUIET}, check=False)
    if first.returncode:
        run(["apt-get", "update", "--quiet"], environment=_QUIET, fix="check the machine's package sources")
        run([*_INSTALL, *packages], environment=_QUIET, fix="check the machine's package sources")
