"""`longshore push`: what is done in which order, and that nothing stays changed without a yes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli import main
from cli import push as verb
from tests.unit.images.test_pushed import DIGEST, SERVICES
from tests.unit.upkeep.stacks import TEXT

RUN = CliRunner()
NEW = f"r.test:5000/shop/web:push-0123456789ab@{DIGEST}"


class World:
    """Everything that push does to the world, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "stacks" / "Pulumi.dev.yaml"
        self.done: list[str] = []
        self.preview = 0
        self.update = 0

    @contextmanager
    def engine(self, environment: dict[str, str]) -> Iterator[str]:
        yield environment["DOCKER_HOST"]

    def build(self, client: str, source: Any, say: Any) -> str:
        say("Step 1/1")
        self.done.append(f"build {source.dockerfile} {dict(source.arguments)} on {client}")
        return "sha256:0123456789abcdef"

    def push(self, _client: str, _image: str, repository: str, tag: str) -> str:
        self.done.append(f"push {repository}:{tag}")
        return DIGEST

    def look(self, stack: str) -> int:
        self.done.append(f"preview {stack} with {'new' if NEW in self.file.read_text() else 'old'}")
        return self.preview

    def apply(self, stack: str, refresh: bool, yes: bool, previewed: bool) -> None:
        assert (refresh, yes, previewed) == (False, True, True)
        self.done.append(f"update {stack}")
        if self.update:
            raise typer.Exit(self.update)

    def run(self, *arguments: str, answer: str = "") -> Any:
        return RUN.invoke(main.app, ["push", str(self.folder / "web"), *arguments], input=answer)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    for folder in ("web", "stacks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "web" / "Dockerfile").write_text("FROM scratch\n")
    made.file.write_text(TEXT + SERVICES)
    monkeypatch.setattr(verb, "ROOT", tmp_path)
    monkeypatch.setattr(verb, "stack_file", lambda stack: tmp_path / "stacks" / f"Pulumi.{stack}.yaml")
    monkeypatch.setattr(verb, "owns", lambda _: False)
    monkeypatch.setattr("cli.pulumi.environment_of", lambda _: {"DOCKER_HOST": "unix:///e"})
    for name in ("engine", "build", "push"):
        monkeypatch.setattr(f"images.build.{name}", getattr(made, name))
    for name in ("look", "apply"):
        monkeypatch.setattr(f"cli.engine.{name}", getattr(made, name))
    return made


def test_one_command_builds_pushes_previews_and_applies(world: World) -> None:
    result = world.run("-s", "dev", "--yes", "--build-arg", "V=1=2")
    assert result.exit_code == 0, result.output
    assert world.done == [
        "build Dockerfile {'V': '1=2'} on unix:///e", "push r.test:5000/shop/web:push-0123456789ab",
        "preview dev with new", "update dev",
    ]  # fmt: skip
    assert NEW in world.file.read_text()
    assert f"web: {NEW}, before: r.test:5000/shop/web:1.0" in result.output
    assert [word for word in result.output.split("took")[1].split() if word.isalpha() and word != "s"][-1] == "update"


def test_yes_is_asked_for(world: World) -> None:
    assert world.run("-s", "dev", answer="y\n").exit_code == 0
    assert world.done[-1] == "update dev"


@pytest.mark.parametrize(("answer", "preview"), [("n\n", 0), ("", 0), ("y\n", 255)])
def test_without_a_yes_or_a_good_preview_the_file_is_as_it_was(world: World, answer: str, preview: int) -> None:
    world.preview = preview
    result = world.run("-s", "dev", answer=answer)
    assert result.exit_code == 1
    assert world.done[-1] == "preview dev with new"
    assert world.file.read_text() == TEXT + SERVICES


def test_an_update_that_fails_keeps_the_declaration_and_says_what_was_before(world: World) -> None:
    world.update = 255
    result = world.run("-s", "dev", "--yes")
    assert result.exit_code == 255
    assert NEW in world.file.read_text()
    assert "before: r.test:5000/shop/web:1.0" in result.output


def test_what_counts_as_production_is_refused_unless_forced(world: World) -> None:
    world.file.rename(world.file.with_name("Pulumi.shop.yaml"))
    world.file = world.file.with_name("Pulumi.shop.yaml")
    refused = world.run("-s", "shop", "--yes")
    assert (refused.exit_code, world.done) == (1, [])
    assert "counts as prod; push is for development" in str(refused.exception)
    assert world.run("-s", "shop", "--yes", "--force").exit_code == 0
    (world.folder / ".review.yaml").write_text("environments: {shop: dev}\n")
    assert world.run("-s", "shop", "--yes").exit_code == 0


def test_a_stack_of_the_lab_builds_on_its_base_and_pushes_by_the_loopback(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "owns", lambda _: True)
    monkeypatch.setattr("lab.workbench.build_arguments", lambda: {"BASE": "lab/sample:1"})
    monkeypatch.setattr("lab.workbench.repository_here", lambda name: name.replace("r.test:5000", "127.0.0.1:3"))
    assert world.run("-s", "dev", "--yes").exit_code == 0
    assert world.done[0] == "build Dockerfile {'BASE': 'lab/sample:1'} on unix:///e"
    assert world.done[1] == "push 127.0.0.1:3/shop/web:push-0123456789ab"
    assert NEW in world.file.read_text(), "nodes know the registry by its own name"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [(["--build-arg", "V"], 2, "is not NAME=VALUE"), (["--file", "none"], 1, "is no file"),
     (["--service", "wbe"], 2, "has no `wbe`")],
)  # fmt: skip
def test_mistakes_are_told_before_anything_is_done(world: World, arguments: list[str], code: int, said: str) -> None:
    result = world.run("-s", "dev", *arguments)
    assert getattr(result.exception, "exit_code", result.exit_code) == code
    assert said in result.output + str(result.exception)
    assert world.done == []
