"""How the lab tells what it is doing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str], None]
"""Takes one finished line of text."""


def quiet(_line: str) -> None:
    """Tell nobody."""


@contextmanager
def step(progress: Progress, what: str) -> Iterator[None]:
    """Announce a long step, and tell how many seconds it took once it is done."""
    progress(f"{what} ...")
    start = time.monotonic()
    yield
    progress(f"{what}: done in {time.monotonic() - start:.1f} s")
