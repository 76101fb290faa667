"""Runs Pulumi for one stack and reads what it says. The raw event log is readable by nobody else, and never kept."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from review.build import NO_STATE, StateFacts, from_lines
from review.model import ChangeModel, Drift
from review.redact import Redactor

LAST = 600
"""Characters of Pulumi's own message that a report shows, from its end."""


@dataclass(frozen=True)
class Place:
    """Where Pulumi runs: the project's folder and the whole environment of the process.

    `config_file`: a stack file to preview instead of the one that lies in the project.
    """

    project: Path
    environment: Mapping[str, str]
    config_file: Path | None = None


@dataclass(frozen=True)
class Heard:
    """What a run of Pulumi left: the lines of its event log, and its message when it failed."""

    lines: list[str]
    error: str = ""


@dataclass(frozen=True)
class Preview:
    """What Pulumi said of one stack, before anything is hidden: no part of it may be written anywhere."""

    stack: str
    heard: Heard
    state: StateFacts = NO_STATE
    drifted: Heard | None = None

    def model(self, redactor: Redactor) -> ChangeModel:
        """Return what an update would do. A failed preview is a model that says so."""
        model = from_lines(self.heard.lines, redactor, self.state)
        if self.heard.error and not model.run.failed and not _is_refused(model):
            model = _failed(model, self.stack, redactor.text(self.heard.error))
        if self.drifted is not None and not model.run.failed:
            return _with_drift(model, self.drifted, redactor)
        return model


def preview(stack: str, place: Place, packs: tuple[str, ...] = (), drift: bool = False) -> Preview:
    """Preview a stack, dependencies and age from the state included.

    `drift`: also look for what differs between the state and the real resources, in a run of its own: a preview after
    a refresh would mix what was found with what is proposed.
    """
    flags = [flag for pack in packs for flag in ("--policy-pack", pack)]
    flags += ["--config-file", str(place.config_file)] if place.config_file else []
    heard = _logged(stack, place, ["preview", *flags])
    found = Preview(stack, heard, _state(stack, place))
    if drift and not found.model(Redactor()).run.failed:
        return replace(found, drifted=_logged(stack, place, ["refresh", "--preview-only"]))
    return found


def _is_refused(model: ChangeModel) -> bool:
    """Say whether Pulumi failed by a policy alone: the preview itself is whole, and the policy blocks it."""
    return any(each.blocks for each in model.policies.violations)


def _failed(model: ChangeModel, stack: str, error: str) -> ChangeModel:
    run = model.run.model_copy(
        update={"stack": model.run.stack or stack, "failed": True, "error": error, "cut_off": bool(model.resources)}
    )
    return model.model_copy(update={"run": run})


def _with_drift(model: ChangeModel, heard: Heard, redactor: Redactor) -> ChangeModel:
    if heard.error:
        note = f"the search for drift failed: {redactor.text(heard.error)}"
        return model.model_copy(update={"run": model.run.model_copy(update={"notes": (*model.run.notes, note)})})
    found: tuple[Drift, ...] = from_lines(heard.lines, redactor).drift
    return model.model_copy(update={"drift": found})


def _state(stack: str, place: Place) -> StateFacts:
    """Return what only the state tells. Without a state there is nothing to tell."""
    done = _pulumi(place, ["stack", "export", "--stack", stack])
    try:
        return StateFacts.of(json.loads(done.stdout)) if done.returncode == 0 else NO_STATE
    except (ValueError, TypeError, AttributeError, KeyError):
        return NO_STATE


def _logged(stack: str, place: Place, arguments: list[str]) -> Heard:
    with tempfile.TemporaryDirectory(prefix="longshore-events-") as folder:
        file = Path(folder) / "events.jsonl"
        flags = ["--stack", stack, "--non-interactive", "--color", "never", "--suppress-progress"]
        done = _pulumi(place, [*arguments, *flags, "--event-log", str(file)])
        lines = file.read_text(errors="replace").split("\n") if file.exists() else []
    return Heard(lines, _message(done) if done.returncode else "")


def _message(done: subprocess.CompletedProcess[str]) -> str:
    said = (done.stderr.strip() or done.stdout.strip())[-LAST:]
    return said.removeprefix("error: ") or f"pulumi ended with {done.returncode} and said nothing"


def _pulumi(place: Place, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    # The event log is a debugging command to Pulumi; its own automation API asks for it in the same way.
    environment = {**place.environment, "PULUMI_DEBUG_COMMANDS": "true", "PULUMI_SKIP_UPDATE_CHECK": "true"}
    program = _found("pulumi", environment.get("PATH", ""))
    return subprocess.run(
        [program, *arguments], cwd=place.project, env=environment, capture_output=True, text=True, check=False
    )


def _found(program: str, path: str) -> str:
    """Return the program on the process's own PATH: Python would look for it on ours."""
    folders = [Path(each) for each in path.split(os.pathsep) if each]
    return next((str(each / program) for each in folders if os.access(each / program, os.X_OK)), program)
