"""Tells what `resolve` would do on this machine, without building or downloading anything."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from lab.toolchain import cache, official
from lab.toolchain.component import COMPONENTS, Component
from lab.toolchain.finding import Finding
from lab.toolchain.needs import needs


def examine(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """A finding for each component and, when something must be built, for what that needs."""
    folder = cache.root(environ)
    found = {c: official.find(c, folder, environ) for c in COMPONENTS}
    missing = [c for c in COMPONENTS if not found[c] and not cache.is_built(folder, c)]
    parts = [Finding(c.name, ok=True, found=state(c, found[c], folder)) for c in COMPONENTS]
    return parts + (needs(missing, folder, environ) if missing else [])


def state(component: Component, found: official.Official | None, folder: Path) -> str:
    """Where the component is from, or will be."""
    if found:
        return str(found)
    if cache.is_built(folder, component):
        return f"built from Go modules ({component.version}) in {cache.entry(folder, component)}"
    return f"not found; `longshore lab up` will get it, by a build of {component.version} if need be"
