"""What the lab has started, written down as it starts, so that `down` removes exactly that."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from lab.folder import Folder, write_private
from lab.process import Process
from spec.errors import LabError


class Firewall(BaseModel):
    """What our engine found when it started, and has to leave behind."""

    forward_policy: str
    ip_forward: str


class Network(BaseModel):
    """The lab's bridge network."""

    id: str
    subnet: str


class Record(BaseModel):
    """Everything outside the private folder that is ours, and the processes."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    engine: str = ""
    """`own`, `running` (someone else's), or empty while none was chosen."""
    processes: dict[str, Process] = {}
    """By part: containerd, dockerd, simulator."""
    firewall: Firewall | None = None
    """Set while our engine may have changed it."""
    network: Network | None = None
    privileged: bool | None = None
    """Whether the engine can run privileged containers; None while not tried."""
    simulator: str = ""
    """The simulator's `host:port`; kept over a restart, as it is in the stack file."""

    @classmethod
    def load(cls, folder: Folder) -> Self:
        """Read the record; an empty one when there is none. Raises LabError when it can't be read."""
        path = _path(folder)
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return cls()
        except ValidationError as error:
            fix = "remove what runs by hand, then this file"
            raise LabError(str(path), f"is damaged ({error.error_count()} problems)", fix) from error

    def save(self, folder: Folder) -> None:
        """Write it, all or nothing."""
        write_private(_path(folder), self.model_dump_json(indent=2) + "\n")

    def alive(self, part: str) -> bool:
        """Tell whether a part's process still runs."""
        process = self.processes.get(part)
        return process is not None and process.alive()


def _path(folder: Folder) -> Path:
    return folder.root / "record.json"
