"""The lab's private folder: where everything it makes is, and what it is called."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from spec.errors import LabError

PROJECT = Path(__file__).resolve().parent.parent
"""The project folder this lab belongs to."""

LONGEST_SOCKET_PATH = 107
"""Bytes in a Unix socket's path; sockaddr_un has room for 108 with the closing zero (unix(7))."""


@dataclass(frozen=True)
class Folder:
    """The paths of one project's lab. Two checkouts have different names, so they never collide."""

    project: Path = PROJECT

    @property
    def root(self) -> Path:
        """The private folder itself, mode 0700, ignored by git."""
        return self.project / ".lab"

    @property
    def name(self) -> str:
        """`longshore-` and eight digits of the project path's hash: what everything of this lab is named after."""
        return f"longshore-{hashlib.sha256(os.fsencode(self.project)).hexdigest()[:8]}"

    @property
    def runtime(self) -> Path:
        """Sockets and state that mustn't outlive a boot; a short path, as sockets need."""
        return Path("/run") / self.name

    @property
    def socket(self) -> Path:
        """The Docker Engine's socket: our own engine's, or a link to the one that runs anyway."""
        return self.root / "docker.sock"

    @property
    def docker_host(self) -> str:
        """The engine's address, as DOCKER_HOST takes it."""
        return f"unix://{self.socket}"

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.root / "logs"

    @property
    def state(self) -> Path:
        """Pulumi's file backend."""
        return self.root / "state"

    @property
    def stack_file(self) -> Path:
        """The stack file of stack `lab`."""
        return self.file_of("lab")

    def file_of(self, stack: str) -> Path:
        """Return the path of a stack's file."""
        return self.project / "stacks" / f"Pulumi.{stack}.yaml"

    def log(self, part: str) -> Path:
        """Return the path of a part's log."""
        return self.logs / f"{part}.log"

    def make(self) -> None:
        """Make the private folder and its subfolders. Raises LabError where the path is too long for a socket."""
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET_PATH:
            found = f"too long for a Unix socket (over {LONGEST_SOCKET_PATH} bytes)"
            raise LabError(str(self.socket), found, "move the project to a folder with a shorter path")
        for path in (self.root, self.logs, self.state):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other `lab up` and `lab down` of this project out. Raises LabError while one runs."""
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LabError("lab", "another `longshore lab` command is running", "wait until it ends") from None
            yield


def write_private(path: Path, content: bytes | str) -> None:
    """Write a file that only its owner can read, all of it or nothing."""
    data = content.encode() if isinstance(content, str) else content
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    part.replace(path)
