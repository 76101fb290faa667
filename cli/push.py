"""`longshore push`: from a Dockerfile to a running service, in one command."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli import engine, pulumi
from cli.root import ROOT, Stack, stack_file
from images import build
from images.build import Source
from images.pushed import Place, place, tag_of
from lab import workbench
from lab.environment import owns
from review import settings
from review.rules.classes import kind_of
from spec.errors import LongshoreError

Context = Annotated[Path, typer.Argument(help="The folder that the image is built from.")]
Service = Annotated[
    str | None, typer.Option(help="The service it is for; by default the one of the folder's name, or the only one.")
]
Dockerfile = Annotated[str, typer.Option("--file", help="The Dockerfile, relative to the folder.")]
Arguments = Annotated[
    list[str] | None, typer.Option("--build-arg", help="NAME=VALUE for the Dockerfile's ARG; may be repeated.")
]
Force = Annotated[bool, typer.Option("--force", help="Push to a stack that doesn't count as development, too.")]


def push(
    path: Context = Path(),
    stack: Stack = "lab",
    service: Service = None,
    file: Dockerfile = "Dockerfile",
    build_arg: Arguments = None,
    force: Force = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Build an image, push it, and run it by its digest. On "no", and when the preview fails, nothing has changed."""
    given = _arguments(build_arg or [])
    source = Source(path, file, given)
    source.check()
    _refuse_production(stack, force)
    goal, phases = place(stack_file(stack), service, path.resolve().name), Phases()
    image = _published(stack, source, goal, phases)
    with goal.holding(image) as change:
        with phases("preview"):
            code = engine.look(stack)
        if code:
            raise LongshoreError(f"stack {stack}", "the preview failed", "mend it; the stack file is as it was")
        if not yes and not typer.confirm(f"Run {goal.service} with {image}?"):
            typer.echo("the stack file is as it was")
            raise typer.Exit(1)
        change.keep()
    try:
        with phases("update"):
            engine.apply(stack, refresh=False, yes=True, previewed=True)
    finally:
        typer.echo(f"{goal.service}: {image}, before: {goal.image}")
        typer.echo(phases.summary())


def _published(stack: str, source: Source, goal: Place, phases: Phases) -> str:
    """Build and push; return how the stack file names the image."""
    environment = pulumi.environment_of(stack)
    repository = goal.repository
    if owns(stack):
        source = Source(source.context, source.dockerfile, {**workbench.build_arguments(), **source.arguments})
        repository = workbench.repository_here(repository)
    with build.engine(environment) as client:
        with phases("build"):
            made = build.build(client, source, lambda line: typer.echo(f"  {line}"))
        with phases("push"):
            digest = build.push(client, made, repository, tag_of(made))
    return goal.reference(made, digest)


def _arguments(given: list[str]) -> dict[str, str]:
    wrong = [each for each in given if "=" not in each]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]!r} is not NAME=VALUE", param_hint="--build-arg")
    return dict(each.split("=", 1) for each in given)


def _refuse_production(stack: str, force: bool) -> None:
    """Raise LongshoreError for a stack past development: what nobody has reviewed isn't for it."""
    file = ROOT / settings.FILE
    own = settings.parse(file.read_text() if file.exists() else None).environments
    kind = kind_of(own.get(stack, stack))
    if kind != "dev" and not force and not owns(stack):
        fix = f"release it, or say that it is one: `environments: {{{stack}: dev}}` in {settings.FILE}; or --force"
        raise LongshoreError(f"stack {stack}", f"counts as {kind}; push is for development", fix)


class Phases:
    """How long each phase took."""

    def __init__(self) -> None:
        self._took: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time a phase and say that it begins."""
        typer.echo(f"{name} ...")
        start = time.monotonic()
        try:
            yield
        finally:
            self._took[name] = time.monotonic() - start

    def summary(self) -> str:
        """Return all phases in one line, in seconds."""
        each = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self._took.items())
        return f"took {sum(self._took.values()):.1f} s: {each}"
