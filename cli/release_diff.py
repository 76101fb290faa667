"""`longshore release diff`: two environments, or two releases."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from cli.console import console
from cli.release_common import Json, project, put
from cli.root import ROOT, stack_file
from release import contents, lock, releases
from release.contents import Step
from release.difference import Difference, Kind, differences, told, unexpected
from release.repository import Repository
from spec.environments import Environments
from spec.errors import ReleaseError
from spec.load import written
from spec.release import Release

Left = Annotated[str, typer.Argument(metavar="LEFT", help="An environment, or a release.")]
Right = Annotated[str, typer.Argument(metavar="RIGHT", help="Another one of its kind.")]
Every = Annotated[bool, typer.Option("--all", help="Also what is expected to differ.")]

EXIT_UNEXPECTED = 7
"""The exit code when a key exists in one environment only, or has another type, and nobody said that it may."""


def diff(left: Left, right: Right, every: Every = False, as_json: Json = False) -> None:
    """Show what differs, without what is expected to. Exit code: 7 for a key of one side only, or of another type."""
    repository, known = project()
    named = [each for each in (left, right) if each in known.environments]
    if len(named) == 1:
        other = right if named == [left] else left
        fix = f"environments: {', '.join(known.environments)}; releases: `longshore release log`"
        raise ReleaseError(f"diff {left} {right}", f"{named[0]} is an environment, and {other} is none", fix)
    if named:
        _environments(known, left, right, every, as_json)
    else:
        _releases(repository, releases.load(ROOT, left), releases.load(ROOT, right), as_json)


def _environments(known: Environments, left: str, right: str, every: bool, as_json: bool) -> None:
    pairs = _pairs(known, left, right)
    found = [(pair, _compared(known, left, right, pair)) for pair in pairs]
    steps = {pair: _steps(*pair) for pair in pairs}
    if as_json:
        put([_data(pair, each, steps[pair]) for pair, each in found])
    else:
        for pair, each in found:
            _show(pair, each, steps[pair], every)
    strange = [each for _, some in found for each in unexpected(some) if each.kind is not Kind.VALUE]
    raise typer.Exit(EXIT_UNEXPECTED if strange else 0)


def _pairs(known: Environments, left: str, right: str) -> list[tuple[str, str]]:
    """Return the stacks side by side, in their order. Raises ReleaseError when one side has more."""
    sides = [known.environments[each].all_stacks for each in (left, right)]
    if len(sides[0]) != len(sides[1]):
        found = f"{left} has {len(sides[0])} stacks, {right} {len(sides[1])}"
        raise ReleaseError(f"diff {left} {right}", found, "compare environments that are made of the same stacks")
    return list(zip(*sides, strict=True))


def _compared(known: Environments, left: str, right: str, pair: tuple[str, str]) -> tuple[Difference, ...]:
    allowed = (*known.environments[left].differs, *known.environments[right].differs)
    one, other = (written(stack_file(stack.rpartition("/")[2])) for stack in pair)
    return differences(one, other, allowed, all(lock.locked(ROOT, stack) for stack in pair))


def _steps(left: str, right: str) -> tuple[Step, ...]:
    """Return what differs between the releases of two stacks; nothing unless both have one."""
    ids = [lock.locked(ROOT, stack) for stack in (left, right)]
    if not all(ids) or ids[0] == ids[1]:
        return ()
    one, other = (releases.load(ROOT, str(each)) for each in ids)
    return (Step(what="release", before=one.id, after=other.id), *contents.differences(one, other))


def _data(pair: tuple[str, str], found: tuple[Difference, ...], steps: tuple[Step, ...]) -> dict[str, Any]:
    keys = [each.model_dump(mode="json") for each in found]
    return {"left": pair[0], "right": pair[1], "keys": keys, "release": [each.model_dump() for each in steps]}


def _show(pair: tuple[str, str], found: tuple[Difference, ...], steps: tuple[Step, ...], every: bool) -> None:
    shown = found if every else tuple(unexpected(found))
    table = Table("what", "key", *pair, box=None, pad_edge=False)
    for step in steps:
        table.add_row("release", step.what, step.before, step.after)
    for each in shown:
        kind = f"{each.kind}{' (expected)' if each.is_expected else ''}"
        table.add_row(kind, each.path, *told(each))
    if table.row_count:
        console().print(table, markup=False)
    hidden = len(found) - len(shown)
    count = f"{len(shown)} unexpected, {hidden} expected and hidden" if not every else f"{len(shown)} in all"
    typer.echo(f"{pair[0]} and {pair[1]} differ in {len(found)} keys: {count}")


def _releases(repository: Repository, left: Release, right: Release, as_json: bool) -> None:
    steps = contents.differences(left, right)
    known = repository.has(left.commit) and repository.has(right.commit)
    commits = repository.between(left.commit, right.commit) if known else ()
    if as_json:
        put({"left": left.id, "right": right.id, "steps": [each.model_dump() for each in steps], "commits": commits})
        return
    for line in contents.lines(steps) or ["nothing but when it was cut"]:
        typer.echo(line)
    for subject in commits:
        typer.echo(f"  {subject}")
