"""Compose files written into a folder, and what a stack would take from them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from spec.compose.project import Project, project
from spec.compose.reference import ComposeSpec
from spec.errors import SpecError


def taken(folder: Path, *contents: str, **variables: str) -> Project:
    """Write each content as a file of its own, and read them all."""
    return chosen(folder, (), *contents, **variables)


def chosen(folder: Path, profiles: tuple[str, ...], *contents: str, **variables: str) -> Project:
    """Do so with some profiles on."""
    names = []
    for index, content in enumerate(contents):
        name = f"compose.{index}.yaml" if index else "compose.yaml"
        (folder / name).write_text(dedent(content))
        names.append(name)
    return project(ComposeSpec(files=tuple(names), profiles=profiles, variables=variables), folder)


def service(folder: Path, body: str, **variables: str) -> dict[str, Any]:
    """Return what becomes of one service `web` with these keys, image and network left out."""
    lines = [
        "services:",
        "  web:",
        "    image: r.test/web",
        *(f"    {line}" for line in dedent(body).strip().splitlines()),
    ]
    found = taken(folder, "\n".join(lines), **variables).sections["services"]["web"]
    return {key: value for key, value in found.items() if (key, value) not in EVERYWHERE}


EVERYWHERE = (("image", "r.test/web"), ("networks", ["default"]))


def refusal(folder: Path, *contents: str, **variables: str) -> str:
    with pytest.raises(SpecError) as caught:
        taken(folder, *contents, **variables)
    return str(caught.value)


def refused_service(folder: Path, body: str, **variables: str) -> str:
    with pytest.raises(SpecError) as caught:
        service(folder, body, **variables)
    return str(caught.value)
