"""Gets the models of a review: previews of several stacks at once, or rehearsals where nothing may be trusted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from review.git import Git
from review.model import ChangeModel
from review.offline import stack_file
from review.offline.compare import compare
from review.offline.rehearsal import rehearse
from review.preview import Place, preview
from review.redact import Redactor
from review.words import counted

Say = Callable[[str], None]
Work = Callable[[str], ChangeModel]


@dataclass(frozen=True)
class Both:
    """One stack's models: of what is proposed and, when asked for, of the base; and how its secrets' key moves.

    `shown`: what is proposed with every value, when that was asked for; it is never judged.
    """

    head: ChangeModel
    base: ChangeModel | None = None
    encryption: tuple[str, ...] = ()
    shown: ChangeModel | None = None


@dataclass(frozen=True)
class Runner:
    """How models are made. `at_once`: how many run side by side; `every`: builds what is shown, when all values are."""

    git: Git
    redactor: Redactor
    say: Say
    at_once: int = 4
    packs: tuple[str, ...] = ()
    drift: bool = False
    every: Redactor | None = None

    def previews(self, environments: Mapping[str, Mapping[str, str]], base: str = "") -> dict[str, Both]:
        """Return each stack's models by previews against its real state. `environments`: of Pulumi's process."""
        shown: dict[str, ChangeModel] = {}

        def head(stack: str) -> ChangeModel:
            found = preview(stack, Place(self.git.root, environments[stack]), self.packs, self.drift)
            if self.every:
                shown[stack] = found.model(self.every)
            return found.model(self.redactor)

        heads = models(list(environments), head, self.say, self.at_once)
        bases = self._bases(environments, base) if base else {}
        found = {stack: Both(model, bases.get(stack), shown=shown.get(stack)) for stack, model in heads.items()}
        return {stack: self._with_file(stack, both, base) for stack, both in found.items()}

    def rehearsals(self, stacks: Sequence[str], base: str) -> dict[str, Both]:
        """Return each stack's model by running the programs of base and head without secrets and without a state."""
        shown: dict[str, ChangeModel] = {}
        with self.git.checkout(base) as project:

            def one(stack: str) -> ChangeModel:
                sides = rehearse(project, stack), rehearse(self.git.root, stack)
                if self.every:
                    shown[stack] = compare(stack, *sides, self.every)
                return compare(stack, *sides, self.redactor)

            found = models(stacks, one, self.say, self.at_once)
        both = {stack: Both(model, shown=shown.get(stack)) for stack, model in found.items()}
        return {stack: self._with_file(stack, each, base) for stack, each in both.items()}

    def _bases(self, environments: Mapping[str, Mapping[str, str]], base: str) -> dict[str, ChangeModel]:
        """Preview the base's program. A stack that the base doesn't have is new: all of it is this change."""
        with self.git.checkout(base) as project:
            stacks = [stack for stack in environments if self._has_file(project, stack)]

            def one(stack: str) -> ChangeModel:
                return preview(stack, Place(project, environments[stack]), self.packs).model(self.redactor)

            return models(stacks, one, lambda text: self.say(f"base: {text}"), self.at_once)

    def _has_file(self, project: Path, stack: str) -> bool:
        """Say whether a stack has a file in a checkout. One that git doesn't keep is the same on base and head."""
        path = file_of(stack)
        if not (project / path).exists() and (self.git.root / path).exists() and not self.git.tracks(path):
            shutil.copy2(self.git.root / path, project / path)
        return (project / path).exists()

    def _with_file(self, stack: str, both: Both, revision: str) -> Both:
        path = file_of(stack)
        if not revision or not self.git.tracks(path):
            return both
        file = self.git.root / path
        old, new = self.git.file(revision, path), file.read_text() if file.exists() else None

        def told(model: ChangeModel, redactor: Redactor) -> ChangeModel:
            return model.model_copy(update={"stack_file": stack_file.differences(old, new, redactor)})

        shown = told(both.shown, self.every) if both.shown and self.every else None
        return Both(told(both.head, self.redactor), both.base, stack_file.encryption_changed(old, new), shown)


def file_of(stack: str) -> str:
    """Return the path of a stack's file in its project."""
    return f"stacks/Pulumi.{stack}.yaml"


def models(stacks: Sequence[str], work: Work, say: Say, at_once: int) -> dict[str, ChangeModel]:
    """Return the model of each stack, `at_once` of them at a time. One line for each start and end: no terminal needed.

    The first error that `work` raises is raised here, when the others have ended.
    """

    def one(stack: str) -> ChangeModel:
        say(f"{stack}: previewing")
        model = work(stack)
        say(f"{stack}: {_summary(model)}")
        return model

    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        return dict(zip(stacks, pool.map(one, stacks), strict=True))


def _summary(model: ChangeModel) -> str:
    if model.run.failed:
        return "preview failed"
    seconds = f" in {model.run.seconds} s" if model.run.seconds else ""
    return f"{counted(len(model.changed), 'change')}{seconds}"
