"""A command that goes on until it is interrupted, with its output and its complaints in files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live.project import Project

END_SECONDS = 120


class Following:
    """What a running command has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], out: Path, err: Path) -> None:
        self.process = process
        self._out = out
        self._err = err

    def lines(self) -> list[str]:
        """Return the whole lines it has printed."""
        return self._out.read_text().split("\n")[:-1]

    def complaints(self) -> str:
        """Return what it has said on stderr."""
        return self._err.read_text()

    def interrupt(self) -> int:
        """Press Ctrl-C, for the command alone; return its exit code. Its children have ended then, too."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(END_SECONDS)
        listed = subprocess.run(["ps", "-o", "args=", "--sid", str(self.process.pid)], capture_output=True, check=False)
        assert listed.stdout == b"", listed.stdout
        return code


@contextmanager
def following(project: Project, folder: Path, *arguments: str) -> Iterator[Following]:
    """Run `longshore` with these arguments beside the test."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PULUMI_")} | {"NO_COLOR": "1"}
    folder.mkdir()
    out, err = folder / "out", folder / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", *arguments], cwd=project.folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True, preexec_fn=_heed_interrupts,
        )  # fmt: skip
    try:
        yield Following(process, out, err)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        print(f"$ longshore {' '.join(arguments)}\n{err.read_text()}{out.read_text()[-2000:]}")


def _heed_interrupts() -> None:
    """A shell starts what it runs in the background with Ctrl-C ignored, and every child inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
