"""Builds what is missing, several at once where there is memory, telling what goes on."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

from lab.toolchain import cache
from lab.toolchain.component import Component
from lab.toolchain.needs import available_memory, needs
from lab.toolchain.recipe import Recipe
from spec.errors import LabError

Progress = Callable[[str], None]

HEARTBEAT = 20.0
"""Seconds between two lines that say a build still goes on."""


def build(components: Iterable[Component], folder: Path, environ: Mapping[str, str], progress: Progress) -> None:
    """Build the components whose entries are missing under the cache folder.

    Raises LabError when the machine lacks something, when the folder can't be written, or with the end of its
    log when a build fails.
    """
    missing = [c for c in components if not cache.is_built(folder, c)]
    if not missing:
        return
    require(missing, folder, environ)
    names = ", ".join(c.name for c in missing)
    progress(f"toolchain: {len(missing)} to build from Go modules ({names}); the first time takes minutes")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        Builder(missing, folder, environ, progress).run()
    except OSError as error:
        raise LabError("toolchain", str(error), f"make {folder} writable and see that its disk has room") from error


def require(components: list[Component], folder: Path, environ: Mapping[str, str]) -> None:
    """Raise LabError for the first thing that these builds need and the machine lacks."""
    for need in needs(components, folder, environ):
        if not need.ok:
            raise LabError(f"toolchain: {need.part}", need.found, need.fix)


def workers(components: list[Component]) -> int:
    """How many builds may run at once: go uses every core by itself, so memory and half the cores decide."""
    by_memory = int(available_memory() // max(c.memory for c in components))
    by_cores = ((os.cpu_count() or 1) + 1) // 2 + 1
    return max(1, min(len(components), by_memory, by_cores))


class Builder:
    """The builds of one run."""

    def __init__(
        self, components: list[Component], folder: Path, environ: Mapping[str, str], progress: Progress
    ) -> None:
        self.components = components
        self.folder = folder
        self.environ = environ
        self.progress = progress
        self.running: dict[Component, float] = {}
        self.done: list[Component] = []
        self.stopping = Event()

    def run(self) -> None:
        """Build all; the first failure, or an interrupt, stops the rest."""
        with ThreadPoolExecutor(workers(self.components)) as pool:
            futures = [pool.submit(self._build, component) for component in self.components]
            try:
                self._watch(futures)
            except BaseException:
                self.stopping.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _watch(self, futures: list[Future[None]]) -> None:
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, timeout=HEARTBEAT, return_when=FIRST_EXCEPTION)
            for future in finished:
                future.result()
            if pending and self.running:
                self.progress(f"toolchain: {self._state()}")

    def _state(self) -> str:
        now = time.monotonic()
        under_way = ", ".join(f"{c.name} {elapsed(now - start)}" for c, start in list(self.running.items()))
        return f"building {under_way} ({len(self.done)} of {len(self.components)} done)"

    def _build(self, component: Component) -> None:
        place = cache.entry(self.folder, component)
        with cache.locked(place, self._give_up_when_stopping):
            if not cache.is_built(self.folder, component):
                self._make_and_tell(component, place)

    def _give_up_when_stopping(self) -> None:
        if self.stopping.is_set():
            raise LabError("toolchain", "the build was stopped", "run it again")

    def _make_and_tell(self, component: Component, place: Path) -> None:
        start = self.running[component] = time.monotonic()
        self.progress(f"toolchain: building {component.name}")
        try:
            self._make(component, place)
        finally:
            del self.running[component]
        self.done.append(component)
        took = elapsed(time.monotonic() - start)
        self.progress(f"toolchain: built {component.name} in {took} ({len(self.done)} of {len(self.components)})")

    def _make(self, component: Component, place: Path) -> None:
        """Build in a temporary folder and rename: an entry is whole or absent."""
        for leftover in self.folder.glob(f".{place.name}-*"):
            shutil.rmtree(leftover)
        with (
            tempfile.TemporaryDirectory(dir=self.folder, prefix=f".{place.name}-") as scratch,
            place.with_name(f"{place.name}.log").open("w") as log,
        ):
            made = Recipe(component, Path(scratch), log, self.environ, self.stopping).make()
            if place.exists():
                shutil.rmtree(place)  # its binary is gone, or it would not be built again
            made.rename(place)


def elapsed(seconds: float) -> str:
    """Such as `42s` or `3m05s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02d}s" if minutes else f"{rest}s"
