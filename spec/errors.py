"""Everything that can go wrong by a user's hand or the world's, as one tree.

LongshoreError            printed without a traceback; exit code 1
├─ SpecError              a stack file says something impossible; exit code 2
├─ TargetError            vCenter, a cloud or a registry refuses or lacks something; exit code 3
│  └─ ImageError          an image or its registry can't be had
├─ EngineError            a node's Docker Engine does not answer as it should; exit code 4
├─ SwarmError             a Swarm operation is unsafe or was refused; exit code 5
├─ ReviewError            a review can't be made or published; exit code 6 (50: a report would show a secret)
├─ ReleaseError           a release can't be cut, promoted or applied; exit code 7
│  └─ StaleError          what was approved is not what would be applied now; exit code 41
└─ LabError               the lab or its toolchain can't start; exit code 8

Exit code 9 is no error: `longshore drift` found something that harms (drift/finding.py).
A review that was made exits with its verdict: 0 nothing that needs anybody (10 for changes, when asked), 20 needs
acknowledgement, 30 blocked, 40 a preview failed. Wrong usage exits with 2.
"""

from __future__ import annotations


class LongshoreError(Exception):
    """An expected failure: where it is, what was found there, and what to do about it."""

    exit_code = 1

    def __init__(self, where: str, found: str, fix: str = "") -> None:
        self.where = where
        self.found = found
        self.fix = fix
        super().__init__(where, found, fix)

    def __str__(self) -> str:
        head = f"{self.where}: {self.found}" if self.where else self.found
        return f"{head}\n  -> {self.fix}" if self.fix else head


class SpecError(LongshoreError):
    """A stack file says something impossible."""

    exit_code = 2


class TargetError(LongshoreError):
    """VCenter or a cloud refuses or lacks something."""

    exit_code = 3


class ImageError(TargetError):
    """An image can't be had: its registry doesn't answer, wants other credentials, or has no such image."""


class EngineError(LongshoreError):
    """A node's Docker Engine does not answer as it should."""

    exit_code = 4


class SwarmError(LongshoreError):
    """A Swarm operation is unsafe or was refused."""

    exit_code = 5


class ReviewError(LongshoreError):
    """A review can't be made or published."""

    exit_code = 6


class ReleaseError(LongshoreError):
    """A release can't be cut, promoted or applied."""

    exit_code = 7


class StaleError(ReleaseError):
    """What was approved is not what would be applied now: the state or the preview is another one."""

    exit_code = 41


class LabError(LongshoreError):
    """The lab or its toolchain can't start."""

    exit_code = 8
