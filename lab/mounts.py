"""File systems mounted under a folder of ours."""

from __future__ import annotations

import re
from pathlib import Path

from lab.command import run

MOUNTS = Path("/proc/self/mounts")
_ESCAPED = re.compile(r"\\([0-7]{3})")
"""How the kernel writes a blank, a tab, a line end and a backslash in a path (proc(5))."""


def below(folder: Path, mounts: str) -> list[str]:
    """Return the mount points in or under `folder`, innermost first; `mounts` is the text of /proc/self/mounts."""
    points = [_ESCAPED.sub(lambda found: chr(int(found[1], 8)), line.split()[1]) for line in mounts.splitlines()]
    inside = [point for point in points if Path(point).is_relative_to(folder)]
    return sorted(inside, key=len, reverse=True)


def unmount_below(folder: Path) -> None:
    """Unmount everything in or under `folder`. Raises LabError when something is in use."""
    for point in below(folder, MOUNTS.read_text()):
        run(["umount", point], fix=f"see what uses {point}")
