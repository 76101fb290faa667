"""Where built binaries are kept, and how a source change makes a new place for them."""

from __future__ import annotations

import fcntl
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lab.toolchain.component import Component


def root(environ: Mapping[str, str]) -> Path:
    """The cache folder: `$XDG_CACHE_HOME` or `~/.cache`, then `longshore/toolchain`."""
    base = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or Path.home(), ".cache")
    return Path(base) / "longshore" / "toolchain"


def content_hash(component: Component) -> str:
    """16 hex digits over the component's recipe and every source file: go.mod, go.sum, Go code without its tests."""
    digest = hashlib.sha256(repr(component).encode())
    files = (path for path in component.source.rglob("*") if path.is_file())
    for path in sorted(path for path in files if not path.name.endswith("_test.go")):
        text = path.read_bytes()
        digest.update(f"\0{path.relative_to(component.source)}\0{len(text)}\0".encode())
        digest.update(text)
    return digest.hexdigest()[:16]


def entry(cache: Path, component: Component) -> Path:
    """The folder of the component's binary; it exists only when the build ended well."""
    return cache / f"{component.name}-{content_hash(component)}"


def is_built(cache: Path, component: Component) -> bool:
    """Whether the binary for today's sources is there."""
    return (entry(cache, component) / component.binary).is_file()


@contextmanager
def locked(place: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the entry's lock: of two builds of the same sources one waits and finds the other's result.

    `waiting` is called about twice a second meanwhile, and may raise to give up.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(f"{place.name}.lock").open("w") as file:
        while not _try_lock(file):
            waiting()
            time.sleep(0.5)
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def go_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of every go command: no C compiler, and go.sum has the last word."""
    return {**environ, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false -mod=readonly", "GOWORK": "off"}
