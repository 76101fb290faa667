"""Finds the official Pulumi and its plugins, which are used wherever they are."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from lab.toolchain.component import DOCKER, LANGUAGE, OPENSTACK, PULUMI, VSPHERE, Component
from lab.toolchain.needs import version

OLDEST = (3, 200, 0)
"""The oldest Pulumi CLI whose engine has all that the program uses."""

SDKS = {VSPHERE: "pulumi-vsphere", DOCKER: "pulumi-docker", OPENSTACK: "pulumi-openstack"}
"""The Python package whose version a provider plugin must have."""

INSTALL_TIMEOUT = 120.0
"""Seconds that `pulumi plugin install` may take."""


@dataclass(frozen=True)
class Official:
    """An official binary that will do."""

    path: Path
    version: str

    def __str__(self) -> str:
        return f"official {self.version} ({self.path})"


def find(component: Component, cache: Path, environ: Mapping[str, str]) -> Official | None:
    """The official binary of that component on this machine, if any; the lab's own builds do not count."""
    if component is PULUMI:
        return find_pulumi(cache, environ)
    if component is LANGUAGE:
        return find_language(cache, environ)
    if component in SDKS:
        return find_plugin(component, environ)
    return None


def find_pulumi(cache: Path, environ: Mapping[str, str]) -> Official | None:
    """Pulumi on PATH, unless it is older than what the program needs."""
    path = on_path(PULUMI.binary, cache, environ)
    if not path:
        return None
    said = run([str(path), "version"], environ, timeout=30)
    return Official(path, said.lstrip("v")) if said and version(said) >= OLDEST else None


def find_language(cache: Path, environ: Mapping[str, str]) -> Official | None:
    """The Python language host beside an official Pulumi: the two are released together."""
    pulumi = find_pulumi(cache, environ)
    if not pulumi:
        return None
    beside = pulumi.path.resolve().parent / LANGUAGE.binary
    found = beside if beside.is_file() else on_path(LANGUAGE.binary, cache, environ)
    return Official(found, pulumi.version) if found else None


def find_plugin(component: Component, environ: Mapping[str, str]) -> Official | None:
    """The provider plugin in Pulumi's own folder, of the version that the installed SDK asks for."""
    wanted = sdk_version(component)
    home = environ.get("PULUMI_HOME") or Path(environ.get("HOME") or Path.home(), ".pulumi")
    path = Path(home) / "plugins" / f"resource-{component.name}-v{wanted}" / component.binary
    return Official(path, wanted) if path.is_file() else None


def install_plugin(component: Component, pulumi: Path, environ: Mapping[str, str]) -> Official | None:
    """Let the official Pulumi download the plugin; None when it can't, for instance without a network."""
    wanted = sdk_version(component)
    if not wanted:
        return None
    run([str(pulumi), "plugin", "install", "resource", component.name, wanted], environ, INSTALL_TIMEOUT)
    return find_plugin(component, environ)


def sdk_version(component: Component) -> str:
    """The version of the installed Python SDK, which is the plugin's too; empty without the SDK."""
    try:
        return metadata.version(SDKS[component])
    except metadata.PackageNotFoundError:
        return ""


def on_path(binary: str, cache: Path, environ: Mapping[str, str]) -> Path | None:
    """The first such command on PATH outside the lab's cache."""
    folders = environ.get("PATH", "").split(":")
    kept = [folder for folder in folders if folder and not Path(folder).resolve().is_relative_to(cache.resolve())]
    found = shutil.which(binary, path=":".join(kept))
    return Path(found) if found else None


def run(command: list[str], environ: Mapping[str, str], timeout: float) -> str:
    """What the command printed, or nothing when it failed or took too long (seconds)."""
    env = {**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=timeout, env=env, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return re.sub(r"\s+", " ", done.stdout).strip() if done.returncode == 0 else ""
