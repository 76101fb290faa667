"""The lab's stacks: a whole environment, a small one in two layers, and three that releases are promoted through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import stack, stack_file
from lab.credentials import Credentials
from lab.folder import Folder
from lab.progress import Progress
from spec.edit import replace

TARGET_PASSWORD = "longshore:target.password"  # noqa: S105  a path in the stack file
CACHE_PASSWORD = "longshore:secrets.cache-password"  # noqa: S105


@dataclass(frozen=True)
class LabStack:
    """A stack that `longshore lab up` makes: its secrets, and what the template is told of its shape."""

    name: str
    secrets: tuple[str, ...]
    layer: str = ""
    managers: int = 1
    workers: int = 1
    first_manager: str = "managers"
    """Which of the lab's addresses its first manager has."""
    first_worker: str = "workers"
    pinned: bool = True
    """Whether its file names images by digest. In an environment of releases the release does."""

    def values(self, lab: Mapping[str, Any]) -> dict[str, Any]:
        """Return the lab's values as this stack's file needs them."""
        places = {"managers": lab[self.first_manager], "workers": lab[self.first_worker]}
        shape = {"name": self.name, "layer": self.layer, "counts": {"managers": self.managers, "workers": self.workers}}
        images = {name: image if self.pinned else image.split("@")[0] for name, image in lab["images"].items()}
        return {**lab, **places, **shape, "images": images}


WHOLE = LabStack("lab", (TARGET_PASSWORD, CACHE_PASSWORD), managers=3, workers=2)
PLATFORM = LabStack("lab-platform", (TARGET_PASSWORD,), "platform", 1, 1, "platform_managers", "platform_workers")
SERVICES = LabStack("lab-services", (CACHE_PASSWORD,), "services")
RELEASED = ("lab-dev", "lab-staging", "lab-prod")
"""The stacks that releases are promoted through, in this order; `stacks/environments.yaml` says how."""
STACKS = (
    WHOLE,
    PLATFORM,
    SERVICES,
    *(
        LabStack(name, (TARGET_PASSWORD, CACHE_PASSWORD), workers=0, first_manager=name, pinned=False)
        for name in RELEASED
    ),
)


ENVIRONMENTS = Path(__file__).parent / "environments.yaml"
"""What `stacks/environments.yaml` says at first."""


def write(folder: Folder, values: Mapping[str, Any], progress: Progress) -> None:
    """Write the stack files, or renew what the lab owns in them. Raises LabError for one that can't be read."""
    for each in STACKS:
        file = folder.file_of(each.name)
        if stack_file.write(file, each.values(values)):
            progress(f"stack file: {file.relative_to(folder.project)} written")
    environments = folder.project / "stacks" / ENVIRONMENTS.name
    if not environments.exists():
        replace(environments, ENVIRONMENTS.read_text())
        progress(f"environments: {environments.relative_to(folder.project)} written")


def ensure(folder: Folder, credentials: Credentials, environment: Mapping[str, str], progress: Progress) -> None:
    """See that the stacks exist, their secrets encrypted in their files. Raises LabError when Pulumi can't."""
    files = {TARGET_PASSWORD: credentials.vcenter_password, CACHE_PASSWORD: credentials.cache_password}
    for each in STACKS:
        secrets = {path: files[path] for path in each.secrets}
        stack.ensure(folder, each.name, secrets, environment, progress)
