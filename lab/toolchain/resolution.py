"""Decides, for each component, between the official binary and one built here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.toolchain import cache, official
from lab.toolchain.build import Progress, build
from lab.toolchain.component import COMPONENTS, OPTIONAL, PULUMI, VCSIM, Component
from lab.toolchain.official import Official


@dataclass(frozen=True)
class Toolchain:
    """The binaries to use. `bin_dirs` go first on PATH; `origin` says where each component is from."""

    bin_dirs: list[Path]
    pulumi: Path
    vcsim: Path
    origin: dict[str, str]


def resolve(progress: Progress, environ: Mapping[str, str] = os.environ, wanted: Sequence[Component] = ()) -> Toolchain:
    """Find every official binary, build the rest, and tell where all are.

    `wanted`: optional components to have too; those that were built once are there anyway.

    Raises LabError when something has to be built and can't.
    """
    folder = cache.root(environ)
    optional = [c for c in OPTIONAL if c in wanted or cache.is_built(folder, c)]
    parts = [*COMPONENTS, *optional]
    found = find_all(parts, folder, environ, progress)
    build([c for c in parts if c not in found], folder, environ, progress)
    return assemble(parts, folder, found)


def find_all(
    parts: Iterable[Component], folder: Path, environ: Mapping[str, str], progress: Progress
) -> dict[Component, Official]:
    """The official binaries, after the official Pulumi had its chance to download plugins."""
    found = {c: binary for c in parts if (binary := official.find(c, folder, environ))}
    pulumi = found.get(PULUMI)
    if not pulumi:
        return found
    for component in (c for c in parts if c in official.SDKS):
        if component in found or cache.is_built(folder, component):
            continue
        progress(f"toolchain: downloading the official {component.name} plugin")
        installed = official.install_plugin(component, pulumi.path, environ)
        if installed:
            found[component] = installed
    return found


def assemble(parts: Iterable[Component], folder: Path, found: Mapping[Component, Official]) -> Toolchain:
    """Put official and built binaries together."""
    built = {c: cache.entry(folder, c) / c.binary for c in parts if c not in found}
    binaries = {**{c: binary.path for c, binary in found.items()}, **built}
    origin = {c.name: str(found[c]) if c in found else f"built from Go modules ({c.version})" for c in parts}
    # Official binaries are on PATH already, or in Pulumi's own folder, where it finds them without a warning.
    return Toolchain([path.parent for path in built.values()], binaries[PULUMI], binaries[VCSIM], origin)
