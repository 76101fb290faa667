"""How long a review takes, and how much memory: `make bench`. Each row is a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from review.build import from_lines
from review.report.content import Review, StackReview
from review.report.dialect import GITHUB
from review.report.plan import fit
from tests.unit.review import log, stories

SIZES = (100, 1_000, 10_000)
SHARES = (1, 100)
"""Of a hundred steps, how many change something."""


def lines(size: int, share: int) -> list[str]:
    """Return the event log of a preview of so many machines."""
    return log.lines(*(_step(number, number % 100 < share) for number in range(size)))


def measure(size: int, share: int) -> dict[str, float]:
    """Review one log; return the seconds of processor time of each part, and the process's peak of memory in MiB."""
    given = lines(size, share)
    before = _peak()
    seconds: dict[str, float] = {}
    model = _timed(seconds, "model", lambda: from_lines(given))
    stack = _timed(seconds, "risks", lambda: StackReview.of(model))
    _timed(seconds, "report", lambda: fit(Review((stack,)), GITHUB))
    return {**seconds, "memory": _peak() - before}


def table() -> Table:
    """Measure every size, each in a process of its own."""
    found = Table("steps", "changed", "log", "model", "risks", "report", "in all", "memory")
    for size in SIZES:
        for share in SHARES:
            command = [sys.executable, "-m", "tests.bench", str(size), str(share)]
            row = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            seconds = [row[part] for part in ("model", "risks", "report")]
            log_size = sum(map(len, lines(size, share))) / 1024**2
            shown = [f"{each:.2f} s" for each in (*seconds, sum(seconds))]
            found.add_row(f"{size:,}", f"{share} %", f"{log_size:.1f} MiB", *shown, f"{row['memory']:.0f} MiB")
    return found


def _step(number: int, changes: bool) -> list[dict[str, Any]]:
    old = stories.machine(
        f"worker-{number}",
        annotation="made by Longshore",
        extraConfig={"guestinfo.metadata.encoding": "gzip+base64"},
        networkInterfaces=[{"networkId": "dvportgroup-12", "adapterType": "vmxnet3"}],
    )
    new = {**old, "memory": 8192} if changes else None
    return log.steps("update" if changes else "same", log.VM, f"worker-{number}", old, new)


def _timed(seconds: dict[str, float], name: str, work: Callable[[], Any]) -> Any:
    start = time.process_time()
    result = work()
    seconds[name] = time.process_time() - start
    return result


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measure(*map(int, sys.argv[1:]))))
    else:
        Console(width=120).print(table())
