"""Detached processes that are stopped by their pid, but never someone else's with the same number."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from spec.errors import LabError

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Process(BaseModel):
    """A process, told apart from a later one with its number by when it began and in which boot."""

    model_config = ConfigDict(frozen=True)

    pid: int
    began: int
    """Clock ticks since boot (field 22 of /proc/PID/stat, proc(5))."""
    boot: str

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """Return the process that has this pid now, or None when there is none."""
        stat = _stat(pid)
        return None if stat is None else cls(pid=pid, began=int(stat[19]), boot=BOOT_ID.read_text().strip())

    def alive(self) -> bool:
        """Tell whether this very process still runs."""
        with suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)
        return Process.of(self.pid) == self

    def stop(self, patience: float = 30.0) -> None:
        """End it: SIGTERM, then SIGKILL after `patience` seconds. Does nothing when it is gone.

        Raises LabError when even SIGKILL does not end it.
        """
        for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
            if not self.alive():
                return
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
            self._wait(seconds)
        if self.alive():
            raise LabError(f"process {self.pid}", "does not end", "look at its log under .lab/logs")

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.alive() and time.monotonic() < end:
            time.sleep(0.05)


def start(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Process:
    """Start a process that outlives us and isn't reached by our Ctrl-C; its output is appended to `log`.

    Raises LabError when it can't be started.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as output:
        try:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                env={**os.environ, **(environment or {})}, cwd="/",
            )  # fmt: skip
        except OSError as error:
            raise LabError(command[0], f"can't be started: {error.strerror}") from error
    process = Process.of(child.pid)
    if process is None:
        raise LabError(command[0], f"ended at once: {tail(log)}", f"see {log}")
    return process


def tail(log: Path, lines: int = 5) -> str:
    """Return the last lines of a log, or nothing when there is none."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat after the command's name; None for no process or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else fields
