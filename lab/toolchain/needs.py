"""What a build asks of the machine: Go, git, disk and memory, each missed one with what to do about it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from lab.toolchain.component import Component
from lab.toolchain.finding import Finding

GIB = 1024**3
DISK = 8
"""GiB that the modules, Go's build cache and the binaries take at their most."""


def needs(components: Iterable[Component], cache: Path, environ: Mapping[str, str]) -> list[Finding]:
    """All that building these components needs, met or not."""
    wanted = list(components)
    return [
        go_need(max(go_directive(c) for c in wanted), environ),
        command_need("git", "install git (apt install git, brew install git)", environ),
        disk_need(cache),
        memory_need(max(c.memory for c in wanted)),
    ]


def go_directive(component: Component) -> tuple[int, ...]:
    """The oldest Go that the component's go.mod allows."""
    found = re.search(r"^go ([\d.]+)$", (component.source / "go.mod").read_text(), re.MULTILINE)
    return version(found.group(1)) if found else (0,)


def version(text: str) -> tuple[int, ...]:
    """The numbers of the first dotted version in a text, such as `go version go1.26.8`."""
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(int(part) for part in found.group().split(".")) if found else (0,)


def go_need(wanted: tuple[int, ...], environ: Mapping[str, str]) -> Finding:
    """Go of at least that version, or one that fetches a newer one by itself."""
    oldest = ".".join(map(str, wanted))
    fix = f"install Go {oldest} or newer (https://go.dev/dl), or install the official Pulumi (https://pulumi.com)"
    command = shutil.which("go", path=environ.get("PATH"))
    if not command:
        return Finding("Go", ok=False, found="no go command on PATH", fix=fix)
    asked = [command, "env", "GOVERSION", "GOTOOLCHAIN"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False, env=dict(environ), cwd="/")
    found, _, switch = answer.stdout.strip().partition("\n")
    will_do = version(found) >= wanted or switch.startswith("auto") or switch.endswith("+auto")
    return Finding("Go", ok=will_do, found=f"{found or answer.stderr.strip()} ({command})", fix=fix)


def command_need(name: str, fix: str, environ: Mapping[str, str]) -> Finding:
    """A command on PATH."""
    found = shutil.which(name, path=environ.get("PATH"))
    return Finding(name, ok=bool(found), found=found or f"no {name} command on PATH", fix=fix)


def disk_need(cache: Path) -> Finding:
    """Room where the cache is, or will be."""
    place = next(folder for folder in (cache, *cache.parents) if folder.exists())
    free = shutil.disk_usage(place).free / GIB
    fix = f"free {DISK} GiB there, or set XDG_CACHE_HOME, GOCACHE and GOMODCACHE to folders on a bigger disk"
    return Finding("disk", ok=free >= DISK, found=f"{free:.0f} GiB free at {place}", fix=fix)


def memory_need(wanted: int) -> Finding:
    """Memory for the hungriest build, in GiB."""
    free = available_memory()
    return Finding("memory", ok=free >= wanted, found=f"{free:.0f} GiB available", fix=f"free {wanted} GiB of memory")


def available_memory() -> float:
    """GiB that can be had without swapping; all of the machine's where Linux does not tell."""
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        found = re.search(r"MemAvailable:\s+(\d+)", meminfo.read_text())
        if found:
            return int(found.group(1)) * 1024 / GIB
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
