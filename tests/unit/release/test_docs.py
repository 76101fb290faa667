"""What docs/release.md claims is what the code does."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import typer

from cli.release import VERBS, release
from release.gates import NAMES
from release.schema import Noun
from tests.conftest import ROOT
from tests.releases import declared

PAGE = (ROOT / "docs" / "release.md").read_text()
README = (ROOT / "README.md").read_text()


def test_the_environments_that_it_shows_are_ones() -> None:
    block = re.search(r"\n\n((?:    .*\n|\n)+)", PAGE[PAGE.index("## The environments") :])
    assert block
    shown = declared(textwrap.dedent(block[1]))
    assert shown.order() == ("dev", "staging", "prod")
    assert shown.environments["prod"].all_stacks == ("prod-eu-1", "prod-eu-2", "prod-us-1")
    assert shown.freezes_of("dev")[0].reason == "the holidays"


def test_every_gate_is_in_its_table_in_the_order_they_are_shown_in() -> None:
    table = re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE)
    assert sorted(table) == sorted(NAMES)


def test_every_verb_is_told_of() -> None:
    told = PAGE + (ROOT / "docs" / "release-apply.md").read_text()
    for verb in VERBS:
        assert f"longshore release {verb.__name__}" in told, verb.__name__
        assert re.search(rf"release [^\n]*\b{verb.__name__}\b", README), verb.__name__


def test_every_option_that_it_shows_exists() -> None:
    lines = re.findall(r"longshore release (\w+)([^\n`]*)", PAGE + (ROOT / "docs" / "release-apply.md").read_text())
    group: Any = typer.main.get_command(release)
    assert len(lines) > 20
    for verb, rest in lines:
        known = {name for each in group.commands[verb].params for name in each.opts}
        shown = set(re.findall(r"--[a-z-]+", rest.partition("&&")[0]))
        assert shown <= known, verb


def test_the_schemas_are_named() -> None:
    for noun in Noun:
        assert f"{noun}.schema.json" in PAGE
