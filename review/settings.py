"""`.review.yaml`: what a project settles once about its reviews. Strict; every mistake is told with file and path."""

from __future__ import annotations

import json
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from review.risk import Severity, Surroundings, Thresholds
from review.rules import RULES
from spec.base import Spec
from spec.errors import ReviewError
from spec.problems import Problem, from_validation

FILE = ".review.yaml"
Kind = Literal["dev", "staging", "prod"]
Class = Literal["note", "warn", "ack", "block"]


class Ignore(Spec):
    """A difference that is noise. It is ignored until a day, and never when it replaces or reboots something."""

    type: str = Field(min_length=1, examples=["docker:index/service:Service"])
    """The resource's type; `*` stands for any characters."""
    path: str = Field(min_length=1, examples=["labels", "tags"])
    """The property's path without indexes (`disks[].label`), or one above it; `*` stands for any characters."""
    reason: str = Field(min_length=1)
    """Why it is noise."""
    until: date
    """The last day on which it is ignored."""
    owner: str = Field(min_length=1)
    """Who knows more."""

    def meets(self, kind: str, shape: str) -> bool:
        """Say whether a property of a resource of type `kind` is meant."""
        below = fnmatchcase(shape, self.path) or shape.startswith((f"{self.path}.", f"{self.path}["))
        return below and fnmatchcase(kind, self.type)


class Settings(Spec):
    """The settings of a project's reviews."""

    environments: dict[str, Kind] = {}
    """The kind of environment of each stack. A stack that isn't here has the kind its name says, else `prod`."""
    classes: dict[str, dict[Kind, Class]] = {}
    """How grave a rule is, where this project differs from `longshore review rules`. What blocks can't be
    acknowledged; to override it, say `ack` here, in a change of its own."""
    thresholds: Thresholds = Thresholds()
    """From when on many are too many."""
    acknowledgements: str = ".review-acks.yaml"
    """The file of the acknowledgements, relative to the project."""
    policy_packs: tuple[str, ...] = ()
    """Policy packs that every preview runs, relative to the project."""
    ignore: tuple[Ignore, ...] = ()
    """Differences that are noise."""

    @field_validator("classes")
    @classmethod
    def _rules_exist(cls, classes: dict[str, dict[Kind, Class]]) -> dict[str, dict[Kind, Class]]:
        unknown = sorted(classes.keys() - RULES.keys())
        if unknown:
            raise ValueError(f"no such rule: {', '.join(unknown)}; see `longshore review rules`")
        return classes

    @field_validator("acknowledgements")
    @classmethod
    def _inside(cls, path: str) -> str:
        if path.startswith("/") or ".." in path.split("/"):
            raise ValueError("should be a path inside the project")
        return path

    def surroundings(self, stack: str, today: date, environment: str = "") -> Surroundings:
        """Return what the rules are to know about a stack. `environment`: named by hand, instead of the settings'."""
        return Surroundings(
            environment=environment or self.environments.get(stack, stack),
            today=today,
            thresholds=self.thresholds,
            classes={rule: _severities(kinds) for rule, kinds in self.classes.items()},
        )


def parse(text: str | None, where: str = FILE) -> Settings:
    """Return the settings in a file's text; those of a project without the file when there is none.

    Raises ReviewError with every problem at once, each with file, path and a way out.
    """
    if text is None:
        return Settings()
    try:
        content = YAML(typ="safe").load(text)
    except YAMLError as error:
        raise ReviewError(where, f"is not YAML: {error}", "mend the syntax") from None
    try:
        return Settings.model_validate({} if content is None else content)
    except ValidationError as error:
        problems = from_validation(error, Settings)
    fix = "review/settings.schema.json describes every key"
    raise ReviewError("", "\n".join(_told(each, where) for each in problems), fix)


def schema() -> str:
    """Return the JSON schema as it is committed in review/settings.schema.json."""
    return json.dumps(Settings.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _severities(kinds: dict[Kind, Class]) -> dict[str, Severity]:
    return {kind: Severity[each.upper()] for kind, each in kinds.items()}


def _told(problem: Problem, where: str) -> str:
    hint = f" ({problem.fix})" if problem.found == "unknown key" else ""
    return f"{where}: {problem.path or '(the file)'}: {problem.found}{hint}"
