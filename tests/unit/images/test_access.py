from pathlib import Path
from typing import Any

import pytest

from images.access import Access
from images.reference import parse
from spec.errors import ImageError
from tests.specs import stack
from tests.unit.images.server import PASSWORD, USER, registry


@pytest.fixture(autouse=True)
def no_docker_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))


def access(root: Path, registries: dict[str, Any], asked: list[str]) -> Access:
    def config() -> dict[str, Any]:
        asked.append("config")
        return {"longshore:registries": registries}

    return Access(stack({"registries": registries}), config, root)


def test_the_stacks_password_is_decrypted_only_for_its_registry(tmp_path: Path) -> None:
    asked: list[str] = []
    with registry(auth="basic") as held, registry() as other:
        mine = access(tmp_path, {held.host: {"user": USER, "password": PASSWORD}}, asked)
        mine.connect(other.host)
        assert asked == []
        digest = held.image("web", [], "1")
        for _ in range(2):
            assert mine.connect(held.host).resolve(parse(f"{held.host}/web:1")) == digest
        assert asked == ["config"]


def test_the_stacks_command_is_run_for_its_registry(tmp_path: Path) -> None:
    with registry(auth="bearer") as held:
        mine = access(tmp_path, {held.host: {"user": USER, "command": ["echo", PASSWORD]}}, [])
        digest = held.image("web", [], "1")
        assert mine.connect(held.host).resolve(parse(f"{held.host}/web:1")) == digest


def test_without_a_stack_dockers_own_login_is_all_there_is(tmp_path: Path) -> None:
    with registry(auth="basic") as held, pytest.raises(ImageError, match="there are none"):
        Access(None, dict, tmp_path).connect(held.host).resolve(parse(f"{held.host}/web:1"))
