"""How one component is made of its Go module, in a folder that is thrown away unless all went well."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import IO

from lab.toolchain.cache import go_environment
from lab.toolchain.component import Companion, Component, Graft
from spec.errors import LabError

LDFLAGS = "-s -w"
TAIL = 20


class Recipe:
    """One build under way; it ends early, with LabError, once `stopping` is set."""

    def __init__(
        self, component: Component, folder: Path, log: IO[str], environ: Mapping[str, str], stopping: Event
    ) -> None:
        self.component = component
        self.work = folder / "work"
        self.made = folder / "made"
        self.log = log
        self.environ = go_environment(environ)
        self.stopping = stopping

    def make(self) -> Path:
        """Build the binary and lay its companion beside it; give the folder that holds them."""
        shutil.copytree(self.component.source, self.work)
        self.made.mkdir()
        if self.component.graft:
            self._graft(self.component.graft)
        self._go(
            "build", "-trimpath", *self._flags(), "-o", str(self.made / self.component.binary), self.component.package
        )
        if self.component.companion:
            self._accompany(self.component.companion)
        return self.made

    def _flags(self) -> list[str]:
        stamp = f" -X {self.component.stamp}" if self.component.stamp else ""
        tags = ["-tags", self.component.tags] if self.component.tags else []
        return ["-ldflags", LDFLAGS + stamp, *tags]

    def _graft(self, graft: Graft) -> None:
        modfile = f"-modfile={graft.modfile}"
        target = self.work / graft.folder
        shutil.copytree(self._folder_of(graft.module, modfile), target)
        for path in (target, *target.rglob("*")):
            path.chmod(path.stat().st_mode | 0o200)
        addition = self.work / graft.addition
        addition.rename(target / graft.addition.removeprefix("_"))

    def _accompany(self, companion: Companion) -> None:
        source = self._folder_of(companion.module) / companion.path
        target = self.made / source.name
        shutil.copyfile(source, target)
        target.chmod(0o755)

    def _folder_of(self, module: str, *flags: str) -> Path:
        self._go("mod", "download", *flags, module)
        return Path(self._go("list", *flags, "-m", "-f", "{{.Dir}}", module).strip())

    def _go(self, *arguments: str) -> str:
        command = ["go", *arguments]
        self.log.write(f"$ {' '.join(command)}\n")
        self.log.flush()
        return self._run(command)

    def _run(self, command: Sequence[str]) -> str:
        process = subprocess.Popen(
            command,
            cwd=self.work,
            env=self.environ,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
            start_new_session=True,
        )
        output = self._output(process)
        if process.returncode:
            raise self._failed(output)
        return output

    def _output(self, process: subprocess.Popen[str]) -> str:
        while True:
            try:
                return process.communicate(timeout=0.5)[0]
            except subprocess.TimeoutExpired:
                if self.stopping.is_set():
                    # The compilers that go started are in its group.
                    os.killpg(process.pid, signal.SIGTERM)

    def _failed(self, output: str) -> LabError:
        self.log.write(output)
        self.log.flush()
        lines = Path(self.log.name).read_text().splitlines()[-TAIL:]
        said = "\n".join(f"    {line}" for line in lines)
        where = f"building {self.component.binary}"
        return LabError(where, f"the go command failed:\n{said}", f"the whole log is {self.log.name}")
